"""Orders to the machine and code are kept apart from questions with the same words."""

import pytest

from retrieval.safety import injection
from tests.retrieval.sentences import messages

HONEST = ["not_injections.txt", "general.txt", "personal.txt", "informational.txt", "emergencies.txt", "smalltalk.txt"]


@pytest.mark.parametrize("message", messages("injections.txt"))
def test_attacks_are_seen(message: str) -> None:
    assert injection(message) is True


@pytest.mark.parametrize("file", HONEST)
def test_honest_messages_pass(file: str) -> None:
    assert [message for message in messages(file) if injection(message)] == []


@pytest.mark.parametrize(
    ("message", "attack"),
    [
        ("<b></b><i></i>", True),
        ("&nbsp;&lt;&gt;", True),
        ("<b>what is magnesium?</b>", False),
        ("is 1 < 2 and 3 > 2?", False),
        ("", False),
    ],
)
def test_markup_counts_only_without_words(message: str, attack: bool) -> None:
    assert injection(message) is attack
