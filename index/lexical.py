"""Words: how text becomes terms, and BM25 over them (Robertson & Zaragoza 2009, in Lucene's form), by bm25s.

Terms are lower-cased words less a few function words, stemmed by Snowball (English). Scores of one query are
comparable within one index only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

from index.encoder import Floats

K1 = 1.2
B = 0.75
STEMMER = "english"
EMPTY = ""  # stands for a text without a word; no query holds it

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_FUNCTION_WORDS = (
    "a an and are as at be been but by can could did do does for from had has have he her his how i if in into is it "
    "its me my no not of on or our she should so some such than that the their them then there these they this to was "
    "we were what when where which while who whom whose why will with would you your am being about any also just"
)
STOPWORDS = frozenset(_FUNCTION_WORDS.split())


def word_spans(text: str) -> list[tuple[int, int, str]]:
    """Where the words of a text stand, each with itself lower-cased and its apostrophes straightened."""
    return [(m.start(), m.end(), m[0].lower().replace("’", "'")) for m in _WORD.finditer(text)]


def words(text: str) -> list[str]:
    """The words of a text, lower-cased, apostrophes straightened."""
    return [word for _, _, word in word_spans(text)]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of one lower-cased word."""
    return str(_stemmer().stemWord(word.removesuffix("'s")))


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer(STEMMER)


def terms(text: str) -> list[str]:
    """The stems of a text's words without function words; all of them where nothing else is left."""
    found = words(text)
    content = [w for w in found if w not in STOPWORDS]
    return [stem(w) for w in content or found]


def terms_and_pairs(text: str) -> list[str]:
    """The terms of a text, and each two that follow each other: "low magnesium" counts for more than its words."""
    found = terms(text)
    return [*found, *(f"{a} {b}" for a, b in pairwise(found))]


class Lexical:
    """BM25 over a list of texts."""

    def __init__(self, engine: bm25s.BM25, vocabulary: dict[str, int], frequencies: NDArray[np.int64], n: int) -> None:
        self._engine = engine
        self.vocabulary = vocabulary
        self.frequencies = frequencies
        self.n = n

    @classmethod
    def build(cls, texts: Sequence[Sequence[str]]) -> Lexical:
        """Index texts given as lists of terms."""
        texts = [text or [EMPTY] for text in texts]
        vocabulary = {term: i for i, term in enumerate(sorted({t for text in texts for t in text}))}
        frequencies = np.zeros(len(vocabulary), dtype=np.int64)
        for text in texts:
            frequencies[[vocabulary[t] for t in set(text)]] += 1
        ids = [[vocabulary[t] for t in text] for text in texts]
        engine = bm25s.BM25(method="lucene", k1=K1, b=B)
        engine.index(
            bm25s.tokenization.Tokenized(ids=ids, vocab=vocabulary), create_empty_token=False, show_progress=False
        )
        return cls(engine, vocabulary, frequencies, len(texts))

    def scores(self, query: Sequence[str]) -> Floats:
        """BM25 of every text for a query, (n,) float32; texts without a query term have 0."""
        known = [self.vocabulary[t] for t in query if t in self.vocabulary]
        if not known:
            return np.zeros(self.n, dtype=np.float32)
        return np.asarray(self._engine.get_scores_from_ids(known), dtype=np.float32)

    def shares(self, query: Sequence[str]) -> Floats:
        """BM25 over the most it could be for this query, the sum of its terms' idf: (n,) float32 from 0 to 1."""
        most = sum(self.idf(term) for term in query)
        return self.scores(query) / max(most, 1e-9)

    def idf(self, term: str) -> float:
        """ln(1 + (n - df + 0.5) / (df + 0.5)), Lucene's form; highest for a term that no text has."""
        df = self.frequencies[self.vocabulary[term]] if term in self.vocabulary else 0
        return float(np.log(1 + (self.n - df + 0.5) / (df + 0.5)))

    def save(self, folder: Path) -> None:
        """Write bm25s' own arrays, the vocabulary and the document frequencies into a folder."""
        folder.mkdir()
        self._engine.save(str(folder), show_progress=False)
        (folder / "vocabulary.json").write_text(json.dumps(list(self.vocabulary), ensure_ascii=False), encoding="utf-8")
        np.save(folder / "frequencies.npy", self.frequencies, allow_pickle=False)
        (folder / "size.json").write_text(json.dumps(self.n), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Lexical:
        """Open it, its arrays memory-mapped."""
        engine = bm25s.BM25.load(str(folder), mmap=True, load_corpus=False, load_vocab=False)
        listed = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
        frequencies = np.load(folder / "frequencies.npy", mmap_mode="r", allow_pickle=False)
        n = json.loads((folder / "size.json").read_text(encoding="utf-8"))
        return cls(engine, {term: i for i, term in enumerate(listed)}, frequencies, n)
