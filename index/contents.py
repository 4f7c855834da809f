"""What an index holds once open, whether it came from disk or was just made in memory.

Rows agree everywhere: passage `i` is `passages[i]`, row `i` of `dense`, text `i` of `lexical` and passage `i` of
`tokens`; sentence `j` is row `j` of `sentence_dense` and belongs to passage `i = sentence_passage[j]` as its sentence
number `j - first_sentence[i]`; its tokens run from row `first_token[j]` of `tokens` to
the next sentence's, or to the end of its passage's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article, Passage, Sentence
from corpus.bank import Asked
from index import line_tables as lines
from index.bank_model import BankModel
from index.encoder.encode import Card, Encoder, Encoding, Floats, unit_rows
from index.faiss_vectors import FaissVectors
from index.lexical import Lexical, terms_and_pairs
from index.lexicon import Lexicon
from index.tokens import PassageTokens, Tokens, Whole
from index.vectors import Vectors, VectorStore

STORE: type[VectorStore] = FaissVectors


@dataclass(frozen=True, slots=True)
class Bank:
    """The question bank: its wordings, their vectors, and what was learnt from them."""

    asked: Sequence[Asked]
    dense: Vectors
    model: BankModel


@dataclass(frozen=True, slots=True)
class Index:
    """All that ranking needs, in memory or memory-mapped."""

    card: Card
    articles: Sequence[Article]
    passages: Sequence[Passage]
    dense: Vectors
    lexical: Lexical
    tokens: Tokens
    sentence_dense: Vectors
    piece_frequencies: NDArray[np.int64]
    sentence_passage: NDArray[np.int64]
    first_sentence: NDArray[np.int64]
    first_token: NDArray[np.int64]
    bank: Bank
    lexicon: Lexicon

    def sentence(self, row: int) -> tuple[Passage, Sentence]:
        """Return the sentence that is row `row` of `sentence_dense`, after the passage it belongs to."""
        number = int(self.sentence_passage[row])
        passage = self.passages[number]
        return passage, passage.sentences[row - int(self.first_sentence[number])]


def embedded_text(passage: Passage) -> str:
    """What is encoded for a passage: its nearest heading, unless the passage already says it, then itself."""
    return lead(passage) + passage.text


def lead(passage: Passage) -> str:
    """What is encoded before a passage: the line of its nearest heading, unless it is an FAQ pair."""
    return f"{passage.headings[-1]}\n" if passage.headings and passage.question is None else ""


def _sentence_vectors(passage: Passage, encoding: Encoding, spans: Whole) -> Floats:
    """One unit vector per sentence out of the passage's own forward pass: the mean of its tokens in their context."""
    middles = spans.mean(axis=1) + passage.start
    rows = [encoding.context[(middles >= s.start) & (middles < s.end)].sum(axis=0) for s in passage.sentences]
    return unit_rows(np.asarray(rows, dtype=np.float32).reshape(len(rows), encoding.context.shape[1]))


@dataclass(frozen=True, slots=True)
class Embedded:
    """A passage's vectors: `vector` (dim,), its tokens, and one row per sentence."""

    vector: Floats
    tokens: PassageTokens
    sentences: Floats


def embed(passage: Passage, encoding: Encoding) -> Embedded:
    """Take a passage's vectors out of its encoding."""
    spans = encoding.spans - len(lead(passage))
    tokens = PassageTokens.of(encoding.tokens, spans, encoding.ids, encoding.states)
    return Embedded(encoding.vector, tokens, _sentence_vectors(passage, encoding, spans))


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
        dense=STORE.build(embedded.vectors),
        lexical=Lexical.build(terms_and_pairs(embedded_text(p)) for p in passages),
        tokens=embedded.tokens,
        sentence_dense=STORE.build(embedded.sentences),
        piece_frequencies=_piece_frequencies(embedded.tokens),
        sentence_passage=np.repeat(np.arange(len(passages), dtype=np.int64), counts),
        first_sentence=first,
        first_token=_first_tokens(passages, embedded.tokens),
        bank=_bank(bank, vectors, passages, first),
        lexicon=Lexicon.of(passages, bank, encoder.tokenizer_json()),
    )


def _first_tokens(passages: Sequence[Passage], tokens: Tokens) -> NDArray[np.int64]:
    """For every sentence the row of its first token; tokens stand in the order of the text."""
    found = [
        int(tokens.starts[n])
        + np.searchsorted(tokens.spans[tokens.rows(n), 0], [s.start - p.start for s in p.sentences])
        for n, p in enumerate(passages)
    ]
    return np.concatenate([np.empty(0, np.int64), *found]).astype(np.int64)


def _piece_frequencies(tokens: Tokens) -> NDArray[np.int64]:
    """In how many passages each word piece occurs, by its id; ids above the last one seen occur in none."""
    found = [np.unique(tokens.ids[tokens.rows(n)]) for n in range(len(tokens.starts) - 1)]
    return np.bincount(np.concatenate([np.empty(0, np.int64), *found]))


def _bank(asked: Sequence[Asked], vectors: Floats, passages: Sequence[Passage], first: NDArray[np.int64]) -> Bank:
    number = {
        (row, sentence.start): int(first[row]) + n
        for row in {row for each in asked for row, _ in each.sentences}
        for n, sentence in enumerate(passages[row].sentences)
    }
    return Bank(asked, STORE.build(vectors), BankModel.fit(vectors, asked, number))


def save(index: Index, root: Path) -> None:
    """Write an index into a folder that holds its tokens already (`Tokens.write`)."""
    lines.write(root / "articles.jsonl", index.articles)
    lines.write(root / "passages.jsonl", index.passages)
    lines.write(root / "bank.jsonl", index.bank.asked)
    index.lexicon.save(root / "lexicon")
    index.dense.save(root / "passages.faiss")
    index.sentence_dense.save(root / "sentences.faiss")
    index.bank.dense.save(root / "bank.faiss")
    index.bank.model.save(root)
    index.lexical.save(root / "passage-words")
    np.save(root / "first-sentences.npy", index.first_sentence, allow_pickle=False)
    np.save(root / "first-tokens.npy", index.first_token, allow_pickle=False)
    np.save(root / "piece-frequencies.npy", index.piece_frequencies, allow_pickle=False)


def load(root: Path, card: Card) -> Index:
    """Open a folder written by `save`; its files were verified before."""
    first = np.load(root / "first-sentences.npy", allow_pickle=False)
    return Index(
        card=card,
        articles=lines.Lines(root / "articles.jsonl", lines.article),
        passages=lines.Lines(root / "passages.jsonl", lines.passage),
        dense=STORE.load(root / "passages.faiss"),
        lexical=Lexical.load(root / "passage-words"),
        tokens=Tokens.load(root),
        sentence_dense=STORE.load(root / "sentences.faiss"),
        piece_frequencies=np.load(root / "piece-frequencies.npy", allow_pickle=False),
        sentence_passage=np.repeat(np.arange(len(first) - 1, dtype=np.int64), np.diff(first)),
        first_sentence=first,
        first_token=np.load(root / "first-tokens.npy", allow_pickle=False),
        bank=_load_bank(root),
        lexicon=Lexicon.load(root / "lexicon"),
    )


def _load_bank(root: Path) -> Bank:
    dense = STORE.load(root / "bank.faiss")
    model = BankModel.load(root, dense.rows(np.arange(len(dense))))
    return Bank(lines.Lines(root / "bank.jsonl", lines.asked), dense, model)
