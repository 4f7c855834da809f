"""What an index holds once open, whether it came from disk or was just made in memory.

Rows agree everywhere: passage `i` is `passages[i]`, row `i` of `dense`, text `i` of `lexical` and passage `i` of
`tokens`; sentence `j` is row `j` of `sentence_dense` and text `j` of `sentence_lexical`, and belongs to passage
`sentence_passage[j]` as its sentence number `j - first_sentence[i]`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article, Passage
from corpus.bank import Asked
from index import lines
from index.bank_model import BankModel
from index.dense import Dense
from index.encoder import Card, Encoder, Encoding, Floats, unit_rows
from index.lexical import Lexical, terms, words
from index.tokens import PassageTokens, Tokens


@dataclass(frozen=True, slots=True)
class Bank:
    """The question bank: its wordings, their vectors, and what was learnt from them."""

    asked: Sequence[Asked]
    dense: Dense
    model: BankModel


@dataclass(frozen=True, slots=True)
class Index:
    """All that ranking needs, in memory or memory-mapped."""

    card: Card
    articles: Sequence[Article]
    passages: Sequence[Passage]
    dense: Dense
    lexical: Lexical
    tokens: Tokens
    sentence_dense: Dense
    sentence_lexical: Lexical
    sentence_passage: NDArray[np.int64]
    first_sentence: NDArray[np.int64]
    bank: Bank
    words: Mapping[str, int]


def embedded_text(passage: Passage) -> str:
    """What is encoded for a passage: its nearest heading, unless the passage already says it, then itself."""
    return _lead(passage) + passage.text


def _lead(passage: Passage) -> str:
    return f"{passage.headings[-1]}\n" if passage.headings and passage.question is None else ""


def sentence_vectors(passage: Passage, tokens: PassageTokens) -> Floats:
    """One unit vector per sentence out of the passage's own forward pass: the mean of its tokens."""
    middles = tokens.spans.mean(axis=1) + passage.start
    rows = [tokens.vectors[(middles >= s.start) & (middles < s.end)].sum(axis=0) for s in passage.sentences]
    return unit_rows(np.asarray(rows, dtype=np.float32).reshape(len(rows), tokens.vectors.shape[1]))


def passage_terms(passage: Passage) -> list[str]:
    """The terms of a passage and of its headings."""
    return terms(embedded_text(passage))


@dataclass(frozen=True, slots=True)
class Embedded:
    """A passage's vectors: `vector` (dim,), its tokens, and one row per sentence."""

    vector: Floats
    tokens: PassageTokens
    sentences: Floats


def embed(passage: Passage, encoding: Encoding) -> Embedded:
    """Take a passage's vectors out of its encoding, tokens at the precision they are stored in."""
    stored = encoding.tokens.astype(np.float16).astype(np.float32)
    tokens = PassageTokens(stored, encoding.spans - len(_lead(passage)))
    return Embedded(encoding.vector, tokens, sentence_vectors(passage, tokens))


@dataclass(frozen=True, slots=True)
class EmbeddedPassages:
    """The vectors of all passages: (n, dim), their tokens, and (n_sentences, dim) in reading order."""

    vectors: Floats
    tokens: Tokens
    sentences: Floats


def stack(embedded: Sequence[Embedded], dim: int) -> EmbeddedPassages:
    """Put embedded passages together in memory."""
    nothing = np.empty((0, dim), dtype=np.float32)
    return EmbeddedPassages(
        vectors=np.concatenate([nothing, *(e.vector[None, :] for e in embedded)]),
        tokens=Tokens.stack([e.tokens for e in embedded], dim),
        sentences=np.concatenate([nothing, *(e.sentences for e in embedded)]),
    )


def assemble(
    encoder: Encoder,
    articles: Sequence[Article],
    passages: Sequence[Passage],
    embedded: EmbeddedPassages,
    bank: Sequence[Asked] = (),
    wordings: Floats | None = None,
) -> Index:
    """Put an index together from embedded passages and a bank, whose vectors are `wordings` (len(bank), dim)."""
    counts = [len(p.sentences) for p in passages]
    vectors = np.empty((0, encoder.card.dim), dtype=np.float32) if wordings is None else wordings
    first = np.cumsum([0, *counts], dtype=np.int64)
    return Index(
        card=encoder.card,
        articles=articles,
        passages=passages,
        dense=Dense.build(embedded.vectors),
        lexical=Lexical.build([passage_terms(p) for p in passages]),
        tokens=embedded.tokens,
        sentence_dense=Dense.build(embedded.sentences),
        sentence_lexical=Lexical.build([terms(s.text) for p in passages for s in p.sentences]),
        sentence_passage=np.repeat(np.arange(len(passages), dtype=np.int64), counts),
        first_sentence=first,
        bank=_bank(bank, vectors, passages, first),
        words=Counter(w for text in [*(p.text for p in passages), *(a.question for a in bank)] for w in words(text)),
    )


def _bank(asked: Sequence[Asked], vectors: Floats, passages: Sequence[Passage], first: NDArray[np.int64]) -> Bank:
    number = {
        (row, sentence.start): int(first[row]) + n
        for row in {row for each in asked for row, _ in each.sentences}
        for n, sentence in enumerate(passages[row].sentences)
    }
    return Bank(asked, Dense.build(vectors), BankModel.fit(vectors, asked, number))


def save(index: Index, root: Path) -> None:
    """Write an index into a folder that holds its tokens already (`Tokens.save`, or a build that streamed them)."""
    lines.write(root / "articles.jsonl", index.articles)
    lines.write(root / "passages.jsonl", index.passages)
    lines.write(root / "bank.jsonl", index.bank.asked)
    (root / "words.json").write_text(json.dumps(index.words, ensure_ascii=False), encoding="utf-8")
    index.dense.save(root / "passages.faiss")
    index.sentence_dense.save(root / "sentences.faiss")
    index.bank.dense.save(root / "bank.faiss")
    index.bank.model.save(root)
    index.lexical.save(root / "passage-words")
    index.sentence_lexical.save(root / "sentence-words")


def load(root: Path, card: Card) -> Index:
    """Open a folder written by `save`; its files were verified before."""
    passages = lines.read(root / "passages.jsonl", lines.passage)
    counts = [len(p.sentences) for p in passages]
    return Index(
        card=card,
        articles=lines.read(root / "articles.jsonl", lines.article),
        passages=passages,
        dense=Dense.load(root / "passages.faiss"),
        lexical=Lexical.load(root / "passage-words"),
        tokens=Tokens.load(root),
        sentence_dense=Dense.load(root / "sentences.faiss"),
        sentence_lexical=Lexical.load(root / "sentence-words"),
        sentence_passage=np.repeat(np.arange(len(passages), dtype=np.int64), counts),
        first_sentence=np.cumsum([0, *counts], dtype=np.int64),
        bank=_load_bank(root),
        words=json.loads((root / "words.json").read_text(encoding="utf-8")),
    )


def _load_bank(root: Path) -> Bank:
    dense = Dense.load(root / "bank.faiss")
    model = BankModel.load(root, dense.rows(np.arange(len(dense))))
    return Bank(lines.read(root / "bank.jsonl", lines.asked), dense, model)
