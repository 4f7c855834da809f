"""SQuAD files (Rajpurkar et al. 2018): `{"data": [{"title", "paragraphs": [{"context", "qas": […]}]}]}`.

Plain: each entry is one article, each paragraph a passage exactly as it stands, gold is the question's paragraph.
Split: each paragraph is a long article, the project's splitter makes the passages, gold is any passage that holds at
least half of an accepted answer's characters; an answer torn into smaller pieces is a miss for every system.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from corpus.article import Passage, Sentence
from corpus.common.errors import DatasetError
from corpus.readers.registry import plain_article
from corpus.sentences import Span, sentence_spans
from corpus.splitter import Limits, split
from retrieval.evaluate.datasets import (
    Corpus,
    Dataset,
    Question,
    SentenceJudge,
    read_json,
    require,
    require_text,
    with_off_topic,
)
from retrieval.result import Quote

_GAP = "\n\n"
_WHOLE, _HALF = 1.0, 0.5


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph and its questions, whose spans point into it; no gold is given yet."""

    text: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of `data`: `id` is free of white space and its own; so is `title`."""

    id: str
    title: str
    paragraphs: tuple[_Paragraph, ...]


def read_squad(path: Path, limits: Limits | None = None) -> Dataset:
    """Return the data set of a SQuAD file; with `limits` each paragraph is split as a long article.

    Question ids keep their form where they are their own; a repeated one gets `~2`, a missing one its number.

    Raises:
        DatasetError: the file is not in SQuAD's form; the message names the field.
    """
    entries = list(_entries(path))
    corpora = [_whole(e) for e in entries] if limits is None else [c for e in entries for c in _split(e, limits)]
    if not any(q.gold is not None for c in corpora for q in c.questions):
        remedy = "; without --split they need no answer spans" if limits else ""
        raise DatasetError(f"{path}: none of its questions can be ranked{remedy}; check the file")
    judge = _sentence_holding(_WHOLE if limits is None else _HALF)
    return Dataset(path.name, with_off_topic(corpora), sentence_right=judge)


def _whole(entry: _Entry) -> Corpus:
    """One article of all paragraphs, each of them a passage."""
    article = plain_article(entry.id, entry.title, _GAP.join(p.text for p in entry.paragraphs))
    passages: list[Passage] = []
    questions: list[Question] = []
    start = 0
    for number, paragraph in enumerate(entry.paragraphs, start=1):
        end = start + len(paragraph.text)
        sentences = tuple(Sentence(a, b, article.text[a:b]) for a, b in sentence_spans(article.text, start, end))
        id_ = f"{article.id}#{number}"
        passages.append(Passage(id_, article.title, (), start, end, article.text[start:end], sentences))
        for question in paragraph.questions:
            spans = tuple((a + start, b + start) for a, b in question.spans)
            questions.append(replace(question, gold={id_: 1}, spans=spans))
        start = end + len(_GAP)
    return Corpus(entry.title, (article,), tuple(passages), tuple(questions))


def _split(entry: _Entry, limits: Limits) -> Iterator[Corpus]:
    """Each paragraph an article of its own, in passages of the project's making."""
    for number, paragraph in enumerate(entry.paragraphs, start=1):
        alone = len(entry.paragraphs) == 1
        own = entry.id if alone else f"{entry.id}.{number}"
        article = plain_article(own, entry.title if alone else f"{entry.title}, part {number}", paragraph.text)
        passages = tuple(split(article, limits))
        questions = tuple(
            replace(q, gold={p.id: 1 for p in passages if _holds((p.start, p.end), q.spans, _HALF)}) if q.spans else q
            for q in paragraph.questions
        )
        yield Corpus(entry.title, (article,), passages, questions)


def _entries(path: Path) -> Iterator[_Entry]:
    root = require(read_json(path, DatasetError), dict, str(path), DatasetError)
    ids, titles, articles = _Names(), _Names(), _Names()
    for n, raw in enumerate(_list(root, "data", str(path))):
        place = f"{path}, data[{n}]"
        entry = require(raw, dict, place, DatasetError)
        given = require(entry.get("title") or "", str, f"{place}.title", DatasetError).strip() or f"article {n + 1}"
        paragraphs = tuple(
            _paragraph(p, f"{place}.paragraphs[{i}]", ids) for i, p in enumerate(_list(entry, "paragraphs", place))
        )
        yield _Entry(articles.own(_one_word(given)), titles.own(given), paragraphs)


def _paragraph(raw: Any, place: str, ids: _Names) -> _Paragraph:
    paragraph = require(raw, dict, place, DatasetError)
    context = require_text(paragraph.get("context"), f"{place}.context", DatasetError)
    asked = enumerate(_list(paragraph, "qas", place, empty=True))
    return _Paragraph(context, tuple(_question(q, f"{place}.qas[{i}]", context, ids) for i, q in asked))


def _question(raw: Any, place: str, context: str, ids: _Names) -> Question:
    asked = require(raw, dict, place, DatasetError)
    text = require_text(asked.get("question"), f"{place}.question", DatasetError)
    impossible = bool(asked.get("is_impossible", False))
    answers = [] if impossible else require(asked.get("answers", []), list, f"{place}.answers", DatasetError)
    spans = tuple(dict.fromkeys(_span(a, f"{place}.answers[{i}]", context) for i, a in enumerate(answers)))
    accepted = tuple(dict.fromkeys(context[a:b] for a, b in spans))
    return Question(ids.own(_one_word(str(asked.get("id", "")))), text, None, spans, accepted, not impossible)


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


def _holds(container: Span, answers: Iterable[Span], needed: float) -> bool:
    """Whether the container holds at least `needed` (0 to 1) of the characters of any of the answers."""
    return any(
        max(0, min(container[1], end) - max(container[0], start)) / (end - start) >= needed for start, end in answers
    )


def _sentence_holding(needed: float) -> SentenceJudge:
    """Return a judge that wants `needed` (0 to 1) of an accepted answer inside the sentence shown."""

    def judge(question: Question, sentence: Quote | None) -> bool | None:
        if not question.spans:
            return None
        return sentence is not None and _holds((sentence.start, sentence.end), question.spans, needed)

    return judge


def _list(owner: dict[str, Any], field: str, place: str, *, empty: bool = False) -> list[Any]:
    items: list[Any] = require(owner.get(field), list, f"{place}.{field}", DatasetError)
    if not items and not empty:
        raise DatasetError(f"{place}.{field}: at least one entry was expected, found none; check the file")
    return items


def _one_word(text: str) -> str:
    """Run files part their columns by white space, so ids hold none."""
    return re.sub(r"\s+", "_", text.strip())


class _Names:
    """Gives out names that are their own: a repeated one gets `~2`, an empty one its number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def own(self, wanted: str) -> str:
        """Return `wanted`, or the first free name made from it."""
        wanted = wanted or str(len(self._taken) + 1)
        name = next(n for i in count(1) if (n := wanted if i == 1 else f"{wanted}~{i}") not in self._taken)
        self._taken.add(name)
        return name
