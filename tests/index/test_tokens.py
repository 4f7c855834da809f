"""Token vectors on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.tokens import PassageTokens, Tokens

A = PassageTokens(np.array([[0.6, 0.8], [1, 0]], np.float32), np.array([[0, 4], [5, 9]], np.int32))
NONE = PassageTokens(np.empty((0, 2), np.float32), np.empty((0, 2), np.int32))
B = PassageTokens(np.array([[0, -1]], np.float32), np.array([[-3, 0]], np.int32))


def check(tokens: Tokens, passages: list[PassageTokens]) -> None:
    for n, passage in enumerate(passages):
        np.testing.assert_allclose(tokens.of(n).vectors, passage.vectors, atol=2**-11)  # half precision below 1
        np.testing.assert_array_equal(tokens.of(n).spans, passage.spans)
        assert tokens.of(n).vectors.dtype == np.float32


@pytest.mark.parametrize("passages", [[A, NONE, B], [NONE], []])
def test_saved_tokens_come_back(tmp_path: Path, passages: list[PassageTokens]) -> None:
    Tokens.stack(passages, 2).save(tmp_path)
    check(Tokens.load(tmp_path), passages)


@pytest.mark.parametrize("passages", [[A, NONE, B], [NONE], []])
def test_tokens_written_one_by_one_come_back(tmp_path: Path, passages: list[PassageTokens]) -> None:
    made = Tokens.create(tmp_path, [len(p.vectors) for p in passages], 2)
    for n, passage in reversed(list(enumerate(passages))):
        made.put(n, passage)
    del made
    check(Tokens.load(tmp_path), passages)


def test_opened_tokens_are_mapped_not_read(tmp_path: Path) -> None:
    Tokens.stack([A, B], 2).save(tmp_path)
    opened = Tokens.load(tmp_path)
    assert isinstance(opened.vectors, np.memmap)
    assert opened.vectors.dtype == np.float16
    with pytest.raises(ValueError, match="read-only"):
        opened.vectors[0, 0] = 1
