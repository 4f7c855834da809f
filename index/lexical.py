"""Words: how text becomes terms, and BM25 over them (Robertson & Zaragoza 2009, in Lucene's form), by bm25s.

Terms are lower-cased words less a few function words, stemmed by Snowball (English). Scores of one query are
comparable within one index only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import Stemmer
from numpy.typing import NDArray

from corpus.common.caching import remembered
from index.encoder.encode import Floats
from index.string_tables import Strings

Whole = NDArray[np.int32]

K1 = 1.2
B = 0.75
STEMMER = "english"
COLUMNS = ("starts", "texts", "values")
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


@remembered(texts=50_000, longest=40)
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
    """BM25 over a list of texts: column `i` of a sparse matrix holds what the term `vocabulary[i]` adds to each text.

    bm25s makes the matrix (`starts`, `texts`, `values`: compressed columns); to read it, numpy is enough.
    """

    def __init__(self, vocabulary: Strings, n: int, starts: Whole, texts: Whole, values: Floats) -> None:
        self.vocabulary = vocabulary
        self.n = n
        self._starts, self._texts, self._values = starts, texts, values

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]]) -> Lexical:
        """Index texts given as lists of terms."""
        import bm25s  # with scipy: a third of a second that answering does not pay

        ids, vocabulary = _number(texts)
        engine = bm25s.BM25(method="lucene", k1=K1, b=B)
        tokenized = bm25s.tokenization.Tokenized(ids=ids, vocab={term: i for i, term in enumerate(vocabulary)})
        engine.index(tokenized, create_empty_token=False, show_progress=False)
        columns = (engine.scores[name] for name in ("indptr", "indices", "data"))
        return cls(vocabulary, len(ids), *columns)

    def scores(self, query: Sequence[str]) -> Floats:
        """BM25 of every text for a query, (n,) float32; texts without a query term have 0."""
        found = np.zeros(self.n, dtype=np.float32)
        for place in map(self.vocabulary.place, query):
            if place is not None:
                column = self._column(place)
                found[self._texts[column]] += self._values[column]  # a text stands in a column once
        return found

    def shares(self, query: Sequence[str]) -> Floats:
        """BM25 over the most it could be for this query, the sum of its terms' idf: (n,) float32 from 0 to 1."""
        most = sum(self.idf(term) for term in query)
        return self.scores(query) / max(most, 1e-9)

    def idf(self, term: str) -> float:
        """ln(1 + (n - df + 0.5) / (df + 0.5)), Lucene's form; highest for a term that no text has."""
        place = self.vocabulary.place(term)
        column = slice(0, 0) if place is None else self._column(place)
        df = column.stop - column.start
        return float(np.log(1 + (self.n - df + 0.5) / (df + 0.5)))

    def _column(self, place: int) -> slice:
        return slice(int(self._starts[place]), int(self._starts[place + 1]))

    def save(self, folder: Path) -> None:
        """Write the matrix and the vocabulary into a folder, as plain numpy files."""
        folder.mkdir()
        self.vocabulary.save(folder / "terms")
        np.save(folder / "size.npy", np.array(self.n), allow_pickle=False)
        for name, column in zip(COLUMNS, (self._starts, self._texts, self._values), strict=True):
            np.save(folder / f"{name}.npy", column, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Lexical:
        """Open it, memory-mapped."""
        columns = (np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in COLUMNS)
        return cls(Strings.load(folder / "terms"), int(np.load(folder / "size.npy", allow_pickle=False)), *columns)


def _number(texts: Iterable[Sequence[str]]) -> tuple[list[list[int]], Strings]:
    """Each text as the places of its terms in the vocabulary; the terms themselves are held once."""
    seen: dict[str, int] = {}
    ids = [[seen.setdefault(term, len(seen)) for term in text or [EMPTY]] for text in texts]
    vocabulary = Strings.of(seen)
    place = {seen[term]: i for i, term in enumerate(vocabulary)}
    return [[place[i] for i in text] for text in ids], vocabulary
