"""Golden questions: one object a line, `{"id", "question", "kind", "quotes", "history"?}`.

`quotes` are the exact sentences accepted as the answer; without any, the question must not be answered. Kinds are
free names; the few that mean something here are listed below, everything else only groups the rows.

A quote shown is compared with the accepted sentences to the letter, white space and a leading list or FAQ mark aside.
It may say more than the accepted sentence (the product takes a neighbour along); a little less will do too: `ENOUGH` of
its characters, inside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Article, Passage
from corpus.common.errors import QuestionFileError
from retrieval.evaluate.datasets import Corpus, Dataset, Question, read_lines, require_text, require_texts
from retrieval.result import Quote

EMERGENCIES = frozenset({"emergency", "emergency_direct", "emergency_indirect"})
NEAR_MISS = "near_miss"
FAR_OFF = "far_off"
ENOUGH = 0.8

_MARK = re.compile(r"^(?:[•*-]\s+|[QA]:\s+)")


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """One golden question; `kind` as written, in lower case with underscores."""

    id: str
    question: str
    kind: str
    quotes: tuple[str, ...]
    history: tuple[str, ...] = ()

    @property
    def emergency(self) -> bool:
        """Whether it must be recognised as an emergency; `emergency_sounding` and the like must not."""
        return self.kind in EMERGENCIES

    @property
    def answerable(self) -> bool:
        """Whether the article answers it."""
        return bool(self.quotes) and not self.emergency


def read_golden(path: Path) -> tuple[GoldenQuestion, ...]:
    """Return the questions of a file; a row without an id is called by its line.

    Raises:
        QuestionFileError: a line is broken; the message names it.
    """
    rows: dict[str, GoldenQuestion] = {}
    error = QuestionFileError
    for place, raw in read_lines(path, error):
        id_ = require_text(str(raw.get("id") or place.rsplit(" ", 1)[-1]), f"{place}, id", error)
        if id_ in rows:
            raise error(f"{place}: id {id_!r} was given before; give each question its own")
        rows[id_] = GoldenQuestion(
            id_,
            require_text(raw.get("question"), f"{place}, question", error),
            _plain_kind(require_text(raw.get("kind"), f"{place}, kind", error)),
            require_texts(raw.get("quotes"), f"{place}, quotes", error),
            require_texts(raw.get("history") or [], f"{place}, history", error),
        )
    if not rows:
        raise error(f"{path}: holds no question; check the file")
    return tuple(rows.values())


def golden_dataset(
    path: Path, rows: Sequence[GoldenQuestion], articles: tuple[Article, ...], passages: tuple[Passage, ...]
) -> Dataset:
    """Return golden questions as a ranking task: gold is every passage that holds an accepted sentence.

    Near misses join as questions the article does not answer, far-off ones as off topic. A follow-up is asked together
    with the question before it, for rankers know no conversation.

    Raises:
        QuestionFileError: none of the accepted sentences stands in these articles.
    """
    asked = tuple(_question(row, passages) for row in rows if row.answerable or row.kind == NEAR_MISS)
    answerable = [q for q in asked if q.answerable]
    if answerable and not any(q.gold for q in answerable):
        titles = ", ".join(f"“{a.title}”" for a in articles)
        raise QuestionFileError(f"{path}: no accepted sentence stands in {titles}; is --index the right one?")
    off_topic = tuple(_question(row, passages) for row in rows if row.kind == FAR_OFF and not row.answerable)
    corpus = Corpus("golden", articles, passages, asked, off_topic)
    return Dataset(path.name, (corpus,), sentence_right=_sentence_accepted, notes=_not_found(rows, articles))


def fold(text: str) -> str:
    """Return the text with single blanks and without a leading list or FAQ mark."""
    return _MARK.sub("", " ".join(text.split()))


def accepts(shown: str, accepted: Iterable[str]) -> bool:
    """Return whether what is shown contains an accepted sentence, or is at least `ENOUGH` of one."""
    return any(_says(shown, sentence) or _mostly(fold(shown), fold(sentence)) for sentence in accepted)


def _says(text: str, accepted: str) -> bool:
    return fold(accepted) in " ".join(text.split())


def _mostly(shown: str, sentence: str) -> bool:
    return bool(shown) and shown in sentence and len(shown) >= ENOUGH * len(sentence)


def _sentence_accepted(question: Question, sentence: Quote | None) -> bool | None:
    """Judge the sentence shown by the accepted ones; questions without any are not judged."""
    if not question.accepted:
        return None
    return sentence is not None and accepts(sentence.text, question.accepted)


def _question(row: GoldenQuestion, passages: Sequence[Passage]) -> Question:
    gold = {p.id: 1 for p in passages if any(_says(p.text, q) for q in row.quotes)} if row.answerable else None
    text = " ".join([*row.history[-1:], row.question])
    return Question(row.id.replace(" ", "_"), text, gold, accepted=row.quotes, answerable=row.answerable)


def _not_found(rows: Sequence[GoldenQuestion], articles: Sequence[Article]) -> tuple[str, ...]:
    """Name the rows with accepted sentences that are in no article: no system can get those right."""
    lost = [row.id for row in rows if not all(any(_says(a.text, quote) for a in articles) for quote in row.quotes)]
    return (f"accepted sentences that stand in no article, rows: {', '.join(lost)}",) if lost else ()


def _plain_kind(kind: str) -> str:
    return kind.strip().casefold().replace("-", "_").replace(" ", "_")
