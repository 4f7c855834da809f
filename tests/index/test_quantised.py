"""Products of bytes against products of the floats they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.building.product_graph import graph
from index.encoder.encode import Floats, unit_rows
from index.quantised import ASKED_MOST, MOST, ZERO, Products, decode, encode

PRODUCTS = Products(graph())
SIZES = st.tuples(st.integers(0, 9), st.integers(1, 5), st.sampled_from([1, 4, 31, 384]), st.integers(0, 2**32 - 1))


def drawn(n: int, dim: int, seed: int) -> Floats:
    return unit_rows(np.random.default_rng(seed).standard_normal((n, dim), dtype=np.float32))


def test_codes_by_hand() -> None:
    codes, scales = encode(np.array([[0.5, -1, 0, 0.25], [0, 0, 0, 0]], np.float32))
    assert codes.tolist() == [[128 + 64, 1, 128, 128 + 32], [128] * 4]  # 0.5 · 127 = 63.5, to the even one
    assert scales.tolist() == [np.float16(1 / 127), 0]
    expected = np.array([[64 / 127, -1, 0, 32 / 127], [0, 0, 0, 0]], np.float32)
    np.testing.assert_allclose(decode(codes, scales), expected, atol=2**-11)


@settings(deadline=None, max_examples=60)
@given(SIZES)
def test_decoded_rows_get_the_same_codes(size: tuple[int, int, int, int]) -> None:
    n, _, dim, seed = size
    codes, scales = encode(drawn(n, dim, seed))
    again, same = encode(decode(codes, scales))
    np.testing.assert_array_equal(again, codes)
    np.testing.assert_array_equal(same, scales)


@settings(deadline=None, max_examples=60)
@given(SIZES)
def test_cosines_are_those_of_the_floats(size: tuple[int, int, int, int]) -> None:
    n, m, dim, seed = size
    rows, asked = drawn(n, dim, seed), drawn(m, dim, seed + 1)
    codes, scales = encode(rows)
    found = PRODUCTS.cosines(codes, scales, asked)
    assert found.dtype == np.float32
    step, asked_step = (
        np.abs(each).max(axis=1, initial=0) / most for each, most in ((rows, MOST), (asked, ASKED_MOST))
    )
    # |r·a - r'·a'| <= |r|₁ · half a step of a + |a'|₁ · half a step of r
    bound = np.outer(np.abs(rows).sum(axis=1), asked_step / 2)
    bound += np.outer(step / 2, np.abs(asked).sum(axis=1) + dim * asked_step / 2)
    assert (np.abs(found[:-1] - rows @ asked.T) <= bound + 1e-3).all()
    assert found[-1].tolist() == [-1] * m


def test_the_greatest_sums_are_not_cut_off() -> None:
    assert 2 * (ZERO + MOST) * ASKED_MOST <= 2**15 - 1  # two products in 16 bits, where there is no VNNI
    rows = np.full((3, 384), 384**-0.5, np.float32)  # every code is 255, every one asked 63
    found = PRODUCTS.cosines(*encode(rows), np.concatenate([rows[:1], -rows[:1]]))
    np.testing.assert_allclose(found[:-1], [[1, -1]] * 3, atol=1e-3)


def test_a_question_of_zeros() -> None:
    found = PRODUCTS.cosines(*encode(drawn(2, 4, 1)), np.zeros((1, 4), np.float32))
    assert found.tolist() == [[0], [0], [-1]]


def test_no_question_token_at_all() -> None:
    assert PRODUCTS.cosines(*encode(drawn(2, 4, 1)), np.empty((0, 4), np.float32)).shape == (3, 0)


@pytest.mark.parametrize("dim", [16, 384])
def test_order_survives(dim: int) -> None:
    rows, asked = drawn(500, dim, 3), drawn(20, dim, 4)
    true, found = rows @ asked.T, PRODUCTS.cosines(*encode(rows), asked)[:-1]
    assert np.corrcoef(true.ravel(), found.ravel())[0, 1] > 0.9995
