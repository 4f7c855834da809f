"""Golden questions: one object a line, `{"id", "question", "kind", "quotes", "history"?}`.

`quotes` are the exact sentences accepted as the answer; without any, the question must not be answered. Kinds are
free names; the few that mean something here are listed below, everything else only groups the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Article, Passage
from corpus.common.errors import QuestionFileError
from retrieval.evaluate.cases import Corpus, Dataset, Question
from retrieval.evaluate.files import read_lines, require_text, require_texts
from retrieval.evaluate.matching import says, sentence_accepted, stands_in

EMERGENCIES = frozenset({"emergency", "emergency_direct", "emergency_indirect"})
NEAR_MISS = "near_miss"
FAR_OFF = "far_off"


@dataclass(frozen=True, slots=True)
class Row:
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


def read_golden(path: Path) -> tuple[Row, ...]:
    """Read golden questions; a row without an id is called by its line.

    Raises:
        QuestionFileError: a line is broken; the message names it.
    """
    rows: dict[str, Row] = {}
    error = QuestionFileError
    for place, raw in read_lines(path, error):
        id_ = require_text(str(raw.get("id") or place.rsplit(" ", 1)[-1]), f"{place}, id", error)
        if id_ in rows:
            raise error(f"{place}: id {id_!r} was given before; give each question its own")
        rows[id_] = Row(
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
    path: Path, rows: Sequence[Row], articles: tuple[Article, ...], passages: tuple[Passage, ...]
) -> Dataset:
    """Golden rows as a ranking task: gold is every passage that holds an accepted sentence.

    Near misses join as questions the article does not answer, far-off ones as strangers. A follow-up is asked
    together with the question before it, for rankers know no conversation.

    Raises:
        QuestionFileError: none of the accepted sentences stands in these articles.
    """
    asked = tuple(_question(row, passages) for row in rows if row.answerable or row.kind == NEAR_MISS)
    answerable = [q for q in asked if q.answerable]
    if answerable and not any(q.gold for q in answerable):
        titles = ", ".join(f"“{a.title}”" for a in articles)
        raise QuestionFileError(f"{path}: no accepted sentence stands in {titles}; is --index the right one?")
    strangers = tuple(_question(row, passages) for row in rows if row.kind == FAR_OFF and not row.answerable)
    corpus = Corpus("golden", articles, passages, asked, strangers)
    return Dataset(path.name, (corpus,), sentence_right=sentence_accepted, notes=_lost(rows, articles))


def _question(row: Row, passages: Sequence[Passage]) -> Question:
    gold = {p.id: 1 for p in passages if any(says(p.text, q) for q in row.quotes)} if row.answerable else None
    text = " ".join([*row.history[-1:], row.question])
    return Question(row.id.replace(" ", "_"), text, gold, accepted=row.quotes, answerable=row.answerable)


def _lost(rows: Sequence[Row], articles: Sequence[Article]) -> tuple[str, ...]:
    """Name the rows whose accepted sentences are not the article's: no system can get those right."""
    lost = [row.id for row in rows if any(not stands_in(quote, articles) for quote in row.quotes)]
    return (f"accepted sentences that stand in no article, rows: {', '.join(lost)}",) if lost else ()


def _plain_kind(kind: str) -> str:
    return kind.strip().casefold().replace("-", "_").replace(" ", "_")
