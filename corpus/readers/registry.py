"""A file ▶ an `Article`. The same article read from .md, .txt or .html has the same text.

`READERS` is the list of formats, each of which has a file of its own beside this one. Here is what follows for all:
opening the file with care, telling question and answer pairs from paragraphs, and laying the text out. Every refusal
is an `ArticleError` of one line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from pkgutil import resolve_name
from typing import cast

from corpus.article import Article, Block, Draft, Kind, Source, assemble
from corpus.common.errors import ArticleError
from corpus.readers.parsed_page import Page, fold

MAX_BYTES = 5_000_000

# The suffix of a file ▶ what reads its bytes into a `Page`, by name: a parser is imported when a file needs it.
READERS = {
    ".md": "corpus.readers.markdown:read_markdown",
    ".markdown": "corpus.readers.markdown:read_markdown",
    ".txt": "corpus.readers.saved_text:read_saved_text",
    ".html": "corpus.readers.html:read_html",
    ".htm": "corpus.readers.html:read_html",
}

_PAIR = re.compile(r"^([QA]):\s*(.+)$", re.DOTALL)
_HALVES = re.compile(r"\n(?=[QA]:\s)|(?<=[.?!])\s+(?=[QA]:\s)")
_BODY = (Kind.PARAGRAPH, Kind.ITEM, Kind.ANSWER)


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article, the lines of its file that were taken for page noise, and the SHA-256 of the bytes read."""

    article: Article
    dropped: tuple[str, ...]
    sha256: str


def read_article(path: Path) -> ReadArticle:
    """Read one article file.

    Raises:
        ArticleError: the file is missing, empty, too large, binary, not UTF-8, of an unknown kind, or has no sentence.
    """
    data = _bytes(path)
    read = _reader(path)
    try:
        page = read(data)
        article = _laid_out(_slug(path.stem), page, _name(path))
    except ArticleError as error:
        raise ArticleError(f"{path}: {error}") from error
    return ReadArticle(article, page.dropped, hashlib.sha256(data).hexdigest())


def read_articles(paths: list[Path]) -> list[ReadArticle]:
    """Read several articles, which must have different titles since answers name them by title.

    Raises:
        ArticleError: as `read_article`, or two articles share a title.
    """
    readings: list[ReadArticle] = []
    seen: dict[str, Path] = {}
    for path in paths:
        reading = read_article(path)
        title = reading.article.title.casefold()
        if title in seen:
            raise ArticleError(
                f"{path}: its title “{reading.article.title}” is that of {seen[title]} too; "
                "give one of them another title in its front matter"
            )
        seen[title] = path
        readings.append(reading)
    return _with_own_ids(readings)


def markdown_article(article_id: str, title: str, text: str) -> Article:
    """An article from Markdown that lies in no file; `title` counts where the text names none.

    Raises:
        ArticleError: its front matter is broken, or it has no sentence.
    """
    from corpus.readers.markdown import markdown_page

    return _laid_out(article_id, markdown_page(text), title)


def _laid_out(article_id: str, page: Page, title: str) -> Article:
    """Return the article of a page, which has `title` where the page names none."""
    drafts = [half for draft in page.drafts for half in _halves(draft)]
    if not any(d.kind in _BODY and re.search(r"\w", d.text) for d in drafts):
        raise ArticleError("no sentence found, so there is nothing to answer from; is this the right file?")
    return assemble(article_id, replace(page.source, title=page.source.title or title), drafts)


def plain_article(article_id: str, title: str, text: str) -> Article:
    """An article whose text is kept to the character (evaluation sets hold offsets into it): one long block."""
    return Article(article_id, Source(title=title), text, (Block(Kind.PARAGRAPH, 0, len(text)),))


def _reader(path: Path) -> Callable[[bytes], Page]:
    name = READERS.get(path.suffix.lower())
    if name is None:
        *others, last = READERS
        raise ArticleError(
            f"{path}: articles end in {', '.join(others)} or {last}, this one in “{path.suffix}”; convert or rename it"
        )
    return cast("Callable[[bytes], Page]", resolve_name(name))


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ArticleError(
                f"{path}: {size:,} bytes, at most {MAX_BYTES:,} are read; split the article into several files"
            )
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ArticleError(f"{path}: no such file; check the path") from error
    except OSError as error:
        raise ArticleError(f"{path}: cannot be read ({error.strerror}); name a file you may read") from error


def _halves(draft: Draft) -> list[Draft]:
    """Tell the halves of an FAQ pair, also where both stand in one paragraph or the question is a heading."""
    pair = _PAIR.match(draft.text)
    if draft.kind is Kind.HEADING and pair and pair[1] == "Q":
        return [_half(fold(draft.text))]
    if draft.kind is not Kind.PARAGRAPH:
        return [replace(draft, text=fold(draft.text))]
    lines = _HALVES.split(draft.text) if pair else re.split(r"\n(?=[QA]:\s)", draft.text)
    return [_half(fold(line)) for line in lines]


def _half(text: str) -> Draft:
    match = _PAIR.match(text)
    if not match:
        return Draft(Kind.PARAGRAPH, text)
    return Draft(Kind.QUESTION if match[1] == "Q" else Kind.ANSWER, match[2])


def _name(path: Path) -> str:
    """The title of an article that has none."""
    return fold(path.stem.replace("-", " ").replace("_", " ")) or path.stem


def _slug(stem: str) -> str:
    return re.sub(r"[^\w]+", "-", stem.casefold()).strip("-") or "article"


def _with_own_ids(readings: list[ReadArticle]) -> list[ReadArticle]:
    """Files of one name in two folders still get ids of their own."""
    taken: set[str] = set()
    out: list[ReadArticle] = []
    for reading in readings:
        base, n = reading.article.id, 1
        while (own := base if n == 1 else f"{base}-{n}") in taken:
            n += 1
        taken.add(own)
        out.append(replace(reading, article=replace(reading.article, id=own)))
    return out
