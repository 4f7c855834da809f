"""Every word of the page itself, in one place and ready for translation. Answers bring their own words."""

from __future__ import annotations

from retrieval.result import AnswerKind

LANGUAGE = "en"
TITLE = "Ask the Article"
WHAT_THIS_IS = "An automatic search of one article. Not a person, and not medical advice."
WHAT_THIS_IS_MANY = "An automatic search of {count} articles. Not a person, and not medical advice."

TALK = "Conversation"
ASK_LABEL = "Your question"
ASK_PLACEHOLDER = "Your question…"
ASK = "Ask"
START_AGAIN = "Start again"
BUSY = "Searching the article…"
FAILED = "The answer did not arrive. Your question is still in the box: please try again."
MANY_ASK = "Very many questions are arriving. Yours is still in the box: please try again in {seconds} seconds."

OUTDATED = "The article was changed while this page was open. Reload the page to see where the quotes stand."

WELCOME = "What would you like to know?"
WELCOME_TEXT = (
    "You get the article’s own words, and the place where they stand. If it does not say, you are told so. "
    "What you type is not stored."
)
STARTERS = "Good first questions"

ARTICLE = "The article"
OPEN_ARTICLE = "Read the article"
CLOSE_ARTICLE = "Close the article"
BACK_TO_ANSWER = "Back to the answer"
CONTENTS = "Contents"
QUESTION_MARK = "Q"
ANSWER_MARK = "A"

ABOUT_SOURCE = "About it"
SOURCE_FIELDS = {  # what the front matter tells, in the order shown
    "kind": "Kind of source",
    "author": "Author",
    "publisher": "Publisher",
    "address": "Address",
    "saved": "Saved",
    "reviewed": "Last reviewed",
}
UNKNOWN_LIST = "Unknown: {fields}."
UNKNOWN_IN_BRIEF = {"author": ("author",), "publisher": ("publisher",), "dates": ("saved", "reviewed")}  # by fields
SOURCES_MANY = "{count} sources."
NOT_STATED = "not stated"
CAUTION = "Caution"

LEAD = {
    AnswerKind.ANSWER: "The article says:",
    AnswerKind.RELATED: "The article does not say this. The nearest it says is:",
    AnswerKind.NOT_COVERED: "The article does not cover this.",
    AnswerKind.PERSONAL: "This is a question for a doctor or pharmacist who knows you.",
    AnswerKind.EMERGENCY: "If someone is in danger now, get help first.",
    AnswerKind.SMALLTALK: "Ask me something about the article.",
    AnswerKind.INVALID: "Please ask a question about the article.",
}
IN_GENERAL = "In general, the article says:"  # between what is said to one person and what is quoted
LABEL = {
    AnswerKind.RELATED: "Nearest in the article",
    AnswerKind.NOT_COVERED: "Not in the article",
    AnswerKind.PERSONAL: "Ask a professional",
    AnswerKind.EMERGENCY: "This may be an emergency",
    AnswerKind.INVALID: "Please check your question",
}
YOU_ASKED = "You asked:"
NOTHING_TYPED = "(nothing typed)"
SEARCHED_FOR = "Searched for:"
CALL_ONE = "Call {number}"
QUOTE = "Quote {number}"
SHOW_QUOTE = "Show quote {number} in the article"
SHOW = "Show in the article"
COPY = "Copy"
COPY_QUOTE = "Copy quote {number} and its source"
COPIED = "Copied"
LINK = "Copy link"
LINK_TO_QUOTE = "Copy a link to quote {number} in the article"
LINK_COPIED = "Link copied"
COPY_FAILED = "Copying is not allowed here"
SUGGESTIONS = "The article also answers"
SUGGESTIONS_INSTEAD = "The article does answer"
SUGGESTIONS_FIRST = "You could ask"

WHY = "Why this?"
HOW_SURE = "How sure is this?"
SOURCES = "Passages looked at, best first. Words that match your question are underlined."
CERTAINTY = (  # from the surest down: the least confidence it takes, and the words for it
    (0.85, "Very sure that the article speaks of this."),
    (0.65, "Fairly sure that the article speaks of this."),
    (0.4, "Not very sure that the article speaks of this. Read the passage yourself."),
    (0.0, "Not sure at all that the article speaks of this."),
)
STRENGTH = (  # the least share of the question's words the passage answers to
    (0.75, "strong word match"),
    (0.45, "fair word match"),
    (0.0, "weak word match"),
)

FEEDBACK = "Was this right?"
RATINGS = {"helpful": "Helpful", "not_helpful": "Not helpful", "wrong_place": "Wrong place"}
FEEDBACK_STORED = (
    "If you choose one, the question, the kind of answer, where the quotes stand, your choice and the versions in use "
    "are stored. The rest of the conversation and your address are not."
)
FEEDBACK_THANKS = "Thank you. Stored."
FEEDBACK_FAILED = "This could not be stored."


FOR_SCRIPT = {
    "talk": TALK,
    "failed": FAILED,
    "manyAsk": MANY_ASK,
    "outdated": OUTDATED,
    "copied": COPIED,
    "linkCopied": LINK_COPIED,
    "copyFailed": COPY_FAILED,
    "thanks": FEEDBACK_THANKS,
    "feedbackFailed": FEEDBACK_FAILED,
}
