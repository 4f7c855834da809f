"""Articles, passages and the bank as JSON lines, the form in which they lie in an index folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from corpus.article import Article, Block, Kind, Passage, Sentence, Source
from corpus.bank import Asked

T = TypeVar("T")


def write(path: Path, rows: Iterable[Any]) -> None:
    """Write dataclasses, one JSON object a line."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")


def read(path: Path, make: Callable[[dict[str, Any]], T]) -> list[T]:
    """Read them back with one of the functions below."""
    with path.open(encoding="utf-8") as file:
        return [make(json.loads(line)) for line in file]


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
