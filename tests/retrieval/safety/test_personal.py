"""A decision about one person is told apart from a question that only says "I" or "my"."""

import pytest

from retrieval.safety import personal
from tests.retrieval.sentences import held_out, messages, read_sentences

PERSONAL = read_sentences("personal.txt")


def test_held_out_decisions_are_recognised_and_held_out_general_questions_left_alone() -> None:
    decisions = held_out("held_out_personal.txt")
    missed = [message for message in decisions if personal(message) is None]
    assert len(missed) <= 0.03 * len(decisions), missed
    assert [message for message in held_out("held_out_general.txt") if personal(message)] == []


def test_of_the_development_decisions_the_phrases_recognise_89_in_100() -> None:
    missed = [message for _, message in PERSONAL if personal(message) is None]
    assert len(missed) <= 0.11 * len(PERSONAL), missed


@pytest.mark.parametrize("file", ["general.txt", "smalltalk.txt"])
def test_general_questions_are_left_alone(file: str) -> None:
    assert [message for message in messages(file) if personal(message)] == []


def test_the_kind_of_decision_is_nearly_always_the_one_meant() -> None:
    found = [(meant, personal(message), message) for meant, message in PERSONAL]
    kinds = [(meant, asked.decision, message) for meant, asked, message in found if asked is not None]
    wrong = [kind for kind in kinds if kind[0] != kind[1]]
    assert len(wrong) <= 0.12 * len(kinds), wrong


@pytest.mark.parametrize(
    ("message", "decision"),
    [
        ("how much magnesium should I take?", "dose"),
        ("can I stop taking my epilepsy tablets", "stop"),
        ("should my daughter take magnesium supplements", "start"),
        ("can I take magnesium with Keppra", "combine"),
        ("do I have low magnesium?", "diagnosis"),
        ("my magnesium is 1.4, is that bad?", "result"),
        ("can I drive with low magnesium", "fitness"),
        ("I have cramps and tremors. Is it low magnesium?", "diagnosis"),
    ],
)
def test_kinds(message: str, decision: str) -> None:
    found = personal(message)
    assert found is not None
    assert found.decision == decision


@pytest.mark.parametrize(
    ("general", "about_one"),
    [
        ("how much magnesium does the body need", "how much magnesium does my son need"),
        ("what should I know about magnesium", "should I take magnesium"),
        ("how do I know if I have low magnesium", "do I have low magnesium"),
        ("is low magnesium dangerous for the heart", "is low magnesium dangerous for my mother"),
        ("can people stop their medication", "can I stop my medication"),
        ("what level of magnesium is too low", "my magnesium level is 1.2"),
        ("when should I see a doctor", "should I see a doctor"),
    ],
)
def test_who_decides_what_is_the_difference(general: str, about_one: str) -> None:
    assert personal(general) is None
    assert personal(about_one) is not None
