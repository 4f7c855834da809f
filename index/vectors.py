"""What a store of vectors must do; each implementation has a file of its own, `index.contents` names the one in use.

Rows are unit vectors, so the inner product is the cosine.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from index.encoder.encode import Floats


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest rows, best first: `rows` (k,) int64 and their `scores` (k,) float32."""

    rows: NDArray[np.int64]
    scores: Floats


class Vectors(Protocol):
    """Rows of shape (n, dim), float32 and of unit length, numbered from 0 in the order they were given."""

    def __len__(self) -> int:
        """Return n."""
        ...

    def search(self, query: Floats, k: int) -> Neighbours:
        """Return the `k` nearest rows to a (dim,) query by inner product, fewer where there are fewer."""
        ...

    def rows(self, which: NDArray[np.int64]) -> Floats:
        """Return stored rows, (len(which), dim) float32."""
        ...

    def save(self, path: Path) -> None:
        """Write one file.

        Raises:
            OSError: it cannot be written.
        """
        ...


class VectorStore(Vectors, Protocol):
    """Vectors that can be made and opened: what an implementation offers beside them."""

    @classmethod
    def build(cls, rows: Floats) -> Self:
        """Store rows of shape (n, dim), n from 0; how they are searched may follow from n."""
        ...

    @classmethod
    def load(cls, path: Path) -> Self:
        """Open a file written by `save`.

        Raises:
            IndexDamaged: it cannot be read.
        """
        ...
