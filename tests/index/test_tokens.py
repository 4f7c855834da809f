"""Token vectors on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.tokens import PassageTokens, Tokens

A = PassageTokens.of(
    np.array([[0.6, 0.8], [1, 0]], np.float32), np.array([[0, 4], [5, 9]], np.int32), np.array([7, 8], np.int32)
)
NONE = PassageTokens.of(np.empty((0, 2), np.float32), np.empty((0, 2), np.int32), np.empty(0, np.int32))
B = PassageTokens.of(np.array([[0, -1]], np.float32), np.array([[-3, 0]], np.int32), np.array([9], np.int32))


def check(tokens: Tokens, passages: list[PassageTokens]) -> None:
    for n, passage in enumerate(passages):
        np.testing.assert_allclose(tokens.of(n).vectors, passage.vectors, atol=1 / 254)  # half a step of 127
        np.testing.assert_array_equal(tokens.of(n).spans, passage.spans)
        np.testing.assert_array_equal(tokens.of(n).ids, passage.ids)
        assert tokens.of(n).vectors.dtype == np.float32


def save(folder: Path, passages: list[PassageTokens]) -> Tokens:
    return Tokens.write(folder, [len(p.vectors) for p in passages], 2, passages)


@pytest.mark.parametrize("passages", [[A, NONE, B], [NONE], []])
def test_tokens_in_memory(passages: list[PassageTokens]) -> None:
    check(Tokens.stack(passages, 2), passages)


@pytest.mark.parametrize("passages", [[A, NONE, B], [NONE], []])
def test_saved_tokens_come_back(tmp_path: Path, passages: list[PassageTokens]) -> None:
    check(save(tmp_path, passages), passages)
    check(Tokens.load(tmp_path), passages)


def test_opened_tokens_are_mapped_not_read(tmp_path: Path) -> None:
    opened = save(tmp_path, [A, B])
    assert isinstance(opened.codes.base, np.memmap)
    assert (opened.codes.itemsize, opened.scales.itemsize) == (1, 2)
    with pytest.raises(ValueError, match="read-only"):
        opened.codes[0, 0] = 1


@pytest.mark.parametrize("rows", [[0, 1, 2], [0], [2], [0, 2], [1]])
def test_cosines_of_some_passages(tmp_path: Path, rows: list[int]) -> None:
    asked = np.array([[1, 0], [0, 1]], np.float32)
    passages = [A, NONE, B]
    expected = np.concatenate([*(passages[row].vectors @ asked.T for row in rows), [[-1, -1]]])
    for tokens in (Tokens.stack(passages, 2), save(tmp_path, passages)):
        np.testing.assert_allclose(tokens.cosines(np.array(rows), asked), expected, atol=0.01)
