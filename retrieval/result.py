"""What answering gives: the Answer of the contract, and the hits it was made from.

Field names are fixed, others script against them. Offsets point into the text of the article named, and a quote
whose text is not what stands there is never shown (`retrieval.answer` checks each one).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from corpus.article import Passage


class AnswerKind(str, Enum):
    """What an answer is."""

    ANSWER = "answer"
    RELATED = "related"
    NOT_COVERED = "not_covered"
    PERSONAL = "personal"
    EMERGENCY = "emergency"
    SMALLTALK = "smalltalk"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query; rank starts at 1, higher score is better."""

    passage: Passage
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim span: `article.text[start:end] == text`, for the article titled `article`."""

    text: str
    article: str
    heading: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class SourceHit:
    """A passage the answer rests on, best first; `passage` is its text."""

    rank: int
    passage: str
    article: str
    heading: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Highlight:
    """A word of the question and the span of the article's words that matched it, for underlining."""

    word: str
    article: str
    start: int
    end: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, complete: nothing else is needed to show it.

    `searched_for` is the question as searched where misspellings were mended, else empty. `matches` say which words
    of the sources answered to which words of the question.
    """

    question: str
    kind: AnswerKind
    text: str
    quotes: tuple[Quote, ...] = ()
    sources: tuple[SourceHit, ...] = ()
    uncovered: tuple[str, ...] = ()
    confidence: float = 0.0
    suggestions: tuple[str, ...] = ()
    disclaimer: str = ""
    searched_for: str = ""
    matches: tuple[Highlight, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain values, ready for `json.dumps`; the kind becomes its string."""
        return {**asdict(self), "kind": self.kind.value}
