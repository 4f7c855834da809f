"""What cannot stand alone is searched with what it follows; what can is not."""

from __future__ import annotations

import pytest

from retrieval.followup import in_context

TOPIC = "what are the symptoms of hypomagnesemia"


@pytest.mark.parametrize("question", ["and in children?", "why?", "did it help him?", "what about adults", "how so"])
def test_a_follow_up_takes_the_words_it_follows_along(question: str) -> None:
    assert in_context(question, [TOPIC]).full == f"{question} symptoms hypomagnesemia"
    assert in_context(question, [TOPIC]).alone == question


@pytest.mark.parametrize("question", ["which studies looked at seizures and magnesium supplements", TOPIC])
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert in_context(question, [TOPIC]).full == question


def test_without_a_history_nothing_is_added() -> None:
    assert in_context("why?", []).full == "why?"
    assert in_context("why?", ["", "?!"]).full == "why?"


def test_the_subject_goes_back_past_other_follow_ups() -> None:
    assert in_context("and why?", [TOPIC, "and in children?"]).full == "and why? symptoms hypomagnesemia children"


def test_words_said_again_are_not_added_twice() -> None:
    assert in_context("and the symptoms?", [TOPIC, TOPIC]).full == "and the symptoms? hypomagnesemia"


def test_only_the_last_twenty_turns_are_looked_at() -> None:
    assert in_context("why?", [TOPIC, *["why not?"] * 20]).full == "why?"
