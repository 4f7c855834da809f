"""Plain text as a browser saves it: bare lines are headings, `•` opens an item, gaps part sections.

Only what cannot be article text is left out: lines known to belong to the page around it, lines without a
single word, and the title once more. Everything left out is reported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.article import Draft, Kind, Source
from corpus.readers.parsed_page import Page, decode, fold
from corpus.readers.text_lines import BULLET, FAQ, NUMBER, RULE, logical_lines

PAGE_NOISE = frozenset({
    "web analytics", "advertisement", "skip to content", "skip to main content", "share this", "cookie settings",
    "accept cookies", "subscribe", "sign in", "log in", "menu", "search", "back to top", "print", "loading…",
})  # fmt: skip
MAX_HEADING_WORDS = 16

_WORD = re.compile(r"[^\W\d_]{2,}")
_VOWEL = re.compile(r"[aeiouyàâäåæéèêëíìîïóòôöøúùûüœ]", re.IGNORECASE)
_ABBREVIATION = re.compile(r"\b(?:[A-Z]{2,}|[A-Z]\d+)\b")
_CLOSED = (".", "!", ":", ";", ",", "…")
_CLOSERS = " ”’\"')]"
_TITLE_JOINER = re.compile(r"\s+[–—|·»›:-]\s+")


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Lines with no empty line between them, and how many empty lines stand before them."""

    lines: tuple[str, ...]
    gap: int


def read_saved_text(data: bytes) -> Page:
    """Read a page saved as text; its first heading-like line is the title.

    Raises:
        ArticleError: it is not UTF-8 text.
    """
    chunks = _chunks(decode(data))
    usual = Counter(chunk.gap for chunk in chunks[1:]).most_common(1)
    wide = usual[0][0] if usual else 1
    width = max(len(line.rstrip()) for chunk in chunks for line in chunk.lines)
    lines: list[str] = []
    for chunk in chunks:
        if lines and chunk.gap > wide:
            lines.append("")
        lines += logical_lines(chunk.lines, width)
    page = _without_noise(_drafts(lines))
    return replace(page, drafts=tuple(_settled(page.drafts)))


def _chunks(text: str) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    lines: list[str] = []
    gap = before = 0
    for line in [*text.splitlines(), ""]:
        if fold(line):
            before = before if lines else gap
            lines.append(line)
            gap = 0
        else:
            if lines:
                chunks.append(_Chunk(tuple(lines), before))
                lines = []
            gap += 1
    return chunks


def _drafts(lines: Sequence[str]) -> list[Draft]:
    """Give every line its kind; an empty one is a break."""
    numbers = [int(found[1]) if (found := NUMBER.match(line)) else None for line in lines]
    return [_draft(line, _in_sequence(numbers, n)) for n, line in enumerate(lines)]


def _in_sequence(numbers: Sequence[int | None], n: int) -> bool:
    """Whether a numbered line is one of a list: a neighbour has the number before or after; a lone one is not."""
    here = numbers[n]
    before = numbers[n - 1] if n else None
    after = numbers[n + 1] if n + 1 < len(numbers) else None
    return here is not None and (before == here - 1 or after == here + 1)


def _draft(line: str, numbered: bool) -> Draft:
    if RULE.match(line):
        return Draft(Kind.BREAK, "")
    mark = BULLET.match(line) or (NUMBER.match(line) if numbered else None)
    if mark:
        return Draft(Kind.ITEM, fold(line[mark.end() :]))
    if "\t" in line.strip():  # a table's row
        return Draft(Kind.ITEM, " | ".join(fold(cell) for cell in line.strip().split("\t")))
    text = fold(line)
    if not text:
        return Draft(Kind.BREAK, "")
    return Draft(Kind.HEADING, text, 2) if _is_heading(text) else Draft(Kind.PARAGRAPH, text)


def _is_heading(text: str) -> bool:
    ends = text.rstrip(_CLOSERS).endswith(_CLOSED)
    return not FAQ.match(text) and not ends and len(text.split()) <= MAX_HEADING_WORDS


def _without_noise(drafts: list[Draft]) -> Page:
    kept: list[Draft] = []
    dropped: list[str] = []
    title = ""
    opening = True
    for draft in drafts:
        bare = draft.kind is Kind.HEADING
        if _is_known_noise(draft) or (bare and (_is_wordless(draft.text) or (opening and _repeats(draft.text, title)))):
            dropped.append(draft.text)
        elif bare and not title and opening:
            title = draft.text
        else:
            opening = opening and draft.kind in (Kind.HEADING, Kind.BREAK)
            kept.append(draft)
    return Page(Source(title=title), tuple(kept), tuple(dropped))


def _is_known_noise(draft: Draft) -> bool:
    return draft.kind in (Kind.HEADING, Kind.PARAGRAPH) and draft.text.casefold().rstrip(" .") in PAGE_NOISE


def _is_wordless(text: str) -> bool:
    """Counters and codes; an abbreviation (CT, B12) is a word."""
    said = _without_codes(text)
    words = any(_VOWEL.search(word) for word in _WORD.findall(said)) or _ABBREVIATION.search(said)
    return not words and text.isascii()


def _without_codes(text: str) -> str:
    """Drop the tokens that glue letters to digits, as identifiers do."""
    return " ".join(t for t in re.split(r"[\s\-]+", text) if not re.search(r"[a-z]\d|\d[a-z]", t))


def _repeats(text: str, title: str) -> bool:
    """Whether a line is the title again, or one of the parts that page titles are joined of."""
    return bool(title) and _letters(text) in {_letters(part) for part in (title, *_TITLE_JOINER.split(title))}


def _letters(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _settled(drafts: Sequence[Draft]) -> list[Draft]:
    """Keep as headings only lines that head something; a break just below a heading parts nothing."""
    out: list[Draft] = []
    run: list[Draft] = []
    for draft in drafts:
        if draft.kind is Kind.HEADING:
            run.append(draft)
        elif not (run and draft.kind is Kind.BREAK):
            out += [*_run(run, out), draft]
            run = []
    return out + [replace(draft, kind=Kind.PARAGRAPH, level=0) for draft in run]


def _run(run: Sequence[Draft], before: Sequence[Draft]) -> list[Draft]:
    """Bare lines in a row: the last heads what follows.

    Those above it are items after a lead-in, a heading over that heading where there is one, and text where there are
    more, since no such line may be lost. What stands above the first paragraph is the page's own head.
    """
    opening = all(draft.kind is Kind.BREAK for draft in before)
    if opening or len(run) < 2:
        return list(run)
    if before[-1].text.endswith(":"):
        return [*(Draft(Kind.ITEM, draft.text) for draft in run[:-1]), run[-1]]
    if len(run) == 2:
        return [run[0], replace(run[1], level=3)]
    return [*(Draft(Kind.PARAGRAPH, draft.text) for draft in run[:-1]), run[-1]]
