from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder.encode import Doubles
from retrieval.evaluate.resampling import ROUNDS, Bootstrap, Mean, Undefined, mean_of


def mean(values: list[float], units: list[int], n_units: int) -> Mean:
    return mean_of(np.asarray(values, dtype=np.float64), np.asarray(units), n_units)


def every_draw(sums: list[float], counts: list[float]) -> list[float]:
    """All n^n draws of n units, each equally likely: what the bootstrap samples from."""
    n = len(sums)
    return sorted(sum(sums[i] for i in draw) / sum(counts[i] for i in draw) for draw in product(range(n), repeat=n))


def test_the_interval_is_that_of_all_possible_draws() -> None:
    sums, counts = [9.0, 5.0, 2.0, 6.0, 3.5], [10.0, 10.0, 5.0, 8.0, 7.0]
    exact: Doubles = np.asarray(every_draw(sums, counts))
    found = Bootstrap({"m": Mean(np.asarray(sums), np.asarray(counts))}, 5).estimate("m")
    assert found is not None
    assert found.value == pytest.approx(25.5 / 40)
    assert found.low is not None
    assert found.high is not None
    assert np.percentile(exact, 2) <= found.low <= np.percentile(exact, 3)
    assert np.percentile(exact, 97) <= found.high <= np.percentile(exact, 98)


def test_articles_are_drawn_whole() -> None:
    # Two articles of ten questions that agree among themselves: drawing articles, half of all draws take one twice,
    # so the interval is everything; drawing questions it would be about 0.3 to 0.7.
    values = [1.0] * 10 + [0.0] * 10
    whole = Bootstrap({"m": mean(values, [0] * 10 + [1] * 10, 2)}, 2).estimate("m")
    single = Bootstrap({"m": mean(values, list(range(20)), 20)}, 20).estimate("m")
    assert whole is not None
    assert (whole.value, whole.low, whole.high) == (0.5, 0.0, 1.0)
    assert single is not None
    assert single.low == pytest.approx(0.3, abs=0.051)
    assert single.high == pytest.approx(0.7, abs=0.051)


def test_differences_are_paired() -> None:
    # One system is exactly 0.1 better on every unit: however they are drawn, the difference never varies.
    low = np.asarray([0.1, 0.5, 0.8, 0.3])
    ones = np.ones(4)
    found = Bootstrap({"a": Mean(low + 0.1, ones), "b": Mean(low, ones)}, 4).compare("a", "b")
    assert found is not None
    assert [found.difference, found.low, found.high] == pytest.approx([0.1, 0.1, 0.1])
    assert found.p == pytest.approx(2 / (ROUNDS + 1))


def test_p_is_twice_the_share_of_draws_on_the_other_side() -> None:
    # Differences 1, 1, 1, -1 of four units: of all 256 draws, those with a sum of 0 or below.
    differences = [1.0, 1.0, 1.0, -1.0]
    exact = 2 * sum(d <= 0 for d in every_draw(differences, [1.0] * 4)) / 256
    zeros, ones = np.zeros(4), np.ones(4)
    found = Bootstrap({"a": Mean(np.asarray(differences), ones), "b": Mean(zeros, ones)}, 4).compare("a", "b")
    assert found is not None
    assert found.p == pytest.approx(exact, abs=0.02)


def test_no_difference_at_all_has_p_one() -> None:
    found = Bootstrap({n: mean([1, 0, 1], [0, 1, 2], 3) for n in "ab"}, 3).compare("a", "b")
    assert found is not None
    assert (found.difference, found.low, found.high, found.p) == (0, 0, 0, 1)


def test_questions_that_all_agree_still_have_an_interval() -> None:
    # Clopper–Pearson with 16 of 16: the lower end is 0.025 ** (1 / 16).
    found = Bootstrap({"m": mean([1.0] * 16 + [float("nan")] * 4, list(range(20)), 20)}, 20).estimate("m")
    assert found is not None
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(0.025 ** (1 / 16))


def test_what_cannot_be_measured_or_drawn_is_none() -> None:
    drawn = Bootstrap({"u": Undefined(), "m": mean([1.0, 0.0], [0, 1], 2)}, 2)
    assert drawn.estimate("u") is None
    assert drawn.compare("m", "u") is None
    alone = Bootstrap({"a": mean([0.5], [0], 1), "b": mean([0.4], [0], 1)}, 1)
    estimate = alone.estimate("a")
    assert estimate is not None
    assert (estimate.value, estimate.low, estimate.high) == (0.5, None, None)
    assert alone.compare("a", "b") is None


def test_the_same_results_give_the_same_intervals() -> None:
    statistics = {"m": mean([0.2, 0.9, 0.4, 0.6], [0, 1, 2, 3], 4)}
    assert Bootstrap(statistics, 4).estimate("m") == Bootstrap(statistics, 4).estimate("m")


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from([0.0, 1.0, float("nan")])), min_size=1))
def test_the_interval_holds_the_value_and_stays_within_reach(rows: list[tuple[int, float]]) -> None:
    units, values = [u for u, _ in rows], [v for _, v in rows]
    found = Bootstrap({"m": mean(values, units, 5)}, 5, rounds=200).estimate("m")
    counted = [v for v in values if v == v]
    if not counted:
        assert found is None
    else:
        assert found is not None
        assert found.value == pytest.approx(sum(counted) / len(counted))
        assert found.low is not None
        assert found.high is not None
        assert 0 <= found.low <= found.high <= 1
