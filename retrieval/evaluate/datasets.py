"""The one form of every data set, and the checks its reader makes on the files it is read from.

A `Corpus` is what one index is built from, together with the questions put to it. `group` names the article the
questions belong to: intervals are drawn by resampling whole groups. Every error of a reader names the file, the line or
field, what was found and what was wanted.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from corpus.article import Article, Passage
from corpus.common.errors import AskError
from corpus.sentences import Span
from retrieval.ranking.protocols import Ranker
from retrieval.result import Quote

Build = Callable[[Sequence[Article], Sequence[Passage]], Mapping[str, Ranker]]
"""Index articles and passages in memory and return the systems to be measured on them, by name."""

SEED = 2018

_TYPES: dict[type[Any], str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    int: "a whole number",
    bool: "true or false",
}


class Recall(Enum):
    """What `recall@k` counts.

    ANY is the share of questions with a gold passage among the first k (TREC's success@k): where passages overlap or
    several hold the answer, one of them is enough. SHARE is the share of all gold documents among the first k, which
    is how BEIR defines recall. With one gold passage a question, the two are equal.
    """

    ANY = "any"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a data set.

    `gold` maps passage ids to grades above 0; None where ranking passages for it cannot be judged, while an empty one
    is a question no passage answers as a whole, which every system misses. `spans` are the accepted answers in the
    article's text, `accepted` what to show a person as the right answer. `answerable` is False where the article is
    known not to answer.
    """

    id: str
    text: str
    gold: Mapping[str, int] | None
    spans: tuple[Span, ...] = ()
    accepted: tuple[str, ...] = ()
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class Corpus:
    """What one index is built from, its questions, and `off_topic`: questions of other articles."""

    group: str
    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]
    questions: tuple[Question, ...]
    off_topic: tuple[Question, ...] = ()


def never_judged(question: Question, sentence: Quote | None) -> bool | None:  # noqa: ARG001 (the form of a SentenceJudge)
    """Return None: for data sets that say nothing about sentences."""
    return None


SentenceJudge = Callable[[Question, Quote | None], bool | None]
"""Whether the sentence shown (None: none was) is right; None where the data set does not say."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set ready to be run: its corpora and its rules of judgement."""

    name: str
    corpora: tuple[Corpus, ...]
    recall: Recall = Recall.ANY
    sentence_right: SentenceJudge = never_judged
    notes: tuple[str, ...] = ()


def with_off_topic(corpora: Sequence[Corpus]) -> tuple[Corpus, ...]:
    """Return each corpus with as many questions of other groups as it has answerable ones, or as many as there are.

    Drawn with a fixed seed, so that every system and every run is asked the same ones.
    """
    return tuple(replace(corpus, off_topic=_draw(n, corpus, corpora)) for n, corpus in enumerate(corpora))


def _draw(number: int, corpus: Corpus, corpora: Sequence[Corpus]) -> tuple[Question, ...]:
    others = [q for other in corpora if other.group != corpus.group for q in other.questions]
    wanted = min(len(others), sum(q.answerable for q in corpus.questions))
    if not wanted:
        return ()
    picked = np.random.default_rng([SEED, number]).choice(len(others), wanted, replace=False)
    return tuple(others[i] for i in sorted(picked))


def read_text(path: Path, error: type[AskError]) -> str:
    """Return a UTF-8 file's text, unpacked where its name ends in .gz.

    Raises:
        error: there is no such file, or it cannot be unpacked or decoded.
    """
    if not path.is_file():
        raise error(f"{path}: no such file; check the path")
    try:
        with _open(path) as file:
            return file.read()
    except (gzip.BadGzipFile, EOFError, zlib.error) as problem:
        raise error(f"{path}: cannot be unpacked ({problem}); pack it again with gzip") from problem
    except (UnicodeDecodeError, OSError) as problem:
        raise error(f"{path}: cannot be read as UTF-8 text ({problem}); save it as UTF-8") from problem


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig")


def read_json(path: Path, error: type[AskError]) -> Any:
    """Return the one JSON value in a file."""
    try:
        return json.loads(read_text(path, error))
    except ValueError as problem:
        raise error(f"{path}: not JSON ({problem}); export it again") from problem


def read_lines(path: Path, error: type[AskError]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield `file, line n` and the object on it, for every line that is not blank."""
    for number, line in enumerate(read_text(path, error).split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{path}, line {number}"
        try:
            value = json.loads(line)
        except ValueError as problem:
            raise error(f"{place}: not JSON ({problem}); write one object on each line") from problem
        yield place, require(value, dict, place, error)


def require(value: Any, kind: type[Any], place: str, error: type[AskError]) -> Any:
    """Return `value` if it is of that type, else raise `error` naming the place."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        text = repr(value)
        short = text if len(text) <= 40 else text[:39] + "…"
        found = "nothing" if value is None else f"{type(value).__name__} {short}"
        raise error(f"{place}: {_TYPES[kind]} was expected, found {found}; correct it")
    return value


def require_text(value: Any, place: str, error: type[AskError]) -> str:
    """Return `value` if it is a string that is not blank."""
    text: str = require(value, str, place, error)
    if not text.strip():
        raise error(f"{place}: a text was expected, found a blank one; fill it in or remove the entry")
    return text


def require_texts(value: Any, place: str, error: type[AskError]) -> tuple[str, ...]:
    """Return a list of strings, none blank, as a tuple."""
    items: list[Any] = require(value, list, place, error)
    return tuple(require_text(item, f"{place}[{i}]", error) for i, item in enumerate(items))
