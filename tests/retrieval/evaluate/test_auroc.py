from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluate.auroc import auroc_of
from retrieval.evaluate.statistic import plain

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


def test_by_hand() -> None:
    # 0.5 beats 0.1 and ties 0.5; 0.2 beats 0.1 and loses to 0.5: 2.5 of 4 pairs
    assert auroc([(0, 5), (1, 2)], [(0, 1), (2, 5)], [1, 1, 1]) == 0.625


@given(sides, sides)
def test_equals_counting_every_pair(positive: Side, negative: Side) -> None:
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
def test_swapping_the_sides_mirrors_it(positive: Side, negative: Side) -> None:
    assert auroc(positive, negative, [1, 1, 1]) + auroc(negative, positive, [1, 1, 1]) == pytest.approx(1)


def test_without_one_side_it_is_undefined() -> None:
    empty = np.asarray([], dtype=np.float64)
    none = np.asarray([], dtype=np.int64)
    assert plain(auroc_of(np.asarray([0.5]), np.asarray([0]), empty, none, 1), 1) is None
