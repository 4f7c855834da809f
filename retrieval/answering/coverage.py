"""Which words of a question the article accounts for: what is underlined, and what is said not to be found.

A content word is accounted for when the article uses it (or another form of it), when the bank's answered wordings
use it, or when some token of the passages found is near to it in meaning.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.encoder.encode import Floats
from index.lexical import STOPWORDS, stem, word_spans
from index.lexicon import Lexicon
from retrieval.ranking.search import Found

NEAR = 0.6  # a word's best cosine from here on is as good as the word itself (measured: docs/ranking.md)
FAR = 0.4  # below it nothing in the passage is related
SHORTEST = 3
_ASKING = (
    "article blog post page text author tell know mean means explain say says said please give list describe question "
    "really much many often happen happens happened get got make made thing things people person someone anyone "
    "somebody anybody everyone something anything hi hello hey thanks thank ok okay yes no dear maybe actually "
    "basically exactly it's i'm i've i'd i'll what's that's there's don't doesn't isn't can't won't didn't aren't let's"
)
ASKING = frozenset(_ASKING.split())


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of the question: where it stands in it, its best cosine among the sentences found."""

    text: str
    start: int
    end: int
    best: float
    used: bool

    @property
    def accounted(self) -> bool:
        """Whether the article has this word or something near it; a condition's opposite is not near."""
        return self.used or (self.best >= NEAR and not self.condition)

    @property
    def condition(self) -> bool:
        """Whether it names too much or too little of something, where one letter turns the meaning round."""
        return self.text.startswith(("hyper", "hypo")) and self.text.endswith("mia")


class Vocabulary:
    """The stems that the article and the answered half of its bank use."""

    def __init__(self, lexicon: Lexicon, *, bank: bool = True) -> None:
        self._stems = (lexicon.used_stems, lexicon.asked_stems) if bank else (lexicon.used_stems,)

    def __contains__(self, word: str) -> bool:
        return any(stem(word) in stems for stems in self._stems)


def content_words(found: Found, vocabulary: Vocabulary) -> list[Word]:
    """The words of a question that carry its meaning, each with how near the sentences found come to it."""
    best = found.best.max(axis=0) if len(found.best) else np.zeros(len(found.query.idf), dtype=np.float32)
    out = []
    for start, end, word in word_spans(found.query.text):
        if word in STOPWORDS or word in ASKING or len(word) < SHORTEST:
            continue
        out.append(Word(word, start, end, _mean(best, found, start, end), word in vocabulary))
    return out


def _mean(best: Floats, found: Found, start: int, end: int) -> float:
    spans = found.query.encoding.spans
    pieces = (spans[:, 0] >= start) & (spans[:, 1] <= end)
    return float(best[pieces].mean()) if pieces.any() else 0.0
