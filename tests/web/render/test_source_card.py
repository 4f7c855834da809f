from __future__ import annotations

import pytest

from retrieval.result import Answer, AnswerKind, Highlight, SourceHit
from web.render.source_card import certainty, strength

A = SourceHit(1, "x" * 10, "T", "H", 0, 10, 0.9)
B = SourceHit(2, "x" * 10, "T", "H", 10, 20, 0.5)
C = SourceHit(3, "x" * 10, "T", "H", 20, 30, -0.2)


@pytest.mark.parametrize(
    ("confidence", "begins"),
    [
        (1.0, "Very sure"),
        (0.85, "Very sure"),
        (0.84, "Fairly"),
        (0.4, "Not very"),
        (0.39, "Not sure"),
        (0.0, "Not sure"),
    ],
)
def test_certainty_in_words(confidence: float, begins: str) -> None:
    assert certainty(confidence).startswith(begins)


def test_strength_is_the_mean_of_the_best_similarities() -> None:
    matches = (
        Highlight("low", "T", 0, 2, 0.5),
        Highlight("low", "T", 4, 6, 1.0),
        Highlight("mag", "T", 12, 14, 0.9),
        Highlight("fits", "other", 1, 3, 1.0),
    )
    answer = Answer("q", AnswerKind.ANSWER, "", sources=(A, B, C), matches=matches, uncovered=("moon",))
    # A: low 1.0 of {low, mag, fits, moon} = 0.25; B: mag 0.9 of four = 0.225; C: nothing
    assert [strength(s, answer) for s in (A, B, C)] == ["weak word match", "weak word match", "weak word match"]
    sure = Answer("q", AnswerKind.ANSWER, "", sources=(A, B), matches=matches[:3])
    assert strength(A, sure) == "fair word match"  # 1.0 of {low, mag} = 0.5
    assert strength(B, sure) == "fair word match"  # 0.9 of two = 0.45


def test_without_matches_nothing_is_said_of_words() -> None:
    answer = Answer("q", AnswerKind.ANSWER, "", sources=(A, B, C))
    assert [strength(s, answer) for s in (A, B, C)] == ["", "", ""]
