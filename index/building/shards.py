"""Embedding in bounded memory: passages are embedded in shards, each a file, so a killed build goes on where it was.

A shard's name is a hash of the model and of the texts in it; a file is there whole or not at all. Passages whose text
an earlier index holds are taken from there.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.article import Passage
from index.contents import Embedded, EmbeddedPassages, Index, embed, embedded_text
from index.encoder.encode import Card, Encoder
from index.tokens import COLUMNS, PassageTokens, Tokens

SHARD = 128


class Earlier:
    """The passages of an index of the same model, by the text that was embedded."""

    def __init__(self, index: Index | None) -> None:
        self._index = index
        self._rows = {_same(p): row for row, p in enumerate(index.passages)} if index else {}

    def __contains__(self, passage: Passage) -> bool:
        return _same(passage) in self._rows

    def take(self, passage: Passage) -> Embedded:
        """The vectors of a passage that is known."""
        assert self._index is not None  # noqa: S101 - only reached for known passages
        row = self._rows[_same(passage)]
        tokens = self._index.tokens.of(row)
        vector = self._index.dense.rows(np.array([row]))[0]
        first, last = self._index.first_sentence[row : row + 2]
        return Embedded(vector, tokens, self._index.sentence_dense.rows(np.arange(first, last)))


def _same(passage: Passage) -> tuple[str, tuple[tuple[int, int], ...]]:
    """What two passages of equal vectors have in common: what is embedded, and where in it sentences stand."""
    return embedded_text(passage), tuple((s.start - passage.start, s.end - passage.start) for s in passage.sentences)


@dataclass(frozen=True, slots=True)
class Shards:
    """Where shards lie while a build is under way."""

    folder: Path

    def embed_all(
        self, passages: Sequence[Passage], encoder: Encoder, earlier: Earlier, progress: Callable[[int], object]
    ) -> list[Path]:
        """Embed passages shard by shard; `progress` is told how many passages are done."""
        self.folder.mkdir(exist_ok=True)
        return [
            self._embed(passages[start : start + SHARD], encoder, earlier, progress)
            for start in range(0, len(passages), SHARD)
        ]

    def _embed(
        self, passages: Sequence[Passage], encoder: Encoder, earlier: Earlier, progress: Callable[[int], object]
    ) -> Path:
        path = self.folder / f"{_key(encoder.card, passages)}.npz"
        if not _is_whole(path):
            fresh = [p for p in passages if p not in earlier]
            encoded = zip(fresh, encoder.encode([embedded_text(p) for p in fresh]), strict=True)
            made = {p.id: embed(p, encoding) for p, encoding in encoded}
            _write(path, [made[p.id] if p.id in made else earlier.take(p) for p in passages])
        progress(len(passages))
        return path

    def gather(self, paths: Sequence[Path], root: Path, card: Card) -> EmbeddedPassages:
        """Put the shards together: tokens straight into the files of `root`, vectors in memory."""
        lengths = [int(n) for path in paths for n in _column(path, "lengths")]
        passages = (passage for path in paths for passage in _tokens(path))
        tokens = Tokens.write(root, lengths, card.dim, passages, read=card.reader_layer > 0)
        nothing = np.empty((0, card.dim), dtype=np.float32)
        vectors, sentences = (
            np.concatenate([nothing, *(_column(path, name) for path in paths)]) for name in ("vectors", "sentences")
        )
        return EmbeddedPassages(vectors, tokens, sentences)

    def clear(self) -> None:
        """Remove the shards once an index is made of them."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _key(card: Card, passages: Sequence[Passage]) -> str:
    digest = hashlib.sha256(repr(card).encode())
    for passage in passages:
        digest.update(repr((_same(passage), passage.text)).encode())
    return digest.hexdigest()[:32]


def _is_whole(path: Path) -> bool:
    """Whether a killed build left this shard, every byte of it."""
    try:
        with zipfile.ZipFile(path) as shard:
            return shard.testzip() is None
    except (FileNotFoundError, zipfile.BadZipFile):
        return False


def _write(path: Path, embedded: Sequence[Embedded]) -> None:
    fresh = path.with_suffix(".tmp")
    columns: dict[str, Any] = {name: np.concatenate([getattr(e.tokens, name) for e in embedded]) for name in COLUMNS}
    with fresh.open("wb") as file:
        np.savez(
            file,
            vectors=np.stack([e.vector for e in embedded]),
            sentences=np.concatenate([e.sentences for e in embedded]),
            lengths=np.array([len(e.tokens.ids) for e in embedded], dtype=np.int64),
            **columns,
        )
    fresh.replace(path)


def _tokens(path: Path) -> Iterator[PassageTokens]:
    """The tokens of a shard's passages."""
    with np.load(path, allow_pickle=False) as shard:
        cuts = np.cumsum(shard["lengths"])[:-1]
        columns = [np.split(shard[name], cuts) for name in COLUMNS]
        yield from (PassageTokens(*parts) for parts in zip(*columns, strict=True))


def _column(path: Path, name: str) -> NDArray[Any]:
    with np.load(path, allow_pickle=False) as shard:
        return np.asarray(shard[name])
