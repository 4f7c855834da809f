"""An `Article` ▶ passages ▶ sentences: a paragraph, a list with its lead-in, or an FAQ pair, under its headings.

Always: `article.text[p.start:p.end] == p.text`, the same for its sentences; every sentence of the article is in
exactly one passage; no passage measures more than `Limits.pieces`, so an encoder sees all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from corpus.article import Article, Block, Kind, Passage, Sentence
from corpus.sentences import Span, sentence_spans

SPLITTER_VERSION = 1
_MARKS = 4  # pieces that “Q: ” and “A: ” may take beside the words of a pair


def count_words(text: str) -> int:
    """The measure used where no encoder is at hand."""
    return len(text.split())


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a passage may be: `words` is what reads well, `pieces` what the encoder's window holds.

    `measure` counts pieces (word pieces, for an encoder). It must not shrink when text is appended, nor give more for
    two texts put together at white space than for both apart.
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
    asked, blocks = _question(article, group, limits)
    headings = group.headings + ((asked.text,) if asked else ())
    first = _mark_start(article, asked.start) if asked else None
    reserved = limits.measure(asked.text) + _MARKS if asked else 0
    spans = [part for b in blocks for part in _fitting(article, b, limits, limits.pieces - reserved)]
    for n, run in enumerate(_balance(article, spans, limits, first)):
        start = first if first is not None and n == 0 else _marked(article, run, limits)
        sentences = tuple(_sentence(article, a, b) for a, b in run)
        question = asked if n == 0 else None
        text = article.text[start : run[-1][1]]
        yield Passage("", article.title, headings, start, run[-1][1], text, sentences, question)


def _question(article: Article, group: _Group, limits: Limits) -> tuple[Sentence | None, tuple[Block, ...]]:
    """The question of an FAQ pair and the blocks that answer it.

    One that nobody answers, or that leaves an answer no room beside it, is text like any other.
    """
    head, *rest = group.blocks
    if head.kind is not Kind.QUESTION or not rest:
        return None, group.blocks
    question = _sentence(article, head.start, head.end)
    if limits.measure(question.text) + _MARKS > limits.pieces // 2:
        return None, group.blocks
    return question, tuple(rest)


def _sentence(article: Article, start: int, end: int) -> Sentence:
    return Sentence(start, end, article.text[start:end])


def _marked(article: Article, run: list[Span], limits: Limits) -> int:
    """Where a passage starts: with its mark, so that it reads as it stands, if the mark fits as well."""
    start, end = _mark_start(article, run[0][0]), run[-1][1]
    return start if limits.measure(article.text[start:end]) <= limits.pieces else run[0][0]


def _mark_start(article: Article, start: int) -> int:
    """Where the `• `, `Q: ` or `A: ` before a block begins."""
    mark = re.search(r"(?:• |[QA]: )$", article.text[max(0, start - 3) : start])
    return start - len(mark[0]) if mark else start


def _fitting(article: Article, block: Block, limits: Limits, pieces: int) -> list[Span]:
    spans = sentence_spans(article.text, block.start, block.end)
    return [part for span in spans for part in _cut(article.text, span, limits, pieces)]


def _cut(text: str, span: Span, limits: Limits, pieces: int) -> list[Span]:
    """Cut a sentence longer than the room there is, at white space if there is any."""
    start, end = span
    if limits.measure(text[start:end]) <= pieces or end - start < 2:
        return [span]
    middle = (start + end) // 2
    space = _nearest_space(text, start, end, middle)
    left = text[start : space or middle].rstrip()
    right = text[space or middle : end]
    begin = end - len(right.lstrip())
    return _cut(text, (start, start + len(left)), limits, pieces) + _cut(text, (begin, end), limits, pieces)


def _nearest_space(text: str, start: int, end: int, middle: int) -> int | None:
    """The white space nearest to the middle, strictly inside the span."""
    inside = [m.start() for m in re.finditer(r"\s", text[start + 1 : end - 1])]
    return min((start + 1 + i for i in inside), key=lambda i: abs(i - middle)) if inside else None


def _balance(article: Article, spans: list[Span], limits: Limits, first: int | None) -> Iterator[list[Span]]:
    """Runs of whole sentences of about equal length, as few as `words` asks for; `pieces` is never exceeded.

    `first` is where the first run's passage begins, if not with its first sentence.
    """
    words = [count_words(article.text[a:b]) for a, b in spans]
    share = max(1, sum(words)) / max(1, -(-sum(words) // limits.words))
    run: list[Span] = []
    begin, done, part = first, 0, 0
    for span, count in zip(spans, words, strict=True):
        belongs_to = int((done + count / 2) / share)
        start = run[0][0] if begin is None and run else begin
        if run and (belongs_to > part or limits.measure(article.text[start : span[1]]) > limits.pieces):
            yield run
            run, begin = [], None
        part = belongs_to
        done += count
        run.append(span)
    if run:
        yield run
