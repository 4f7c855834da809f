from __future__ import annotations

from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluate.datasets import Recall
from retrieval.evaluate.metrics import (
    RANKING,
    CurvePoint,
    auroc_of,
    per_question,
    risk_coverage,
    scores_of,
    widest_within,
)
from retrieval.evaluate.resampling import plain

GOLD = {"q1": {"a": 1}, "q2": {"a": 1, "b": 1}, "absent": {"a": 1}, "torn": {}}
RANKED = {"q1": ["x", "a", "y"], "q2": ["b", "x", "y", "z", "a"], "torn": ["a"]}


def test_ranking_by_hand() -> None:
    values = per_question(RANKED, GOLD, Recall.ANY)
    assert values["recall@1"].tolist() == [0, 1, 0, 0]
    assert values["recall@3"].tolist() == [1, 1, 0, 0]
    assert values["recall@5"].tolist() == [1, 1, 0, 0]
    assert values["mrr@10"].tolist() == [0.5, 1, 0, 0]
    ideal = 1 + 1 / log2(3)
    assert values["ndcg@10"] == pytest.approx([1 / log2(3), (1 + 1 / log2(6)) / ideal, 0, 0])


def test_share_counts_every_gold_document_where_any_is_content_with_one() -> None:
    assert per_question(RANKED, GOLD, Recall.SHARE)["recall@3"].tolist() == [1, 0.5, 0, 0]
    assert per_question(RANKED, GOLD, Recall.SHARE)["recall@5"].tolist() == [1, 1, 0, 0]


def test_nothing_found_at_all_counts_as_zero() -> None:
    assert {name: v.tolist() for name, v in per_question({"q1": []}, {"q1": {"a": 1}}, Recall.ANY).items()} == {
        name: [0.0] for name in RANKING
    }


def test_scores_fall_strictly_also_in_single_precision() -> None:
    scores = np.asarray(list(scores_of([str(n) for n in range(1000)]).values()), dtype=np.float32)
    assert (np.diff(scores) < 0).all()


@given(st.permutations([f"d{n}" for n in range(12)]), st.sets(st.integers(0, 14), min_size=1))
def test_ranking_against_definitions_written_out(order: list[str], relevant: set[int]) -> None:
    gold = {f"d{n}": 1 for n in relevant}
    values = {name: v[0] for name, v in per_question({"q": order}, {"q": gold}, Recall.ANY).items()}
    ranks = [rank for rank, id_ in enumerate(order, start=1) if id_ in gold]
    for k in (1, 3, 5):
        assert values[f"recall@{k}"] == float(any(rank <= k for rank in ranks))
    first = min(ranks, default=99)
    assert values["mrr@10"] == pytest.approx(1 / first if first <= 10 else 0)
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(10, len(gold)) + 1))
    assert values["ndcg@10"] == pytest.approx(sum(1 / log2(r + 1) for r in ranks if r <= 10) / ideal)


Side = list[tuple[int, int]]  # unit, confidence in tenths
sides = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5)), min_size=1, max_size=12)


def counted(positive: list[float], negative: list[float]) -> float:
    """Every pair looked at: the definition."""
    wins = sum(1.0 if p > n else 0.5 if p == n else 0.0 for p in positive for n in negative)
    return wins / (len(positive) * len(negative))


def auroc(positive: Side, negative: Side, weights: list[float]) -> float:
    columns = [
        np.asarray(c) for side in (positive, negative) for c in ([v / 10 for _, v in side], [u for u, _ in side])
    ]
    statistic = auroc_of(columns[0], columns[1], columns[2], columns[3], 3)
    return float(statistic.at(np.asarray([weights]))[0])


def test_auroc_by_hand() -> None:
    # 0.5 beats 0.1 and ties 0.5; 0.2 beats 0.1 and loses to 0.5: 2.5 of 4 pairs
    assert auroc([(0, 5), (1, 2)], [(0, 1), (2, 5)], [1, 1, 1]) == 0.625


@given(sides, sides)
def test_auroc_equals_counting_every_pair(positive: Side, negative: Side) -> None:
    assert auroc(positive, negative, [1, 1, 1]) == pytest.approx(
        counted([v for _, v in positive], [v for _, v in negative])
    )


@given(sides, sides, st.lists(st.integers(0, 3), min_size=3, max_size=3))
def test_a_unit_drawn_twice_counts_as_if_it_were_there_twice(positive: Side, negative: Side, drawn: list[int]) -> None:
    more = [[v for u, v in side for _ in range(drawn[u])] for side in (positive, negative)]
    found = auroc(positive, negative, [float(d) for d in drawn])
    if all(more):
        assert found == pytest.approx(counted([float(v) for v in more[0]], [float(v) for v in more[1]]))
    else:
        assert np.isnan(found)


@given(sides, sides)
def test_swapping_the_sides_mirrors_auroc(positive: Side, negative: Side) -> None:
    assert auroc(positive, negative, [1, 1, 1]) + auroc(negative, positive, [1, 1, 1]) == pytest.approx(1)


def test_without_one_side_auroc_is_undefined() -> None:
    empty = np.asarray([], dtype=np.float64)
    none = np.asarray([], dtype=np.int64)
    assert plain(auroc_of(np.asarray([0.5]), np.asarray([0]), empty, none, 1), 1) is None


rows = st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.booleans()), min_size=1, max_size=15)


def test_curve_by_hand() -> None:
    # Surest first: right, wrong, unanswerable (wrong), right; the middle two are equally sure.
    points = risk_coverage([0.4, 0.9, 0.7, 0.7], [False, False, True, True], [True, True, True, False])
    assert [(p.coverage, p.risk, p.confidence) for p in points] == [
        (pytest.approx(1 / 3), 0.0, 0.9),
        (pytest.approx(2 / 3), pytest.approx(2 / 3), 0.7),
        (1.0, 0.5, 0.4),
    ]


def test_coverage_counts_questions_never_answered() -> None:
    assert [p.coverage for p in risk_coverage([0.9], [False], [True], total=4)] == [0.25]
    assert risk_coverage([], [], []) == ()


@given(rows)
def test_each_point_of_the_curve_is_what_its_threshold_gives(found: list[tuple[int, bool, bool]]) -> None:
    confidence, wrong, answerable = (list(column) for column in zip(*found, strict=True))
    points = risk_coverage([float(c) for c in confidence], wrong, answerable)
    assert [p.confidence for p in points] == sorted({float(c) for c in confidence}, reverse=True)
    for point in points:
        answered = [(w, a) for c, w, a in found if c >= point.confidence]
        assert point.risk == pytest.approx(sum(w for w, _ in answered) / len(answered))
        assert point.coverage == pytest.approx(sum(a for _, a in answered) / max(1, sum(answerable)))


def test_the_working_point_is_the_widest_the_risk_allows() -> None:
    points = [CurvePoint(0.2, 0.1, 0.9), CurvePoint(0.5, 0.05, 0.8), CurvePoint(0.9, 0.06, 0.1)]
    assert widest_within(points) == points[1]
    assert widest_within(points, 0.01) is None
