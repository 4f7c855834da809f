"""Places in the articles and their addresses: `#at-<article>-<start>-<end>`, offsets into that article's text.

The same address serves the numbered quotes, the link somebody shares and the reload that keeps the place. It points
by offset, so it holds as long as the article's text does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.article import Article


class Span(Protocol):
    """Whatever points into an article: a quote, a source."""

    @property
    def article(self) -> str:
        """The article's title."""
        ...

    @property
    def start(self) -> int:
        """Where it begins."""
        ...

    @property
    def end(self) -> int:
        """Where it ends."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """`articles[article].text[start:end]`."""

    article: int
    start: int
    end: int

    @property
    def address(self) -> str:
        """What follows the `#`."""
        return f"at-{self.article}-{self.start}-{self.end}"


def locate(span: Span, articles: Sequence[Article]) -> Place | None:
    """Return the place of a span, or None when no such article is shown on this page."""
    for number, article in enumerate(articles):
        if article.title == span.article:
            return Place(number, span.start, span.end)
    return None
