"""The systems an evaluation compares, all on one index in memory: the product's ranking and the usual baselines.

`dense` and `bm25` are what most tutorials ship; `rrf` fuses the two by reciprocal rank (Cormack, Clarke & Büttcher
2009, k = 60). Each shows the best sentence of its best passage by its own measure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from corpus.article import Article, Passage
from index import contents
from index.contents import Index, embedded_text
from index.encoder.encode import Encoder, Floats
from index.lexical import Lexical, terms
from retrieval.answering.quote_extent import quote
from retrieval.ranking.maxsim import Rows
from retrieval.ranking.protocols import Ranker, RankingResult
from retrieval.ranking.query import EncodeQuestion, question_encoder
from retrieval.ranking.search import RankingWeights, Search
from retrieval.result import Hit

RRF_K = 60
TIE = 1e-6  # equal scores are told apart by their order


def index_in_memory(articles: Sequence[Article], passages: Sequence[Passage], encoder: Encoder) -> Index:
    """Embed passages into an index that never touches the disk."""
    encodings = encoder.encode([embedded_text(p) for p in passages])
    embedded = [contents.embed(p, e) for p, e in zip(passages, encodings, strict=True)]
    return contents.assemble(encoder, articles, passages, contents.stack(embedded, encoder.card.dim))


def systems(articles: Sequence[Article], passages: Sequence[Passage], encoder: Encoder) -> Mapping[str, Ranker]:
    """The product's ranking, named `full`, and the baselines, over one index."""
    index = index_in_memory(articles, passages, encoder)
    encode = question_encoder(encoder)
    dense, bm25 = _Dense(index, encode), _Bm25(index)
    return {
        "full": _Full(index, encode, RankingWeights()),
        "dense": _Baseline(index, dense),
        "bm25": _Baseline(index, bm25),
        "rrf": _Baseline(index, _Reciprocal(dense, bm25)),
    }


def ablations(articles: Sequence[Article], passages: Sequence[Passage], encoder: Encoder) -> Mapping[str, Ranker]:
    """The product's ranking with each of its parts removed in turn."""
    index = index_in_memory(articles, passages, encoder)
    encode = question_encoder(encoder)
    whole = RankingWeights()
    without = {
        "full": whole,
        "without late interaction": replace(whole, late=0.0, sentence_late=0.0),
        "without words": replace(whole, words=0.0, sentence_words=0.0),
        "without sentence vectors": replace(whole, cosine=0.0, sentence_cosine=0.0),
        "without idf": replace(whole, idf=False),
        "sentence by its passage and tokens": replace(whole, sentence_cosine=0.0, sentence_words=0.0),
        "sentence by itself": replace(whole, sentence_passage=0.0),
    }
    return {name: _Full(index, encode, weights) for name, weights in without.items()}


class _Measure(Protocol):
    """A way to score all passages, and all sentences, of an index."""

    def passages(self, question: str) -> Floats: ...

    def sentences(self, question: str) -> Floats: ...


class _Dense:
    """One cosine per passage, one per sentence."""

    def __init__(self, index: Index, encode: EncodeQuestion) -> None:
        self._encode = encode
        self._passages = index.dense.rows(np.arange(len(index.dense)))
        self._sentences = index.sentence_dense.rows(np.arange(len(index.sentence_dense)))

    def passages(self, question: str) -> Floats:
        return self._passages @ self._encode(question).vector

    def sentences(self, question: str) -> Floats:
        return self._sentences @ self._encode(question).vector


class _Bm25:
    """BM25 over stemmed words."""

    def __init__(self, index: Index) -> None:
        self._passages = Lexical.build([terms(embedded_text(p)) for p in index.passages])
        self._sentences = Lexical.build([terms(s.text) for p in index.passages for s in p.sentences])

    def passages(self, question: str) -> Floats:
        return self._passages.shares(terms(question))

    def sentences(self, question: str) -> Floats:
        return self._sentences.shares(terms(question))


class _Reciprocal:
    """Several measures fused by rank; the sentence is the first one's."""

    def __init__(self, *parts: _Measure) -> None:
        self._parts = parts

    def passages(self, question: str) -> Floats:
        ranks = [np.argsort(np.argsort(-part.passages(question), kind="stable")) + 1 for part in self._parts]
        return np.asarray(sum(1 / (RRF_K + rank) for rank in ranks), dtype=np.float32)

    def sentences(self, question: str) -> Floats:
        return self._parts[0].sentences(question)


class _Baseline:
    """A measure as a ranker: its confidence is the best passage's score."""

    def __init__(self, index: Index, measure: _Measure) -> None:
        self._index = index
        self._measure = measure

    def look(self, question: str, k: int) -> RankingResult:
        scores = self._measure.passages(question)
        rows = np.argsort(-scores, kind="stable")[:k]
        first, last = self._index.first_sentence[rows[0] : rows[0] + 2]
        sentence = first + int(np.argmax(self._measure.sentences(question)[first:last]))
        return _look(self._index, rows, scores[rows], sentence, float(scores[rows[0]]))


class _Full:
    """The product's ranking and choice of sentence, without its question bank."""

    def __init__(self, index: Index, encode: EncodeQuestion, weights: RankingWeights) -> None:
        self._search = Search(index, encode, weights)

    def look(self, question: str, k: int) -> RankingResult:
        found = self._search.find(question)
        sentence = int(found.sentences[0])
        return _look(self._search.index, found.passages[:k], found.scores[:k], sentence, float(found.scores[0]))


def _look(index: Index, rows: Rows, scores: Floats, sentence: int, confidence: float) -> RankingResult:
    strict = scores - np.arange(len(scores)) * TIE
    hits = tuple(Hit(index.passages[row], float(s), n) for n, (row, s) in enumerate(zip(rows, strict, strict=True), 1))
    return RankingResult(hits, quote(index, sentence, confidence), confidence)
