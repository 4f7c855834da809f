"""Markdown with front matter, by markdown-it-py (CommonMark and tables).

Raw HTML in a Markdown article is text like any other: it is never interpreted, here or later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.article import UNKNOWN, Draft, Kind, Source
from corpus.common.errors import ArticleError
from corpus.readers.parsed_page import Page, decode, first_title, fold, without_title

FIELDS = ("title", "author", "publisher", "address", "saved", "reviewed", "kind", "caution")
_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
_COMMENT = re.compile(r"(```.*?```|`[^`\n]*`)|<!--.*?-->", re.DOTALL)  # code may show one
_BLANKS = {"softbreak": " ", "hardbreak": " "}


def read_markdown(data: bytes) -> Page:
    """Read a Markdown article; a first-level heading serves as the title where front matter has none.

    Raises:
        ArticleError: it is not UTF-8 text, or the front matter is not valid YAML or not a mapping.
    """
    return markdown_page(decode(data))


def markdown_page(text: str) -> Page:
    """Read Markdown that is text already; see `read_markdown`."""
    meta, body = _front_matter(text)
    drafts = list(_drafts(_PARSER.parse(_COMMENT.sub(lambda found: found[1] or "", body))))
    source = _source({**meta, "title": meta.get("title") or first_title(drafts)})
    return Page(source, without_title(drafts, source.title))


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    handler, whole = YAMLHandler(), text.lstrip()
    if not handler.detect(whole):
        return {}, text
    try:
        head, body = handler.split(whole)
    except ValueError as error:
        raise ArticleError("the front matter is opened by “---” and never closed; add a line “---” below it") from error
    try:
        meta = handler.load(head)
    except (yaml.YAMLError, ValueError) as error:  # a date like 2024-13-01 is a ValueError
        raise ArticleError(f"the front matter is not valid YAML ({fold(str(error))}); mend it or remove it") from error
    if not isinstance(meta, dict | None):
        raise ArticleError(
            f"the front matter is “{fold(head)[:60]}”, not lines of “field: value”; mend it or remove it"
        )
    return meta or {}, body


def _source(meta: dict[str, Any]) -> Source:
    """Only known fields count; an empty one is unknown, and title and caution may stay empty."""
    known = {field: fold(str(meta[field])) for field in FIELDS if meta.get(field) not in (None, "")}
    title, caution = known.pop("title", ""), known.pop("caution", "")
    rest = {field: known.get(field) or UNKNOWN for field in FIELDS if field not in ("title", "caution")}
    return Source(title, **rest, caution=caution)


def _drafts(tokens: list[Token]) -> Iterator[Draft]:
    """Walk the block tokens; list depth tells items from paragraphs."""
    depth, heading = 0, 0
    row: list[str] | None = None
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "heading_open":
            heading = int(token.tag[1:])
        elif token.type == "hr":
            yield Draft(Kind.BREAK, "")
        elif token.type in ("fence", "code_block"):
            yield from _draft(Kind.PARAGRAPH, fold(token.content))
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield from _draft(Kind.ITEM, " | ".join(row or []))
            row = None
        elif token.type == "inline":
            text = _plain(token)
            if row is not None:
                row.append(text)
                continue
            kind = Kind.HEADING if heading else Kind.ITEM if depth else Kind.PARAGRAPH
            yield from _draft(kind, text, heading)
            heading = 0


def _draft(kind: Kind, text: str, level: int = 0) -> Iterator[Draft]:
    if text:
        yield Draft(kind, text, level)


def _plain(token: Token) -> str:
    """The words of an inline token: link and emphasis marks gone, images by their alternative text."""
    children = token.children or []
    lines = ["\n" if c.type in _BLANKS else c.content for c in children]
    return "\n".join(fold(line) for line in "".join(lines).split("\n")).strip()
