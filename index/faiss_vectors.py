"""Vectors in a FAISS file.

Exact (flat) search is kept while it is affordable; above
`EXACT_UP_TO` rows a graph (HNSW: Malkov & Yashunin 2018, arXiv:1603.09320) finds nearly the same in less time.
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from corpus.common.errors import IndexDamaged
from index.encoder.encode import Floats
from index.vectors import Neighbours

EXACT_UP_TO = 10_000
GRAPH = "HNSW32,Flat"
EF_CONSTRUCTION = 80
EF_SEARCH = 256  # rows kept in view for few neighbours; for more, as many as are asked for


class FaissVectors:
    """One FAISS index over unit rows; see `index.vectors.Vectors`."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, rows: Floats) -> FaissVectors:
        """Index rows of shape (n, dim) float32, unit length; how they are searched follows from their number."""
        return cls.flat(rows) if len(rows) <= EXACT_UP_TO else cls.graph(rows)

    @classmethod
    def flat(cls, rows: Floats) -> FaissVectors:
        """Every row is compared: exact."""
        return cls._of(faiss.IndexFlatIP(rows.shape[1]), rows)

    @classmethod
    def graph(cls, rows: Floats) -> FaissVectors:
        """Rows are reached from their neighbours: nearly exact."""
        index: Any = faiss.index_factory(rows.shape[1], GRAPH, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = EF_CONSTRUCTION
        return cls._of(index, rows)

    @classmethod
    def _of(cls, index: Any, rows: Floats) -> FaissVectors:
        index.add(np.ascontiguousarray(rows, dtype=np.float32))
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, query: Floats, k: int) -> Neighbours:
        """Return the `k` nearest rows to a (dim,) query, fewer where there are fewer."""
        k = min(k, len(self))
        if k == 0:
            return Neighbours(np.empty(0, np.int64), np.empty(0, np.float32))
        scores, rows = self._index.search(query[None, :], k, params=self._parameters(k))
        found = rows[0] >= 0
        return Neighbours(rows[0][found], scores[0][found])

    def _parameters(self, k: int) -> Any:
        if not hasattr(self._index, "hnsw"):
            return None
        return faiss.SearchParametersHNSW(efSearch=max(EF_SEARCH, k))  # type: ignore[attr-defined]  # missing in stubs

    def rows(self, which: NDArray[np.int64]) -> Floats:
        """Return stored rows, (len(which), dim) float32."""
        if len(which) == 0:
            return np.empty((0, self._index.d), np.float32)
        return np.asarray(self._index.reconstruct_batch(np.ascontiguousarray(which, dtype=np.int64)), np.float32)

    def save(self, path: Path) -> None:
        """Write the FAISS file.

        Raises:
            OSError: it cannot be written; FAISS itself raises another type.
        """
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(errno.EIO, f"FAISS could not write {path.name}") from error

    @classmethod
    def load(cls, path: Path) -> FaissVectors:
        """Open a FAISS file, memory-mapped: of a graph only the rows a search passes are read.

        Raises:
            IndexDamaged: FAISS cannot read it.
        """
        try:
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
        except RuntimeError as error:
            raise IndexDamaged(f"{path.name} cannot be read by FAISS; run: make index") from error
