"""Where sentences begin and end, by syntok, with nothing lost between them.

syntok decides where a sentence starts; a sentence then runs to the next one's start, less white space. So every
character that is not white space belongs to exactly one sentence, whatever syntok does inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from syntok import segmenter
from syntok.tokenizer import Tokenizer

Span = tuple[int, int]

_SEPARATE = re.compile(r"\n\s*\n")
_WORDLIKE = re.compile(r"\w")
_TOKENIZER = Tokenizer(replace_not_contraction=False)  # or its tokens would not be the text's own

_ABBREVIATED = re.compile(r"\b(?:e\.\s?g|i\.\s?e|cf|pp?|refs?|Mrs?|Ms|Dr)\.$")
_ET_AL = re.compile(r"\bet al\.$")
_STARTS_ANEW = re.compile(r"(?:The|This|These|Those|It|In|However|Although|Their|They|We|An?|Another)\b")


def sentence_spans(text: str, start: int, end: int) -> list[Span]:
    """Spans of the sentences in `text[start:end]`, in order; their gaps hold white space only."""
    return [span for a, b in _paragraphs(text, start, end) for span in _joined(text, _pieces(text, a, b))]


def _paragraphs(text: str, start: int, end: int) -> list[Span]:
    """An empty line always ends a sentence."""
    edges = [start]
    for gap in _SEPARATE.finditer(text, start, end):
        edges += [gap.start(), gap.end()]
    edges.append(end)
    return list(zip(edges[::2], edges[1::2], strict=True))


def _pieces(text: str, a: int, b: int) -> Iterator[Span]:
    """What lies between one start of a sentence and the next, less the white space around it."""
    starts = _starts(text[a:b])
    for left, right in zip(starts, [*starts[1:], b - a], strict=True):
        piece = text[a + left : a + right]
        if piece.strip():
            yield a + left + len(piece) - len(piece.lstrip()), a + left + len(piece.rstrip())


def _starts(paragraph: str) -> list[int]:
    """Offsets at which syntok starts a sentence; the first is always 0."""
    found = [sentence[0].offset for sentence in segmenter.segment(_TOKENIZER.tokenize(paragraph))]
    return [0, *sorted({offset for offset in found if offset > 0})]


def _joined(text: str, pieces: Iterator[Span]) -> list[Span]:
    spans: list[Span] = []
    for start, end in pieces:
        if spans and _belongs(text[slice(*spans[-1])], text[start:end]):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _belongs(before: str, piece: str) -> bool:
    """Whether syntok parted what is one sentence: at stray marks, or after an abbreviation it does not know."""
    if not _WORDLIKE.search(piece) or not _WORDLIKE.search(before) or _ABBREVIATED.search(before):
        return True
    return bool(_ET_AL.search(before)) and not _STARTS_ANEW.match(piece)
