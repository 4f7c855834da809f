"""What an index holds once open, whether it came from disk or was just made in memory.

Rows agree everywhere: passage `i` is `passages[i]`, row `i` of `dense`, text `i` of `lexical` and passage `i` of
`tokens`; sentence `j` is row `j` of `sentence_dense` and text `j` of `sentence_lexical`, and belongs to passage
`sentence_passage[j]` as its sentence number `j - first_sentence[i]`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article, Block, Kind, Passage, Sentence, Source
from corpus.bank import Asked
from index.dense import Dense
from index.encoder import Card, Encoder, Encoding, Floats, unit_rows
from index.lexical import Lexical, terms
from index.tokens import PassageTokens, Tokens


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
    bank: Sequence[Asked]
    bank_dense: Dense


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
) -> Index:
    """Put an index together from embedded passages."""
    counts = [len(p.sentences) for p in passages]
    nothing = np.empty((0, encoder.card.dim), dtype=np.float32)
    questions = encoder.encode([asked.question for asked in bank], "query")
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
        first_sentence=np.cumsum([0, *counts], dtype=np.int64),
        bank=bank,
        bank_dense=Dense.build(np.concatenate([nothing, *(q.vector[None, :] for q in questions)])),
    )


def save(index: Index, root: Path) -> None:
    """Write an index into a folder that holds its tokens already (`Tokens.save`, or a build that streamed them)."""
    _write_lines(root / "articles.jsonl", (asdict(a) for a in index.articles))
    _write_lines(root / "passages.jsonl", (asdict(p) for p in index.passages))
    _write_lines(root / "bank.jsonl", (asdict(a) for a in index.bank))
    index.dense.save(root / "passages.faiss")
    index.sentence_dense.save(root / "sentences.faiss")
    index.bank_dense.save(root / "bank.faiss")
    index.lexical.save(root / "passage-words")
    index.sentence_lexical.save(root / "sentence-words")


def load(root: Path, card: Card) -> Index:
    """Open a folder written by `save`; its files were verified before."""
    passages = [_passage(line) for line in _read_lines(root / "passages.jsonl")]
    counts = [len(p.sentences) for p in passages]
    return Index(
        card=card,
        articles=[_article(line) for line in _read_lines(root / "articles.jsonl")],
        passages=passages,
        dense=Dense.load(root / "passages.faiss"),
        lexical=Lexical.load(root / "passage-words"),
        tokens=Tokens.load(root),
        sentence_dense=Dense.load(root / "sentences.faiss"),
        sentence_lexical=Lexical.load(root / "sentence-words"),
        sentence_passage=np.repeat(np.arange(len(passages), dtype=np.int64), counts),
        first_sentence=np.cumsum([0, *counts], dtype=np.int64),
        bank=[_asked(line) for line in _read_lines(root / "bank.jsonl")],
        bank_dense=Dense.load(root / "bank.faiss"),
    )


def _write_lines(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _read_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _article(row: dict[str, Any]) -> Article:
    blocks = tuple(Block(Kind(b["kind"]), b["start"], b["end"], b["level"]) for b in row["blocks"])
    return Article(row["id"], Source(**row["source"]), row["text"], blocks)


def _passage(row: dict[str, Any]) -> Passage:
    sentences = tuple(Sentence(**s) for s in row.pop("sentences"))
    question = row.pop("question")
    headings = tuple(row.pop("headings"))
    return Passage(**row, headings=headings, sentences=sentences, question=Sentence(**question) if question else None)


def _asked(row: dict[str, Any]) -> Asked:
    sentences = tuple((n, Sentence(**s)) for n, s in row["sentences"])
    return Asked(row["question"], row["topic"], sentences)
