"""Questions with their sides exchanged, and answers that do not turn a relation round."""

from __future__ import annotations

import time

import pytest

from index.open import Opened
from retrieval.answering.analysis import Analyser
from retrieval.question.reversal import exchanged


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("can low magnesium cause seizures?", "can seizures cause low magnesium?"),
        ("Does a tired heart lead to iron loss", "Does iron loss lead to a tired heart"),
        ("is fatigue a result of low magnesium?", "is low magnesium a result of fatigue?"),
        ("could cramps be caused by tea ?", "could tea be caused by cramps ?"),
    ],
)
def test_the_sides_change_places_and_back(question: str, other: str) -> None:
    assert exchanged(question) == other
    assert exchanged(other) == question


@pytest.mark.parametrize(
    "question",
    [
        "",
        "does it cause seizures?",
        "what causes seizures?",
        "can magnesium prevent seizures?",
        "is it true that low magnesium can cause seizures?",
        "are the causes of seizures known",
        "can low magnesium cause seizures? I am worried",
    ],
)
def test_what_names_no_two_things_is_left_alone(question: str) -> None:
    assert exchanged(question) is None


@pytest.mark.parametrize(
    "text", ["can " + "a" * 990, "can " + "a " * 490, "is " + "a b cause " * 90, "can a cause b" * 70]
)
def test_no_question_takes_long(text: str) -> None:
    start = time.process_time()
    exchanged(text)
    assert time.process_time() - start < 0.05


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "turned"),
    [
        ("can low magnesium cause muscle cramps?", False),
        ("can muscle cramps cause low magnesium?", True),
        ("can hypomagnesemia cause confusion?", False),
        ("can low mood cause hypomagnesemia?", True),
    ],
)
def test_the_bank_knows_which_way_round(real: Opened, question: str, turned: bool) -> None:
    assert Analyser(real.index, real.encoder).analyse(question).reversed is turned
    assert not Analyser(real.index, real.encoder, bank=False).analyse(question).reversed
