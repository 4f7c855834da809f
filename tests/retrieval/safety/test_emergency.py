"""People in danger are heard; people who ask, remember or joke are not given an alarm."""

from collections.abc import Callable

import pytest

from retrieval.safety import SIGNS, emergency
from tests.retrieval.sentences import held_out, messages, read_sentences

EMERGENCIES = read_sentences("emergencies.txt")
CALM = ["informational.txt", "general.txt", "personal.txt", "smalltalk.txt", "injections.txt", "not_injections.txt"]


def test_held_out_emergencies_are_caught_and_held_out_questions_raise_no_alarm() -> None:
    missed = [message for message in held_out("held_out_emergencies.txt") if emergency(message) is None]
    alarmed = [message for message in held_out("held_out_calm.txt") if emergency(message)]
    assert missed == []
    assert alarmed == []


def test_of_the_development_emergencies_the_phrases_catch_97_in_100() -> None:
    missed = [message for _, message in EMERGENCIES if emergency(message) is None]
    assert len(missed) <= 0.03 * len(EMERGENCIES), missed


@pytest.mark.parametrize("file", CALM)
def test_no_calm_message_raises_an_alarm(file: str) -> None:
    assert [message for message in messages(file) if emergency(message)] == []


def test_the_sign_named_is_nearly_always_the_one_meant() -> None:
    found = [(sign, emergency(message), message) for sign, message in EMERGENCIES if sign in SIGNS]
    meant = [(sign, caught, message) for sign, caught, message in found if caught is not None]
    wrong = [(sign, message) for sign, caught, message in meant if sign not in caught.signs]
    assert len(wrong) <= 0.06 * len(meant), wrong


@pytest.mark.parametrize(
    "change", [str.upper, str.title, lambda text: text.replace("'", ""), lambda text: f"{text}!!!"]
)
def test_neither_capitals_nor_apostrophes_nor_marks_matter(change: Callable[[str], str]) -> None:
    caught = [message for _, message in EMERGENCIES if emergency(message)]
    missed = [message for message in caught if emergency(change(message)) is None]
    assert len(missed) <= 0.01 * len(caught), missed


@pytest.mark.parametrize(
    "message",
    [
        "my son is having a siezure",
        "she is unconcious",
        "he overdosd",
        "he wont stop convulsng",
        "call an ambulence now",
    ],
)
def test_slips_of_the_pen_do_not_matter(message: str) -> None:
    assert emergency(message)


def test_hidden_characters_do_not_hide_an_emergency() -> None:
    assert emergency("he is not br\u200beath\u00ading")


@pytest.mark.parametrize(
    ("message", "first_aid"),
    [
        ("my son is shaking and won't wake up", True),
        ("she's been fitting for ten minutes", True),
        ("took 40 tablets of magnesium", False),
        ("i want to die", False),
    ],
)
def test_seizure_first_aid_belongs_with_seizures(message: str, first_aid: bool) -> None:
    found = emergency(message)
    assert found is not None
    assert found.seizure_first_aid is first_aid


@pytest.mark.parametrize(
    ("calm", "alarm"),
    [
        ("can low magnesium cause chest pain", "i have chest pain, can low magnesium cause it"),
        ("what if someone is not breathing", "what now he is not breathing"),
        ("my son had a seizure last year", "my son just had a seizure"),
        ("he is having seizures every month", "he is having seizures"),
        ("can i take 40 tablets of magnesium", "i took 40 tablets of magnesium"),
        ("how do i know if he is having a seizure", "i do not know if he is having a seizure"),
        ("i am not having a heart attack", "i am having a heart attack"),
        ("in the film he is not breathing", "in the car he is not breathing"),
        ("my laptop is not responding", "my wife is not responding"),
        ("patients are having seizures", "my twins are having seizures"),
        ("my hands are shaking", "my son is shaking, what do i do"),
        ("dying to know", "dying please help"),
    ],
)
def test_how_it_is_told_decides(calm: str, alarm: str) -> None:
    assert emergency(calm) is None
    assert emergency(alarm) is not None


def test_self_harm_outranks_if_and_yesterday() -> None:
    found = emergency("if nothing changes i want to kill myself")
    assert found is not None
    assert found.sign == "self_harm"
    assert emergency("yesterday i took all my pills") is not None
