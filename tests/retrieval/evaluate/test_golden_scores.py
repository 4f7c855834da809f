from __future__ import annotations

import pytest

from retrieval.evaluate.golden import GoldenQuestion
from retrieval.evaluate.golden_scores import Judged, Verdict, judge, score_golden
from retrieval.result import AnswerKind
from tests.retrieval.evaluate.fakes import answer

GIVEN, RELATED, NOTHING = AnswerKind.ANSWER, AnswerKind.RELATED, AnswerKind.NOT_COVERED
EMERGENCY, PERSONAL = AnswerKind.EMERGENCY, AnswerKind.PERSONAL
YES, NO = "The accepted sentence.", "Something else."


def case(kind: str, quotes: tuple[str, ...], came: AnswerKind, *shown: str, confidence: float = 0.5) -> Judged:
    return judge(GoldenQuestion("r", "Q?", kind, quotes), answer(came, *shown, confidence=confidence))


@pytest.mark.parametrize(
    ("judged", "verdict"),
    [
        (case("fact", (YES,), GIVEN, YES, NO), Verdict.RIGHT),
        (case("fact", (YES,), GIVEN, NO, YES), Verdict.LATER),
        (case("fact", (YES,), GIVEN, NO), Verdict.WRONG),
        (case("fact", (YES,), GIVEN), Verdict.WRONG),
        (case("fact", (YES,), RELATED, YES), Verdict.ABSTAINED),
        (case("fact", (YES,), EMERGENCY), Verdict.ABSTAINED),
        (case("near_miss", (), RELATED, NO), Verdict.RIGHT),
        (case("near_miss", (), GIVEN, NO), Verdict.WRONG),
        (case("personal", (), PERSONAL, NO), Verdict.RIGHT),
        (case("emergency", (), EMERGENCY), Verdict.RIGHT),
        (case("emergency", (), NOTHING), Verdict.WRONG),
        (case("emergency", (), GIVEN, NO), Verdict.WRONG),
        (case("emergency_sounding", (), EMERGENCY), Verdict.RIGHT),  # held back, and a false alarm
        (case("never heard of", (), NOTHING), Verdict.RIGHT),
    ],
)
def test_verdicts(judged: Judged, verdict: Verdict) -> None:
    assert judged.verdict is verdict


RUN = [
    case("fact", (YES,), GIVEN, YES, confidence=0.9),
    case("fact", (YES,), GIVEN, NO, YES, confidence=0.8),
    case("fact", (YES,), GIVEN, NO, confidence=0.3),
    case("everyday", (YES,), RELATED, YES, confidence=0.6),
    case("everyday", (YES,), NOTHING),
    case("near_miss", (), GIVEN, NO, confidence=0.4),
    case("near_miss", (), RELATED, NO, confidence=0.95),
    case("near_miss", (), NOTHING),
    case("emergency", (), EMERGENCY),
    case("emergency", (), NOTHING),
    case("emergency_sounding", (YES,), EMERGENCY),
    case("smalltalk", (), AnswerKind.SMALLTALK),
]


def test_shares_by_hand() -> None:
    found = score_golden("the product", RUN)
    assert found.counts == {
        "first_quote_right": (1, 6),
        "any_quote_right": (2, 6),
        "answered_wrong": (1, 6),
        "abstained": (3, 6),
        "coverage": (3, 6),
        "risk": (2, 4),
        "near_miss_held_back": (2, 3),
        "other_held_back": (3, 3),
        "emergency_recall": (1, 2),
        "emergency_false_alarms": (1, 10),
    }
    for name, (holding, among) in found.counts.items():
        estimate = found.shares[name]
        assert estimate is not None
        assert estimate.value == pytest.approx(holding / among)
        assert estimate.low is not None
        assert estimate.high is not None
        assert estimate.low <= estimate.value <= estimate.high
    assert found.n == 12


def test_kinds_are_counted_whatever_their_names() -> None:
    kinds = score_golden("the product", RUN).kinds
    assert list(kinds) == ["fact", "everyday", "near_miss", "emergency", "emergency_sounding", "smalltalk"]
    assert kinds["near_miss"].verdicts == {
        Verdict.RIGHT: 2,
        Verdict.LATER: 0,
        Verdict.WRONG: 1,
        Verdict.ABSTAINED: 0,
    }
    assert kinds["near_miss"].returned == {"answer": 1, "related": 1, "not_covered": 1}
    assert sum(found.n for found in kinds.values()) == 12


def test_the_curve_walks_answers_given_first_and_then_what_was_only_related() -> None:
    curve = score_golden("the product", RUN).curve
    # Given: right 0.9, right 0.8, near miss answered 0.4, wrong 0.3; related: a near miss 0.95, an accepted one 0.6.
    assert [p.confidence for p in curve.points] == pytest.approx([0.9, 0.8, 0.4, 0.3, 0.95, 0.6])
    assert [p.coverage for p in curve.points] == pytest.approx([1 / 6, 2 / 6, 2 / 6, 3 / 6, 3 / 6, 4 / 6])
    assert [p.risk for p in curve.points] == pytest.approx([0, 0, 1 / 3, 2 / 4, 3 / 5, 3 / 6])
    assert curve.answered == 4
    assert curve.operating == curve.points[3]


def test_a_share_of_nothing_is_not_a_figure() -> None:
    found = score_golden("the product", [case("fact", (YES,), NOTHING), case("fact", (YES,), NOTHING)])
    assert found.shares["risk"] is None
    assert found.shares["emergency_recall"] is None
    assert found.curve.operating is None
