"""A vector per token of every passage, for late interaction (Khattab & Zaharia 2020, arXiv:2004.12832).

On disk in half precision and memory-mapped: only the rows of the passages looked at are ever read.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import Floats

Halves = NDArray[np.float16]
Whole = NDArray[np.int32]
NAMES = ("vectors", "spans", "ids", "starts")


@dataclass(frozen=True, slots=True)
class PassageTokens:
    """The tokens of one passage: `vectors` (n, dim) float32 unit rows, `spans` (n, 2) offsets into it, `ids` (n,).

    Tokens of the heading that was encoded along stand before the passage, at negative offsets.
    """

    vectors: Floats
    spans: Whole
    ids: Whole


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of all passages, one after the other: passage `i` has rows `starts[i]` to `starts[i + 1]`."""

    vectors: Halves
    spans: Whole
    ids: Whole
    starts: NDArray[np.int64]

    @classmethod
    def stack(cls, passages: Sequence[PassageTokens], dim: int) -> Tokens:
        """Put the tokens of passages together in memory."""
        starts = np.cumsum([0, *(len(p.ids) for p in passages)], dtype=np.int64)
        total = int(starts[-1])
        tokens = cls(
            np.empty((total, dim), np.float16), np.empty((total, 2), np.int32), np.empty(total, np.int32), starts
        )
        for n, passage in enumerate(passages):
            tokens.put(n, passage)
        return tokens

    @classmethod
    def create(cls, folder: Path, lengths: Sequence[int], dim: int) -> Tokens:
        """Make the files for passages of these lengths, memory-mapped and ready to be filled with `put`."""
        starts = np.cumsum([0, *lengths], dtype=np.int64)
        total = int(starts[-1])
        np.save(_path(folder, "starts"), starts, allow_pickle=False)
        vectors = _new(_path(folder, "vectors"), np.float16, (total, dim))
        spans = _new(_path(folder, "spans"), np.int32, (total, 2))
        return cls(vectors, spans, _new(_path(folder, "ids"), np.int32, (total,)), starts)

    def put(self, passage: int, tokens: PassageTokens) -> None:
        """Fill in one passage."""
        rows = self.rows(passage)
        self.vectors[rows] = tokens.vectors
        self.spans[rows] = tokens.spans
        self.ids[rows] = tokens.ids

    def rows(self, passage: int) -> slice:
        """Where the tokens of a passage lie."""
        return slice(int(self.starts[passage]), int(self.starts[passage + 1]))

    def of(self, passage: int) -> PassageTokens:
        """Return the tokens of one passage."""
        rows = self.rows(passage)
        vectors = np.asarray(self.vectors[rows], dtype=np.float32)
        return PassageTokens(vectors, np.asarray(self.spans[rows]), np.asarray(self.ids[rows]))

    @classmethod
    def load(cls, folder: Path) -> Tokens:
        """Open them without reading them."""
        return cls(*(np.load(_path(folder, name), mmap_mode="r", allow_pickle=False) for name in NAMES))


def _path(folder: Path, name: str) -> Path:
    return folder / f"token-{name}.npy"


def _new(path: Path, dtype: type, shape: tuple[int, ...]) -> NDArray[Any]:
    """A new array file; an empty one cannot be mapped, so it is written outright.

    Its room is taken at once: running out of disk while writing to a map would kill the process (SIGBUS).
    """
    if 0 in shape:
        empty: NDArray[Any] = np.empty(shape, dtype)
        np.save(path, empty, allow_pickle=False)
        return empty
    mapped = np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=shape)
    if hasattr(os, "posix_fallocate"):
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
    return mapped
