"""Where sentences begin and end, by syntok, with nothing lost between them.

syntok decides where a sentence starts; a sentence then runs to the next one's start, less white space. So every
character that is not white space belongs to exactly one sentence, whatever syntok does inside.
"""

from __future__ import annotations

import re

import syntok.segmenter as segmenter

_SEPARATE = re.compile(r"\n\s*\n")
_WORDLIKE = re.compile(r"\w")


def sentence_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the sentences in `text[start:end]`, in order; their gaps hold white space only."""
    spans: list[tuple[int, int]] = []
    for a, b in _paragraphs(text, start, end):
        starts = _starts(text[a:b])
        for left, right in zip(starts, [*starts[1:], b - a], strict=True):
            _add(spans, text, a + left, a + right)
    return spans


def _paragraphs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """An empty line always ends a sentence."""
    edges = [start]
    for gap in _SEPARATE.finditer(text, start, end):
        edges += [gap.start(), gap.end()]
    edges.append(end)
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if text[a:b].strip()]


def _starts(paragraph: str) -> list[int]:
    """Offsets at which syntok starts a sentence; the first is always 0."""
    found = [s[0].offset for p in segmenter.process(paragraph) for s in p if s]
    return [0, *sorted({offset for offset in found if offset > 0})]


def _add(spans: list[tuple[int, int]], text: str, a: int, b: int) -> None:
    piece = text[a:b]
    left, right = a + len(piece) - len(piece.lstrip()), a + len(piece.rstrip())
    if left >= right:
        return
    if spans and not _WORDLIKE.search(text[left:right]) and "\n\n" not in text[spans[-1][1] : left]:
        spans[-1] = (spans[-1][0], right)  # stray marks belong to the sentence before them
    else:
        spans.append((left, right))
