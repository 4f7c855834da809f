"""Articles, passages and the bank as JSON lines, the form in which they lie in an index folder.

Beside each file lies where its lines end, so that a row is parsed when somebody asks for it, not when the file opens.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article, Block, Kind, Passage, Sentence, Source
from corpus.bank import Asked

T = TypeVar("T")
REMEMBERED = 4096  # rows kept parsed: more than one question needs


def write(path: Path, rows: Iterable[Any]) -> None:
    """Write dataclasses, one JSON object a line, and where each line ends."""
    ends = [0]
    with path.open("wb") as file:
        for row in rows:
            ends.append(ends[-1] + file.write(json.dumps(asdict(row), ensure_ascii=False).encode() + b"\n"))
    np.save(_ends_path(path), np.array(ends, dtype=np.int64), allow_pickle=False)


class Lines(Sequence[T]):
    """The rows of a file, each made by one of the functions below when it is asked for."""

    def __init__(self, path: Path, make: Callable[[dict[str, Any]], T]) -> None:
        self._ends = np.load(_ends_path(path), mmap_mode="r", allow_pickle=False)
        self._bytes: NDArray[np.uint8] = np.memmap(path, np.uint8, "r") if len(self) else np.empty(0, np.uint8)
        self._make = make
        self._row = lru_cache(maxsize=REMEMBERED)(self._parse)

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, row: int) -> T: ...
    @overload
    def __getitem__(self, row: slice) -> list[T]: ...
    def __getitem__(self, row: int | slice) -> T | list[T]:
        if isinstance(row, slice):
            return [self._row(n) for n in range(*row.indices(len(self)))]
        return self._row(range(len(self))[row])

    def _parse(self, row: int) -> T:
        return self._make(json.loads(self._bytes[self._ends[row] : self._ends[row + 1]].tobytes()))


def _ends_path(path: Path) -> Path:
    return path.with_name(f"{path.stem}-ends.npy")


def article(row: dict[str, Any]) -> Article:
    """An article of `articles.jsonl`."""
    blocks = tuple(Block(Kind(b["kind"]), b["start"], b["end"], b["level"]) for b in row["blocks"])
    return Article(row["id"], Source(**row["source"]), row["text"], blocks)


def passage(row: dict[str, Any]) -> Passage:
    """A passage of `passages.jsonl`."""
    sentences = tuple(Sentence(**s) for s in row.pop("sentences"))
    question = row.pop("question")
    headings = tuple(row.pop("headings"))
    return Passage(**row, headings=headings, sentences=sentences, question=Sentence(**question) if question else None)


def asked(row: dict[str, Any]) -> Asked:
    """A wording of `bank.jsonl`."""
    sentences = tuple((n, Sentence(**s)) for n, s in row["sentences"])
    return Asked(row["question"], row["topic"], sentences)
