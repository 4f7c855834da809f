"""What an article is once it has been read: one stable text, and spans into it.

Every span holds `0 <= start < end <= len(text)`, and whatever carries a text besides its span satisfies
`article.text[start:end] == text`. Nothing downstream copies or rewrites words; it points.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

UNKNOWN = "unknown"
HEADING_JOINER = " › "


class Kind(StrEnum):
    """What a block of an article is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUESTION = "question"
    ANSWER = "answer"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article comes from; `unknown` where its page does not say. Never guessed."""

    title: str
    author: str = UNKNOWN
    publisher: str = UNKNOWN
    address: str = UNKNOWN
    saved: str = UNKNOWN
    reviewed: str = UNKNOWN
    kind: str = UNKNOWN
    caution: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A run of the article's text of one kind; `level` counts for headings only (2 is a section)."""

    kind: Kind
    start: int
    end: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its stable text and the blocks it is made of, in order."""

    id: str
    source: Source
    text: str
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        """The title, which names the article in every answer."""
        return self.source.title


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: `article.text[start:end] == text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, a list with its lead-in or an FAQ pair, under its headings.

    `id` is unique among all articles of an index; `headings` runs from the section down (the article's
    title is not repeated in it); `question` is the span of an FAQ pair's question, which is never an answer.
    """

    id: str
    article: str
    headings: tuple[str, ...]
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]
    question: Sentence | None = None

    @property
    def heading(self) -> str:
        """The heading path as shown to people."""
        return HEADING_JOINER.join(self.headings)


@dataclass(frozen=True, slots=True)
class Draft:
    """A block before it has a place: what a reader hands to `assemble`."""

    kind: Kind
    text: str
    level: int = 0


_MARKS = {Kind.ITEM: "• ", Kind.QUESTION: "Q: ", Kind.ANSWER: "A: "}
_CLOSE = {(Kind.ITEM, Kind.ITEM), (Kind.QUESTION, Kind.ANSWER)}


def assemble(article_id: str, source: Source, drafts: list[Draft]) -> Article:
    """Lay the drafts out as one text. Equal drafts give equal text, whatever file they came from."""
    parts: list[str] = []
    blocks: list[Block] = []
    length = 0
    before: Kind | None = None
    for draft in drafts:
        if draft.kind is Kind.BREAK:
            blocks.append(Block(Kind.BREAK, length, length))
            continue
        gap = "" if before is None else "\n" if (before, draft.kind) in _CLOSE else "\n\n"
        lead = gap + _MARKS.get(draft.kind, "")
        parts += [lead, draft.text]
        start = length + len(lead)
        length = start + len(draft.text)
        blocks.append(Block(draft.kind, start, length, draft.level))
        before = draft.kind
    return Article(article_id, source, "".join(parts), tuple(blocks))
