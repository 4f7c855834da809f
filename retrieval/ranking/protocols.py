"""The seams of retrieval: what ranks passages, and what answers. Parts on both sides are swapped freely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.article import Article
from retrieval.result import Answer, Hit, Quote


@dataclass(frozen=True, slots=True)
class RankingResult:
    """What one look into the index found.

    `sentence` is the one best sentence to show; `confidence` is comparable between questions (0 to 1, higher is
    surer that the article speaks of this), which the scores of `hits` need not be.
    """

    hits: tuple[Hit, ...]
    sentence: Quote | None
    confidence: float


class Ranker(Protocol):
    """A way to rank the passages of one index."""

    def look(self, question: str, k: int) -> RankingResult:
        """Return the `k` best passages, best first, scores strictly decreasing."""
        ...


class Answerer(Protocol):
    """What the page, the command and the evaluation ask."""

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles answered from."""
        ...

    @property
    def starters(self) -> tuple[str, ...]:
        """Good first questions, each known to be answered, one per part of the article."""
        ...

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer one question; `history` holds the earlier questions of this conversation, oldest first."""
        ...
