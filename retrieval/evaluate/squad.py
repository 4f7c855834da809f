"""SQuAD files (Rajpurkar et al. 2018): `{"data": [{"title", "paragraphs": [{"context", "qas": […]}]}]}`.

Plain: each entry is one article, each paragraph a passage exactly as it stands, gold is the question's paragraph.
Split: each paragraph is a long article, the project's splitter makes the passages, gold is any passage that holds at
least half of an accepted answer's characters; an answer torn into smaller pieces is a miss for every system.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from corpus.article import Article, Passage, Sentence
from corpus.common.errors import DatasetError
from corpus.readers.registry import plain_article
from corpus.sentences import sentence_spans
from corpus.splitter import Limits, split
from retrieval.evaluate.cases import Corpus, Dataset, Question, Span
from retrieval.evaluate.files import read_json, require, require_text
from retrieval.evaluate.spans import HALF, WHOLE, holds, sentence_holding
from retrieval.evaluate.strangers import with_strangers

_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the file has it; spans point into its paragraph."""

    id: str
    text: str
    spans: tuple[Span, ...]
    accepted: tuple[str, ...]
    impossible: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and its questions."""

    text: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of `data`: `id` is free of white space and its own; so is `title`."""

    id: str
    title: str
    paragraphs: tuple[Paragraph, ...]


def read_squad(path: Path, limits: Limits | None = None) -> Dataset:
    """Read a SQuAD file; with `limits` each paragraph is split as a long article.

    Question ids keep their form where they are their own; a repeated one gets `~2`, a missing one its number.

    Raises:
        DatasetError: the file is not in SQuAD's form; the message names the field.
    """
    entries = list(_entries(path))
    corpora = [_whole(e) for e in entries] if limits is None else [c for e in entries for c in _split(e, limits)]
    if not any(q.gold is not None for c in corpora for q in c.questions):
        remedy = "; without --split they need no answer spans" if limits else ""
        raise DatasetError(f"{path}: none of its questions can be ranked{remedy}; check the file")
    judge = sentence_holding(WHOLE if limits is None else HALF)
    return Dataset(path.name, with_strangers(corpora), sentence_right=judge)


def _whole(entry: Entry) -> Corpus:
    """One article of all paragraphs, each of them a passage."""
    article = plain_article(entry.id, entry.title, _GAP.join(p.text for p in entry.paragraphs))
    passages: list[Passage] = []
    questions: list[Question] = []
    start = 0
    for number, paragraph in enumerate(entry.paragraphs, start=1):
        passages.append(_passage(article, number, start, start + len(paragraph.text)))
        questions += [_question(a, {passages[-1].id: 1}, start) for a in paragraph.asked]
        start += len(paragraph.text) + len(_GAP)
    return Corpus(entry.title, (article,), tuple(passages), tuple(questions))


def _passage(article: Article, number: int, start: int, end: int) -> Passage:
    text = article.text
    sentences = tuple(Sentence(a, b, text[a:b]) for a, b in sentence_spans(text, start, end))
    return Passage(f"{article.id}#{number}", article.title, (), start, end, text[start:end], sentences)


def _split(entry: Entry, limits: Limits) -> Iterator[Corpus]:
    """Each paragraph an article of its own, in passages of the project's making."""
    for number, paragraph in enumerate(entry.paragraphs, start=1):
        alone = len(entry.paragraphs) == 1
        own = entry.id if alone else f"{entry.id}.{number}"
        article = plain_article(own, entry.title if alone else f"{entry.title}, part {number}", paragraph.text)
        passages = tuple(split(article, limits))
        questions = tuple(_question(a, _half_holders(a, passages), 0) for a in paragraph.asked)
        yield Corpus(entry.title, (article,), passages, questions)


def _half_holders(asked: Asked, passages: tuple[Passage, ...]) -> dict[str, int] | None:
    """Return the passages that hold half the answer; None without an answer to look for."""
    if not asked.spans:
        return None
    return {p.id: 1 for p in passages if holds((p.start, p.end), asked.spans, HALF)}


def _question(asked: Asked, gold: dict[str, int] | None, offset: int) -> Question:
    spans = tuple((a + offset, b + offset) for a, b in asked.spans)
    return Question(asked.id, asked.text, gold, spans, asked.accepted, not asked.impossible)


def _entries(path: Path) -> Iterator[Entry]:
    root = require(read_json(path, DatasetError), dict, str(path), DatasetError)
    entries = _list(root, "data", str(path))
    ids, titles, articles = Namer(), Namer(), Namer()
    for n, raw in enumerate(entries):
        place = f"{path}, data[{n}]"
        entry = require(raw, dict, place, DatasetError)
        given = require(entry.get("title") or "", str, f"{place}.title", DatasetError).strip() or f"article {n + 1}"
        paragraphs = tuple(
            _paragraph(p, f"{place}.paragraphs[{i}]", ids) for i, p in enumerate(_list(entry, "paragraphs", place))
        )
        yield Entry(articles.own(_one_word(given)), titles.own(given), paragraphs)


def _paragraph(raw: Any, place: str, ids: Namer) -> Paragraph:
    paragraph = require(raw, dict, place, DatasetError)
    context = require_text(paragraph.get("context"), f"{place}.context", DatasetError)
    asked = tuple(
        _asked(q, f"{place}.qas[{i}]", context, ids) for i, q in enumerate(_list(paragraph, "qas", place, empty=True))
    )
    return Paragraph(context, asked)


def _asked(raw: Any, place: str, context: str, ids: Namer) -> Asked:
    asked = require(raw, dict, place, DatasetError)
    text = require_text(asked.get("question"), f"{place}.question", DatasetError)
    impossible = bool(asked.get("is_impossible", False))
    answers = [] if impossible else require(asked.get("answers", []), list, f"{place}.answers", DatasetError)
    spans = tuple(dict.fromkeys(_span(a, f"{place}.answers[{i}]", context) for i, a in enumerate(answers)))
    own = ids.own(_one_word(str(asked.get("id", ""))))
    return Asked(own, text, spans, tuple(dict.fromkeys(context[a:b] for a, b in spans)), impossible)


def _span(raw: Any, place: str, context: str) -> Span:
    answer = require(raw, dict, place, DatasetError)
    text = require_text(answer.get("text"), f"{place}.text", DatasetError)
    start = require(answer.get("answer_start"), int, f"{place}.answer_start", DatasetError)
    found = context[start : start + len(text)] if start >= 0 else ""
    if found != text:
        raise DatasetError(
            f"{place}: answer_start {start} points at {found[:40]!r}, its text is {text[:40]!r}; correct the offset"
        )
    left = len(text) - len(text.lstrip())
    return start + left, start + left + len(text.strip())


def _list(owner: dict[str, Any], field: str, place: str, *, empty: bool = False) -> list[Any]:
    items: list[Any] = require(owner.get(field), list, f"{place}.{field}", DatasetError)
    if not items and not empty:
        raise DatasetError(f"{place}.{field}: at least one entry was expected, found none; check the file")
    return items


def _one_word(text: str) -> str:
    """Run files part their columns by white space, so ids hold none."""
    return re.sub(r"\s+", "_", text.strip())


class Namer:
    """Gives out names that are their own: a repeated one gets `~2`, an empty one its number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def own(self, wanted: str) -> str:
        """Return `wanted`, or the first free name made from it."""
        wanted = wanted or str(len(self._taken) + 1)
        name = next(n for i in count(1) if (n := wanted if i == 1 else f"{wanted}~{i}") not in self._taken)
        self._taken.add(name)
        return name
