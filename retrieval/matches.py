"""Which words of the sources answered to which words of the question: what the page underlines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from index.contents import Index
from retrieval.result import Match
from retrieval.search import Found
from retrieval.words import NEAR, Word

_LETTERS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def find_matches(index: Index, found: Found, words: tuple[Word, ...], passages: Sequence[int]) -> list[Match]:
    """For each passage given, its words whose tokens come near to a word of the question."""
    return [match for row in passages for word in words for match in _in_passage(index, found, word, row)]


def _in_passage(index: Index, found: Found, word: Word, row: int) -> Iterator[Match]:
    """Whole words of the passage, each once, with the best cosine among its tokens."""
    passage, encoding = index.passages[row], found.query.encoding
    pieces = (encoding.spans[:, 0] >= word.start) & (encoding.spans[:, 1] <= word.end)
    tokens = index.tokens.of(row)
    if not pieces.any() or len(tokens.ids) == 0:
        return
    near = (tokens.vectors @ encoding.tokens[pieces].T).max(axis=1)
    for written in _LETTERS.finditer(passage.text):
        inside = (tokens.spans[:, 0] >= written.start()) & (tokens.spans[:, 1] <= written.end())
        best = float(np.max(near[inside], initial=-1.0))
        if best >= NEAR:
            start, end = passage.start + written.start(), passage.start + written.end()
            yield Match(word.text, passage.article, start, end, round(best, 4))
