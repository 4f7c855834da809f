"""Vectors, spans and windows, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder.encode import Floats, unit_rows
from tests.index.by_hand import DIM, WORDS, encoder, one_hot, rows

ROOT5 = 5**0.5


def vector(**columns: float) -> Floats:
    out = np.zeros(DIM, np.float32)
    for word, value in columns.items():
        out[one_hot(word)] = value
    return out


def test_a_text_by_hand() -> None:
    (found,) = encoder().encode(["Iron helps iron"])
    np.testing.assert_allclose(found.vector, vector(iron=2 / ROOT5, helps=1 / ROOT5), atol=1e-6)
    np.testing.assert_array_equal(found.tokens.argmax(axis=1), [one_hot(w) for w in ("iron", "helps", "iron")])
    np.testing.assert_array_equal(found.spans, [[0, 4], [5, 10], [11, 15]])
    assert found.ids.tolist() == [one_hot(w) for w in ("iron", "helps", "iron")]
    np.testing.assert_array_equal(found.context, 2 * found.tokens)  # not scaled


def test_special_tokens_are_left_out_and_unknown_words_are_not() -> None:
    (found,) = encoder().encode(["iron, zebra"])
    np.testing.assert_array_equal(found.spans, [[0, 4], [4, 5], [6, 11]])
    np.testing.assert_array_equal(found.tokens.argmax(axis=1), [one_hot("iron"), 1, 1])


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_has_no_tokens(text: str) -> None:
    (found,) = encoder().encode([text])
    assert found.tokens.shape == (0, DIM)
    assert found.spans.shape == (0, 2)
    assert not found.vector.any()


def test_no_texts() -> None:
    assert encoder().encode([]) == []


def test_a_long_text_is_read_in_windows_and_nothing_is_dropped() -> None:
    text = " ".join(WORDS[:10])
    made = encoder(window=6)  # 4 words and 2 special tokens
    (found,) = made.encode([text])
    assert rows(made) == 3
    assert [text[a:b] for a, b in found.spans] == WORDS[:10]
    np.testing.assert_array_equal(found.tokens.argmax(axis=1), [one_hot(w) for w in WORDS[:10]])
    assert found.ids.tolist() == [one_hot(w) for w in WORDS[:10]]
    # windows of 4, 4 and 2 words: unit vectors of 1/2, 1/2, 1/sqrt(2) a word, weighted by 4, 4, 2; then unit length 6
    expected = vector(**dict.fromkeys(WORDS[:8], 2 / 6), **dict.fromkeys(WORDS[8:10], 2**0.5 / 6))
    np.testing.assert_allclose(found.vector, expected, atol=1e-6)


def test_a_prompt_counts_for_the_vector_but_not_for_the_tokens() -> None:
    made = encoder(query_prompt="what of: ", passage_prompt="")
    query, passage = made.encode(["iron"], "query")[0], made.encode(["iron"])[0]
    assert query.spans.tolist() == passage.spans.tolist() == [[0, 4]]
    assert query.vector[one_hot("what")] > 0
    assert passage.vector[one_hot("what")] == 0


def test_room_is_what_a_window_holds_beside_prompt_and_special_tokens() -> None:
    assert encoder(window=12).room == 10
    assert encoder(window=12, passage_prompt="the beans ").room == 8


def test_count_sees_past_the_window() -> None:
    assert encoder(window=6).count("iron helps the blood, much of it") == 8


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join), max_size=80))
def test_batches_change_nothing(texts: list[str]) -> None:
    made = encoder(window=8)
    for text, found in zip(texts, made.encode(texts), strict=True):
        (alone,) = made.encode([text])
        np.testing.assert_allclose(found.vector, alone.vector, atol=1e-6)
        np.testing.assert_array_equal(found.spans, alone.spans)
        np.testing.assert_array_equal(found.tokens, alone.tokens)


def test_unit_rows_keeps_zeros() -> None:
    found = unit_rows(np.array([[3, 4], [0, 0]], np.float32))
    np.testing.assert_allclose(found, np.array([[0.6, 0.8], [0, 0]]), atol=1e-7)
