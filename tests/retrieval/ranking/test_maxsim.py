"""Stretches of tokens, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.ranking.maxsim import best_between, best_within, max_sim

COSINES = np.array([[0.1, 0.9], [0.5, 0.2], [0.3, 0.4], [-1, -1]], np.float32)  # three tokens and none


def test_best_within_by_hand() -> None:
    starts, ends = np.array([0, 1, 2, 1, 3]), np.array([2, 3, 3, 1, 3])
    expected = [[0.5, 0.9], [0.5, 0.4], [0.3, 0.4], [-1, -1], [-1, -1]]  # the last two hold no token
    np.testing.assert_array_equal(best_within(COSINES, starts, ends), np.array(expected, np.float32))


def test_stretches_that_follow_each_other() -> None:
    found = best_between(COSINES, np.array([0, 2, 2]))  # the first two, none, the third
    np.testing.assert_array_equal(found, np.array([[0.5, 0.9], [-1, -1], [0.3, 0.4]], np.float32))
    found = best_between(COSINES, np.array([0, 1, 3]))  # the first, the next two, none
    np.testing.assert_array_equal(found, np.array([[0.1, 0.9], [0.5, 0.4], [-1, -1]], np.float32))


def test_nothing_asked_for() -> None:
    none = np.empty(0, np.int64)
    assert best_within(COSINES, none, none).shape == (0, 2)


def test_max_sim_is_the_weighted_mean() -> None:
    best = np.array([[1.0, 0.5], [0.2, -1.0]], np.float32)
    assert max_sim(best, np.array([3.0, 1.0], np.float32)).tolist() == pytest.approx([0.875, -0.1])
    assert max_sim(best, np.zeros(2, np.float32)).tolist() == [0, 0]
