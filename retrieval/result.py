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
class Advice:
    """One piece of what to do: a sentence or a title, and the list under it, whose order counts where `numbered`."""

    text: str
    items: tuple[str, ...] = ()
    numbered: bool = False

    @property
    def lines(self) -> list[str]:
        """The piece line by line, without markup; items open with "1. " or "- "."""
        marks = (f"{n}." if self.numbered else "-" for n in range(1, len(self.items) + 1))
        return [self.text, *(f"{mark} {item}" for mark, item in zip(marks, self.items, strict=True))]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, complete: nothing else is needed to show it.

    `lead` is what the product itself says before the quotes; empty where the quotes speak for themselves. `advice` is
    what to do in an emergency, or first aid that was asked about, labelled as no quote; `numbers` are the telephone
    numbers to call, of an emergency only. `searched_for` is the question as searched where misspellings were mended,
    else empty. `matches` say which words of the sources answered to which words of the question.
    """

    question: str
    kind: AnswerKind
    lead: str
    quotes: tuple[Quote, ...] = ()
    sources: tuple[SourceHit, ...] = ()
    uncovered: tuple[str, ...] = ()
    confidence: float = 0.0
    suggestions: tuple[str, ...] = ()
    disclaimer: str = ""
    searched_for: str = ""
    matches: tuple[Highlight, ...] = ()
    advice: tuple[Advice, ...] = ()
    numbers: tuple[str, ...] = ()

    @property
    def aid(self) -> str:
        """The advice without markup: an empty line between pieces, a line for each item."""
        return "\n\n".join("\n".join(piece.lines) for piece in self.advice)

    @property
    def text(self) -> str:
        """All that the person is shown, without markup: lead, quotes and advice, an empty line between them."""
        return "\n\n".join(filter(None, [self.lead, *(quote.text for quote in self.quotes), self.aid]))

    def to_json(self) -> dict[str, Any]:
        """Return plain values, ready for `json.dumps`: the fields, the kind as its string, `text` and `aid`."""
        return {**asdict(self), "kind": self.kind.value, "text": self.text, "aid": self.aid}
