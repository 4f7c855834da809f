"""A saved web page: its main content by trafilatura, walked block by block.

Menus, footers and scripts are left to trafilatura, which is made for that; nothing is fetched. Its dates are guesses
(a copyright year will do), so none is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import trafilatura
from trafilatura.settings import Document

from corpus.article import UNKNOWN, Draft, Kind, Source
from corpus.common.errors import ArticleError
from corpus.readers.parsed_page import Page, decode, first_title, fold, without_title

_BLOCKS = frozenset({"head", "p", "list", "item", "table", "row", "quote"})
_UNRANKED = 6  # a heading without a rank, as a <summary>, stands below whatever section it is in
_RULE = "\ue000"  # stands for <hr>, which trafilatura would drop


def read_html(data: bytes) -> Page:
    """Read the main content of a web page, with what its metadata says of itself.

    Raises:
        ArticleError: it is not UTF-8 text, or no main content was found.
    """
    text = decode(data)
    body = _main_content(text)
    if body is None:
        raise ArticleError("no main content found in this HTML; save the article as .txt or .md instead")
    drafts = list(_blocks(body, Kind.PARAGRAPH))
    about = trafilatura.extract_metadata(text)
    source = Source(
        title=first_title(drafts) or fold(about.title or ""),
        author=fold(about.author or "") or UNKNOWN,
        publisher=fold(about.sitename or "") or UNKNOWN,
        address=about.url or UNKNOWN,
    )
    return Page(source, without_title(drafts, source.title))


def _main_content(text: str) -> Any:
    """Trafilatura's own tree of the main content, or None."""
    tree = trafilatura.load_html(text)
    if tree is None:
        return None
    for rule in list(tree.iter("hr")):
        rule.tag, rule.text = "p", _RULE
    found = trafilatura.bare_extraction(tree, include_comments=False, include_images=True, favor_recall=True)
    return found.body if isinstance(found, Document) else None


def _blocks(element: Any, kind: Kind) -> Iterator[Draft]:
    """Drafts of an element; text around inner blocks becomes drafts of its own, so nothing is lost."""
    inline = element.text or ""
    for child in element:
        if child.tag in _BLOCKS or (child.tag == "code" and element.tag in ("body", "quote")):
            yield from _draft(inline, kind, element)
            yield from _row(child) if child.tag == "row" else _blocks(child, _kind(child, kind))
            inline = child.tail or ""
        else:
            inline += _inline(child) + (child.tail or "")
    yield from _draft(inline, kind, element)


def _kind(element: Any, outer: Kind) -> Kind:
    return {"head": Kind.HEADING, "item": Kind.ITEM}.get(element.tag, outer)


def _inline(element: Any) -> str:
    if element.tag == "lb":
        return "\n"
    if element.tag == "graphic":
        return str(element.get("alt") or "")
    inner = "".join(_inline(child) + (child.tail or "") for child in element)
    return f"{element.text or ''}{inner}"


def _row(row: Any) -> Iterator[Draft]:
    """A table's row is an item."""
    yield from _draft(" | ".join(fold(_inline(cell)) for cell in row), Kind.ITEM, row)


def _draft(text: str, kind: Kind, element: Any) -> Iterator[Draft]:
    lines = [fold(line) for line in text.split("\n")] if kind is Kind.PARAGRAPH else [fold(text)]
    whole = "\n".join(line for line in lines if line)
    if whole == _RULE:
        yield Draft(Kind.BREAK, "")
    elif whole:
        rank = str(element.get("rend") or "")
        yield Draft(kind, whole, int(rank[1:]) if rank[1:].isdigit() else _UNRANKED if kind is Kind.HEADING else 0)
