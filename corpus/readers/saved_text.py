"""Plain text as a browser saves it: bare lines are headings, `•` opens an item, gaps part sections.

Only what cannot be article text is left out: lines known to belong to the page around it, lines without a
single word, and the title once more. Everything left out is reported.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from corpus.article import Draft, Kind, Source
from corpus.readers.page import Page, fold

PAGE_NOISE = frozenset({
    "web analytics", "advertisement", "skip to content", "skip to main content", "share this", "cookie settings",
    "accept cookies", "subscribe", "sign in", "log in", "menu", "search", "back to top", "print", "loading…",
})  # fmt: skip
MAX_HEADING_WORDS = 16
WRAPPED = range(50, 101)

_ITEM = re.compile(r"^\s*[•●▪‣*\-–]\s+(?=\S)")
_FAQ = re.compile(r"^\s*[QA]:\s")
_WORD = re.compile(r"[^\W\d_]{2,}")
_VOWEL = re.compile(r"[aeiouyàâäåæéèêëíìîïóòôöøúùûüœ]", re.IGNORECASE)
_CLOSED = (".", "!", ":", ";", ",", "…", "”", '"', ")")


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Lines with no empty line between them, and how many empty lines stand before them."""

    lines: tuple[str, ...]
    gap: int


def read_saved_text(text: str, name: str) -> Page:
    """Read a page saved as text; its first heading-like line is the title, else the file's name."""
    chunks = _chunks(text)
    usual = Counter(chunk.gap for chunk in chunks[1:]).most_common(1)
    wide = usual[0][0] if usual else 1
    drafts: list[Draft] = []
    for chunk in chunks:
        if drafts and chunk.gap > wide:
            drafts.append(Draft(Kind.BREAK, ""))
        drafts += _read_chunk(chunk)
    return _without_noise(drafts, name)


def _chunks(text: str) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    lines: list[str] = []
    gap = before = 0
    for line in [*text.splitlines(), ""]:
        if line.strip():
            before = before if lines else gap
            lines.append(line)
            gap = 0
        else:
            if lines:
                chunks.append(_Chunk(tuple(lines), before))
                lines = []
            gap += 1
    return chunks


def _read_chunk(chunk: _Chunk) -> list[Draft]:
    return [_line(line) for line in _logical_lines(chunk.lines)]


def _logical_lines(lines: tuple[str, ...]) -> list[str]:
    """Hard-wrapped lines are put together again; short lines stand for themselves."""
    wrapped = len(lines) > 1 and all(len(line.rstrip()) in WRAPPED for line in lines[:-1])
    logical: list[str] = []
    for line in lines:
        opens = bool(_ITEM.match(line) or _FAQ.match(line))
        continues_item = bool(logical and _ITEM.match(logical[-1]) and line[:1].isspace())
        if logical and not opens and (wrapped or continues_item):
            logical[-1] += " " + line.strip()
        else:
            logical.append(line)
    return logical


def _line(line: str) -> Draft:
    item = _ITEM.match(line)
    if item:
        return Draft(Kind.ITEM, fold(line[item.end() :]))
    text = fold(line)
    return Draft(Kind.HEADING, text, 2) if _is_heading(text) else Draft(Kind.PARAGRAPH, text)


def _is_heading(text: str) -> bool:
    return not _FAQ.match(text) and not text.endswith(_CLOSED) and len(text.split()) <= MAX_HEADING_WORDS


def _without_noise(drafts: list[Draft], name: str) -> Page:
    kept: list[Draft] = []
    dropped: list[str] = []
    title = ""
    opening = True
    for draft in drafts:
        bare = draft.kind is Kind.HEADING
        if bare and (_is_noise(draft.text) or (opening and title and _repeats(draft.text, title))):
            dropped.append(draft.text)
        elif bare and not title and opening:
            title = draft.text
        else:
            opening = opening and draft.kind in (Kind.HEADING, Kind.BREAK)
            kept.append(draft)
    return Page(Source(title=title or name), tuple(kept), tuple(dropped))


def _is_noise(text: str) -> bool:
    if text.casefold().strip(" .") in PAGE_NOISE:
        return True
    return not any(_VOWEL.search(word) for word in _WORD.findall(_without_codes(text))) and text.isascii()


def _without_codes(text: str) -> str:
    """Drop the tokens that glue letters to digits, as identifiers do."""
    return " ".join(t for t in re.split(r"[\s\-]+", text) if not re.search(r"[a-z]\d|\d[a-z]", t))


def _repeats(text: str, title: str) -> bool:
    return _letters(text) in _letters(title)


def _letters(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
