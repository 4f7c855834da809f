"""Every sentence the product itself says in an answer, in one place, ready for translation.

Whatever an article says is quoted, never worded here. (For danger: `retrieval.safety.safety_texts`.)
"""

from __future__ import annotations

from collections.abc import Sequence

DISCLAIMER = (
    "This is an automatic search of one article, not medical advice. "
    "Ask a doctor or pharmacist before you decide anything."
)
EMERGENCY_DISCLAIMER = "This is an automatic search of one article; it cannot get help. Do not wait for it."
NOT_SAID = "The article does not say this."
NEAREST = "The nearest it says is:"
NOT_COVERED = "The article does not answer this."
TOO_LONG = "This question is too long: {length:,} characters, at most {most:,} are read. Please ask it in fewer words."
EMPTY = "There is no question yet. Please type one, for example: {example}"
NO_SUBJECT = "Please say what you would like to know about, for example: {example}"
NOT_TEXT = "A question must be text. Please send it as a string."
EXAMPLE = "What is this article about?"
ONLY_QUOTES = "I can only look questions up in this article and quote what it says."


def related(words: Sequence[str]) -> str:
    """Say once that the article does not say it, by the words it lacks where there are any, and announce a quote."""
    return f"{f'The article does not mention {join(words)}.' if words else NOT_SAID} {NEAREST}"


def not_covered(words: Sequence[str]) -> str:
    """Say that the article does not answer, and which words of the question nothing was found on."""
    return f"{NOT_COVERED} It does not mention {join(words)}." if words else NOT_COVERED


def join(words: Sequence[str]) -> str:
    """Put words together as a sentence would."""
    shown = [f"“{word}”" for word in words]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
