"""Many strings that are only ever looked up: sorted, one after the other in a single file that is never read whole.

A set of a million Python strings takes a second to read and 100 MB to hold; this takes neither.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Set
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Offsets = NDArray[np.int64]


class Strings(Set[str]):
    """A sorted set of strings; `place` tells where in the order one stands."""

    def __init__(self, text: Bytes, ends: Offsets) -> None:
        """`text` holds the strings' UTF-8, `ends` (n,) where each ends in it."""
        self._text = text
        self._ends = ends
        self._characters, self._end = text.data, ends.data  # an item of a memoryview costs a tenth of numpy's

    @classmethod
    def of(cls, strings: Iterable[str]) -> Strings:
        """Sort strings, each once (UTF-8 sorts as code points do)."""
        encoded = [_utf8(string) for string in sorted(set(strings))]
        ends = np.cumsum([len(each) for each in encoded], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), ends)

    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> frozenset[Any]:
        """What `&`, `|` and `-` give."""
        return frozenset(it)

    def __len__(self) -> int:
        return len(self._ends)

    def __iter__(self) -> Iterator[str]:
        return (self._at(place).decode("utf-8", "surrogatepass") for place in range(len(self)))

    def __contains__(self, string: object) -> bool:
        return isinstance(string, str) and self.place(string) is not None

    def place(self, string: str) -> int | None:
        """Where a string stands in the order, from 0; None if it is not there."""
        wanted = _utf8(string)
        place = bisect_left(range(len(self)), wanted, key=self._at)
        return place if place < len(self) and self._at(place) == wanted else None

    def _at(self, place: int) -> bytes:
        start = self._end[place - 1] if place else 0
        return bytes(self._characters[start : self._end[place]])

    def save(self, stem: Path) -> None:
        """Write two numpy files whose names begin with `stem`."""
        for name, array in (("text", self._text), ("ends", self._ends)):
            np.save(_path(stem, name), array, allow_pickle=False)

    @classmethod
    def load(cls, stem: Path) -> Strings:
        """Open them, memory-mapped."""
        return cls(*(np.load(_path(stem, name), mmap_mode="r", allow_pickle=False) for name in ("text", "ends")))


def _path(stem: Path, name: str) -> Path:
    return stem.with_name(f"{stem.name}-{name}.npy")


def _utf8(string: str) -> bytes:
    return string.encode("utf-8", "surrogatepass")
