"""Which words of the sources answered to which words of the question: what the page underlines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from index.contents import Index
from retrieval.answering.coverage import NEAR, Word
from retrieval.ranking.maxsim import best_within
from retrieval.ranking.search import Found
from retrieval.result import Highlight

_LETTERS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def find_highlights(index: Index, found: Found, words: tuple[Word, ...], passages: Sequence[int]) -> list[Highlight]:
    """For each passage given, its words whose tokens come near to a word of the question."""
    return [match for row in passages for match in _in_passage(index, found, words, row)]


def _in_passage(index: Index, found: Found, words: tuple[Word, ...], row: int) -> Iterator[Highlight]:
    """Whole words of the passage, once for each word of the question, with the best cosine among their tokens."""
    passage, encoding = index.passages[row], found.query.encoding
    tokens = index.tokens.spans[index.tokens.rows(row)]
    written = np.array([m.span() for m in _LETTERS.finditer(passage.text)], dtype=np.int64).reshape(-1, 2)
    firsts = np.searchsorted(tokens[:, 0], written[:, 0])
    ends = np.searchsorted(tokens[:, 1], written[:, 1], side="right")
    near = best_within(index.tokens.cosines(np.array([row]), encoding.tokens), firsts, ends)
    for word in words:
        pieces = (encoding.spans[:, 0] >= word.start) & (encoding.spans[:, 1] <= word.end)
        best = near[:, pieces].max(axis=1, initial=-1.0)
        for n in np.flatnonzero(best >= NEAR):
            start, end = (passage.start + int(edge) for edge in written[n])
            yield Highlight(word.text, passage.article, start, end, round(float(best[n]), 4))
