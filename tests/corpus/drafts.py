"""Short names for what a reader found, so that expectations read like the page."""

from __future__ import annotations

from pathlib import Path

from corpus.article import Article, Kind
from corpus.readers.registry import ReadArticle, read_article

PAGES = Path(__file__).parent / "pages"
_SHORT = {
    Kind.PARAGRAPH: "p",
    Kind.ITEM: "li",
    Kind.QUESTION: "q",
    Kind.ANSWER: "a",
    Kind.BREAK: "hr",
}


def blocks(article: Article) -> list[tuple[str, str]]:
    """Kind and text of every block; headings as h1 to h6."""
    return [(_SHORT.get(b.kind) or f"h{b.level}", article.text[b.start : b.end]) for b in article.blocks]


def read(folder: Path, name: str, text: str | bytes) -> ReadArticle:
    """Write a file and read it as an article."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_article(path)


def read_blocks(folder: Path, name: str, text: str | bytes) -> list[tuple[str, str]]:
    return blocks(read(folder, name, text).article)
