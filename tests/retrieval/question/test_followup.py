"""What cannot stand alone is searched with what it follows; what can is not."""

from __future__ import annotations

import pytest

from retrieval.question.followup import in_context

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


def test_only_the_earlier_questions_that_are_needed_are_read() -> None:
    read: list[str] = []

    def reading(earlier: str) -> str:
        read.append(earlier)
        return earlier

    history = ["How is it treated?", TOPIC, "and in children?"]
    in_context("What did the study by Lee et al. find?", history, reading)
    assert read == []
    assert in_context("and why?", history, reading).full == "and why? symptoms hypomagnesemia children"
    assert read == ["and in children?", TOPIC]


def test_who_writes_much_needs_no_context_and_context_has_an_end() -> None:
    long = "and why? " * 17
    assert in_context(long, [TOPIC]).full == long
    many = " ".join(f"word{n}" for n in range(300))
    full = in_context("why?", [many]).full
    assert full.startswith("why? word0 word1 ")
    assert len("why? ") + 350 < len(full) < len("why? ") + 400
