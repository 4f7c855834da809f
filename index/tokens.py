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
Spans = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class PassageTokens:
    """The tokens of one passage: `vectors` (n, dim) float32 unit rows, `spans` (n, 2) offsets into the passage.

    Tokens of the heading that was encoded along stand before the passage, at negative offsets.
    """

    vectors: Floats
    spans: Spans


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of all passages, one after the other: passage `i` has rows `starts[i]` to `starts[i + 1]`."""

    vectors: Halves
    spans: Spans
    starts: NDArray[np.int64]

    @classmethod
    def stack(cls, passages: Sequence[PassageTokens], dim: int) -> Tokens:
        """Put the tokens of passages together."""
        starts = np.cumsum([0, *(len(p.vectors) for p in passages)], dtype=np.int64)
        vectors = np.concatenate([p.vectors for p in passages]) if passages else np.empty((0, dim))
        spans = np.concatenate([p.spans for p in passages]) if passages else np.empty((0, 2))
        return cls(vectors.astype(np.float16), spans.astype(np.int32), starts)

    def of(self, passage: int) -> PassageTokens:
        """Return the tokens of one passage."""
        rows = slice(int(self.starts[passage]), int(self.starts[passage + 1]))
        return PassageTokens(np.asarray(self.vectors[rows], dtype=np.float32), np.asarray(self.spans[rows]))

    @classmethod
    def create(cls, folder: Path, lengths: Sequence[int], dim: int) -> Tokens:
        """Make the three files for passages of these lengths, memory-mapped and ready to be filled with `put`."""
        starts = np.cumsum([0, *lengths], dtype=np.int64)
        total = int(starts[-1])
        np.save(folder / "token-starts.npy", starts, allow_pickle=False)
        vectors = _new(folder / "token-vectors.npy", np.float16, (total, dim))
        return cls(vectors, _new(folder / "token-spans.npy", np.int32, (total, 2)), starts)

    def put(self, passage: int, tokens: PassageTokens) -> None:
        """Fill in one passage."""
        rows = slice(int(self.starts[passage]), int(self.starts[passage + 1]))
        self.vectors[rows] = tokens.vectors
        self.spans[rows] = tokens.spans

    def save(self, folder: Path) -> None:
        """Write three plain numpy files."""
        for name in ("vectors", "spans", "starts"):
            np.save(folder / f"token-{name}.npy", getattr(self, name), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Tokens:
        """Open them without reading them."""
        names = ("vectors", "spans", "starts")
        return cls(*(np.load(folder / f"token-{name}.npy", mmap_mode="r", allow_pickle=False) for name in names))


def _new(path: Path, dtype: type, shape: tuple[int, int]) -> NDArray[Any]:
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
