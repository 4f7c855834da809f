"""Small talk is small talk only as a whole message."""

import pytest

from retrieval.safety import smalltalk
from tests.retrieval.sentences import messages, read_sentences

SMALL_TALK = read_sentences("smalltalk.txt")


@pytest.mark.parametrize(("kind", "message"), SMALL_TALK)
def test_kinds(kind: str, message: str) -> None:
    found = smalltalk(message)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize("file", ["not_smalltalk.txt", "personal.txt", "emergencies.txt", "not_injections.txt"])
def test_questions_are_not_small_talk(file: str) -> None:
    assert [message for message in messages(file) if smalltalk(message)] == []


@pytest.mark.parametrize("message", ["", "   ", "?", "...", "🧲", "\u200b"])
def test_nothing_said_is_not_small_talk(message: str) -> None:
    assert smalltalk(message) is None
