"""An `Article` ▶ passages ▶ sentences: a paragraph, a list with its lead-in, or an FAQ pair, under its headings.

Always: `article.text[p.start:p.end] == p.text`, the same for its sentences; every sentence of the article is in
exactly one passage; no passage measures more than `Limits.pieces`, so an encoder sees all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from corpus.article import Article, Block, Kind, Passage, Sentence
from corpus.sentences import sentence_spans

SPLITTER_VERSION = 1

Span = tuple[int, int]


def count_words(text: str) -> int:
    """The measure used where no encoder is at hand."""
    return len(text.split())


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a passage may be: `words` is what reads well, `pieces` what the encoder's window holds.

    `measure` counts pieces (word pieces, for an encoder) and must not shrink when text is appended.
    """

    words: int = 120
    pieces: int = 240
    measure: Callable[[str], int] = count_words


@dataclass(frozen=True, slots=True)
class _Group:
    """Blocks that belong together, and the headings above them."""

    headings: tuple[str, ...]
    blocks: tuple[Block, ...]


def split(article: Article, limits: Limits | None = None) -> list[Passage]:
    """Split an article into passages, in reading order; ids are `<article id>#<number from 1>`."""
    limits = limits or Limits()
    pieces = [part for group in _groups(article) for part in _parts(article, group, limits)]
    return [
        Passage(f"{article.id}#{n}", article.title, p.headings, p.start, p.end, p.text, p.sentences, p.question)
        for n, p in enumerate(pieces, start=1)
    ]


def _groups(article: Article) -> Iterator[_Group]:
    path: dict[int, str] = {}
    open_group: list[Block] = []

    def close() -> Iterator[_Group]:
        if open_group:
            yield _Group(tuple(path[level] for level in sorted(path)), tuple(open_group))
            open_group.clear()

    for block in article.blocks:
        if block.kind in (Kind.HEADING, Kind.BREAK):
            yield from close()
            _descend(path, block, article)
        elif open_group and _joins(article, open_group[-1], block):
            open_group.append(block)
        else:
            yield from close()
            open_group.append(block)
    yield from close()


def _descend(path: dict[int, str], block: Block, article: Article) -> None:
    """A heading replaces those of its level and below; a break leaves all sections."""
    level = 0 if block.kind is Kind.BREAK else block.level
    for deeper in [known for known in path if known >= level]:
        del path[deeper]
    if block.kind is Kind.HEADING:
        path[level] = article.text[block.start : block.end]


def _joins(article: Article, before: Block, block: Block) -> bool:
    if block.kind is Kind.ITEM:
        return before.kind is Kind.ITEM or (
            before.kind is Kind.PARAGRAPH and article.text[before.start : before.end].endswith(":")
        )
    return block.kind is Kind.ANSWER and before.kind is Kind.QUESTION


def _parts(article: Article, group: _Group, limits: Limits) -> Iterator[Passage]:
    """One passage, or several of like length where the group is too long."""
    question = next((_sentence(article, b.start, b.end) for b in group.blocks if b.kind is Kind.QUESTION), None)
    headings = group.headings + ((question.text,) if question else ())
    spans = [s for b in group.blocks if b.kind is not Kind.QUESTION for s in _fitting(article, b, limits)]
    if not spans:  # a question nobody answers is kept as a sentence of its own
        spans, question = [(b.start, b.end) for b in group.blocks], None
    for n, run in enumerate(_balance(article, spans, limits)):
        asked = question if n == 0 else None
        start = min(run[0][0], asked.start) if asked else run[0][0]
        start, end = _mark_start(article, start), run[-1][1]
        sentences = tuple(_sentence(article, a, b) for a, b in run)
        yield Passage("", article.title, headings, start, end, article.text[start:end], sentences, asked)


def _sentence(article: Article, start: int, end: int) -> Sentence:
    return Sentence(start, end, article.text[start:end])


def _mark_start(article: Article, start: int) -> int:
    """Take the `• `, `Q: ` or `A: ` before a passage along, so that it reads as it stands."""
    mark = re.search(r"(?:• |[QA]: )$", article.text[max(0, start - 3) : start])
    return start - len(mark[0]) if mark else start


def _fitting(article: Article, block: Block, limits: Limits) -> list[Span]:
    spans = sentence_spans(article.text, block.start, block.end)
    return [part for span in spans for part in _cut(article.text, span, limits)]


def _cut(text: str, span: Span, limits: Limits) -> list[Span]:
    """Cut a sentence longer than the window, at white space if there is any."""
    start, end = span
    if limits.measure(text[start:end]) <= limits.pieces or end - start < 2:
        return [span]
    middle = (start + end) // 2
    space = _nearest_space(text, start, end, middle)
    left = text[start : space or middle].rstrip()
    right = text[space or middle : end]
    begin = end - len(right.lstrip())
    return _cut(text, (start, start + len(left)), limits) + _cut(text, (begin, end), limits)


def _nearest_space(text: str, start: int, end: int, middle: int) -> int | None:
    """The white space nearest to the middle, strictly inside the span."""
    inside = [m.start() for m in re.finditer(r"\s", text[start + 1 : end - 1])]
    return min((start + 1 + i for i in inside), key=lambda i: abs(i - middle)) if inside else None


def _balance(article: Article, spans: list[Span], limits: Limits) -> Iterator[list[Span]]:
    """Runs of whole sentences of about equal length, as few as `words` asks for; `pieces` is never exceeded."""
    words = [count_words(article.text[a:b]) for a, b in spans]
    share = max(1, sum(words)) / max(1, -(-sum(words) // limits.words))
    run: list[Span] = []
    done, part = 0, 0
    for span, count in zip(spans, words, strict=True):
        belongs_to = int((done + count / 2) / share)
        if run and (belongs_to > part or limits.measure(article.text[run[0][0] : span[1]]) > limits.pieces):
            yield run
            run = []
        part = belongs_to
        done += count
        run.append(span)
    if run:
        yield run
