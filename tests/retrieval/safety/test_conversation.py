"""After a told emergency, what is still about it is answered with it; what is not, or comes after relief, is not."""

from __future__ import annotations

import pytest

from corpus.bank import read_wordings
from corpus.common.settings import ROOT
from retrieval.safety import emergency, ongoing
from retrieval.safety.conversation import RECENT

TOLD = "my son is having a seizure right now"
OTHER = "how is hypomagnesemia diagnosed"


@pytest.mark.parametrize(
    "message",
    [
        "what do I do?",
        "it's been 5 minutes",
        "should I wait?",
        "its been ten minutes",
        "still going",
        "hello?",
        "???",
        "should i put a spoon between his teeth",
        "help",
        "help me please",
        "do i call an ambulance",
        "ok I called them",
        "can I give him water?",
        "should I put a ruler in his mouth?",
        "his legs are so stiff",
        "it stopped",
        "yes",
        "can I talk to a real person?",
    ],
)
def test_what_is_still_about_it_gets_it_again(message: str) -> None:
    found = ongoing(message, ["hello", TOLD])
    assert found is not None
    assert found.sign == "seizure_now"
    assert ongoing(message, []) is None
    assert ongoing(message, [OTHER]) is None


@pytest.mark.parametrize(
    "message",
    [
        "thanks, he's fine now. what are symptoms of low magnesium?",
        "thanks, he is fine now",
        "thank you",
        "false alarm, sorry",
        "he's ok now thank god",
        "what are the symptoms of low magnesium?",
        "can low magnesium cause seizures?",
        "what is the treatment?",
        "who are you?",
        "",
        "\u200b",
        "wait " * 61,
    ],
)
def test_another_topic_is_answered_for_itself(message: str) -> None:
    assert ongoing(message, [TOLD]) is None


def test_relief_ends_it() -> None:
    assert ongoing("what should I do?", [TOLD, "he is fine now"]) is None
    assert ongoing("what should I do?", [TOLD, "false alarm"]) is None
    assert ongoing("what should I do?", [TOLD, "thanks. i was just testing"]) is None
    assert ongoing("what should I do?", ["he is fine now", TOLD]) is not None
    assert ongoing("what should I do?", [TOLD, "is he fine now?"]) is not None


@pytest.mark.parametrize(
    "message",
    [
        "what do I do until it is over?",
        "I don't think he is ok",
        "how do I know he is ok?",
        "I hope she is safe",
        "thank god you are here, he is still shaking",
        "it is not over",
    ],
)
def test_what_is_hoped_or_asked_is_no_relief(message: str) -> None:
    assert ongoing("what should I do?", [TOLD, message]) is not None


def test_somebody_in_fear_says_more() -> None:
    message = "I don't know what to do he just keeps going please tell me what I should do now"
    assert ongoing(message, [TOLD]) is not None


def test_it_is_past_after_some_messages_on_something_else() -> None:
    assert ongoing("should I wait?", [TOLD, *[OTHER] * (RECENT - 1)]) is not None
    assert ongoing("should I wait?", [TOLD, *[OTHER] * RECENT]) is None
    assert ongoing("should I wait?", [TOLD, *["ok"] * 19]) is not None


def test_the_last_one_told_is_the_one() -> None:
    found = ongoing("what next?", [TOLD, "she took 40 pills"])
    assert found is not None
    assert found.sign == "overdose"


def test_few_questions_on_the_article_are_taken_for_a_follow_up() -> None:
    """Of all wordings of the bank; most of the few taken are on seizures and somebody ("seizures while asleep")."""
    asked = read_wordings(sorted((ROOT / "corpus" / "questions").glob("*/*.md")))
    taken = [question for question in asked if emergency(question) is None and ongoing(question, [TOLD])]
    assert asked
    assert len(taken) <= 0.02 * len(asked), len(taken)
