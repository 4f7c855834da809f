"""A vector per token of every passage, for late interaction (Khattab & Zaharia 2020, arXiv:2004.12832).

On disk a number takes one byte, and the file is memory-mapped: only the rows of the passages looked at are ever read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from corpus.common.errors import IndexDamaged, ModelError
from index.encoder.encode import Floats
from index.quantised import Codes, Halves, Products, decode, encode

Whole = NDArray[np.int32]
TYPES = {
    "codes": np.uint8,
    "scales": np.float16,
    "state_codes": np.uint8,
    "state_scales": np.float16,
    "spans": np.int32,
    "ids": np.int32,
}
COLUMNS = tuple(TYPES)
PRODUCTS = "token-products.onnx"


@dataclass(frozen=True, slots=True)
class PassageTokens:
    """The tokens of one passage: `codes` (n, dim) with `scales` (n,), `spans` (n, 2) offsets into it, `ids` (n,).

    `state_codes` (n, dim) with `state_scales` (n,) are what the reader goes on from; (n, 0) where there is no reader.

    Tokens of the heading that was encoded along stand before the passage, at negative offsets.
    """

    codes: Codes
    scales: Halves
    state_codes: Codes
    state_scales: Halves
    spans: Whole
    ids: Whole

    @classmethod
    def of(
        cls,
        vectors: Floats,
        spans: NDArray[np.integer],
        ids: NDArray[np.integer],
        states: Floats | None = None,
    ) -> PassageTokens:
        """Take the tokens' vectors, (n, dim) float32 unit rows, and their states for the reader, if there is one."""
        kept = np.empty((len(vectors), 0), dtype=np.float32) if states is None else states
        return cls(*encode(vectors), *encode(kept), spans.astype(np.int32), ids.astype(np.int32))

    @property
    def vectors(self) -> Floats:
        """(n, dim) float32 unit rows, as near as a byte a number comes to them."""
        return decode(self.codes, self.scales)

    @property
    def states(self) -> Floats:
        """(n, dim) float32 states of the reader's layer, as near as a byte a number comes to them."""
        return decode(self.state_codes, self.state_scales)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of all passages, one after the other: passage `i` has rows `starts[i]` to `starts[i + 1]`.

    `codes` (n_tokens, dim) and `scales` (n_tokens,) stand for unit rows, which `products` multiplies.
    """

    codes: Codes
    scales: Halves
    state_codes: Codes
    state_scales: Halves
    spans: Whole
    ids: Whole
    starts: NDArray[np.int64]
    products: Products

    @classmethod
    def stack(cls, passages: Sequence[PassageTokens], dim: int) -> Tokens:
        """Put the tokens of passages together in memory."""
        width = passages[0].state_codes.shape[1] if passages else 0
        nothing = PassageTokens.of(
            np.empty((0, dim), np.float32),
            np.empty((0, 2), int),
            np.empty(0, int),
            np.empty((0, width), np.float32),
        )
        columns = {
            name: np.concatenate([getattr(nothing, name), *(getattr(p, name) for p in passages)]) for name in COLUMNS
        }
        return cls(**columns, starts=_starts([len(p.ids) for p in passages]), products=Products(_graph()))

    @classmethod
    def write(
        cls, folder: Path, lengths: Sequence[int], dim: int, passages: Iterable[PassageTokens], *, read: bool = False
    ) -> Tokens:
        """Write the tokens of passages of these lengths, one passage in memory at a time, and open the files.

        `read` says whether they have states for a reader.
        """
        starts = _starts(lengths)
        total = int(starts[-1])
        np.save(_path(folder, "starts"), starts, allow_pickle=False)
        (folder / PRODUCTS).write_bytes(_graph())
        shapes = {
            "codes": (total, dim),
            "scales": (total,),
            "state_codes": (total, dim if read else 0),
            "state_scales": (total,),
            "spans": (total, 2),
            "ids": (total,),
        }
        with ExitStack() as files:
            columns = {name: _new(files, _path(folder, name), TYPES[name], shapes[name]) for name in COLUMNS}
            for passage in passages:
                for name, file in columns.items():
                    file.write(getattr(passage, name).tobytes())
        return cls.load(folder)

    def rows(self, passage: int) -> slice:
        """Where the tokens of a passage lie."""
        return slice(int(self.starts[passage]), int(self.starts[passage + 1]))

    def of(self, passage: int) -> PassageTokens:
        """Return the tokens of one passage."""
        rows = self.rows(passage)
        return PassageTokens(*(getattr(self, name)[rows] for name in COLUMNS))

    def rows_of(self, rows: NDArray[np.int64]) -> PassageTokens:
        """Return some tokens by their rows."""
        return PassageTokens(*(getattr(self, name)[rows] for name in COLUMNS))

    def cosines(self, passages: NDArray[np.int64], asked: Floats) -> Floats:
        """Of the tokens of some passages (one at least, ascending, each once) with the question's (m, dim).

        (n_tokens + 1, m) float32, one passage after the other; the last row is -1 and of no token.
        """
        if len(passages) == passages[-1] - passages[0] + 1:  # they lie side by side
            rows = slice(int(self.starts[passages[0]]), int(self.starts[passages[-1] + 1]))
            return self.products.cosines(self.codes[rows], self.scales[rows], asked)
        parts = [self.rows(int(passage)) for passage in passages]
        codes, scales = (np.concatenate([column[part] for part in parts]) for column in (self.codes, self.scales))
        return self.products.cosines(codes, scales, asked)

    @classmethod
    def load(cls, folder: Path) -> Tokens:
        """Open them without reading them.

        Raises:
            IndexDamaged: onnxruntime refuses the products.
        """
        arrays = {
            name: np.load(_path(folder, name), mmap_mode="r", allow_pickle=False) for name in (*COLUMNS, "starts")
        }
        plain = {name: array.view(np.ndarray) for name, array in arrays.items()}  # numpy's memmap slices slowly
        try:
            return cls(**plain, products=Products((folder / PRODUCTS).read_bytes()))
        except ModelError as error:
            raise IndexDamaged(f"{PRODUCTS}: {error}") from error


def _graph() -> bytes:
    from index.building.product_graph import graph  # needs onnx, which only building does

    return graph()


def _starts(lengths: Sequence[int]) -> NDArray[np.int64]:
    return np.cumsum([0, *lengths], dtype=np.int64)


def _path(folder: Path, name: str) -> Path:
    return folder / f"token-{name}.npy"


def _new(files: ExitStack, path: Path, dtype: type, shape: tuple[int, ...]) -> BinaryIO:
    """A new array file with its head written, to be filled from the first row to the last."""
    file = files.enter_context(path.open("wb"))
    head = {"descr": np.lib.format.dtype_to_descr(np.dtype(dtype)), "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, head)
    return file
