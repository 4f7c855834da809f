"""Windows: what the reader sees of one question, namely its likeliest sentences, as numbers.

Texts and questions are encoded once by the packaged model, whose weights stay as they are, and kept in files of a
thousand each, so that a run that was killed goes on where it was.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import normalize
from tqdm import tqdm

from index.encoder.weights import find_weights
from training.sources import Item, Text

Halves = NDArray[np.float16]

CANDIDATES = 6  # sentences in a window: among so many of the ranking's first, 97 of 100 answers are found
LONGEST = 64  # tokens of a sentence that are read
ASKED = 40  # tokens of a question that are read
LOWER = 3  # layers run apart, for question and passage each by itself
SHARD = 1_000
BATCH = 48
MOST_TOKENS = 256
NOISE = 0.03  # on the order of candidates while training, so that other neighbours are seen in each pass


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text's tokens: `vectors` (n, dim) unit rows, `states` (n, dim) of layer `LOWER`, `ids` (n,), `spans` (n, 2)."""

    vectors: Halves
    states: Halves
    ids: NDArray[np.int32]
    spans: NDArray[np.int32]


class Network:
    """The packaged model, frozen."""

    def __init__(self) -> None:
        from transformers import AutoModel, AutoTokenizer

        place = find_weights().place
        self._model: Any = AutoModel.from_pretrained(place).eval()
        self._tokenizer: Any = AutoTokenizer.from_pretrained(place)

    def encode(self, texts: Sequence[str], done: Callable[[int], object]) -> list[Encoded]:
        """Encode texts, those of like length together; `done` is told how many more are."""
        out: list[Encoded | None] = [None] * len(texts)
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            for n, encoded in zip(part, self._batch([texts[n] for n in part]), strict=True):
                out[n] = encoded
            done(len(part))
        return [encoded for encoded in out if encoded is not None]

    def _batch(self, texts: list[str]) -> list[Encoded]:
        pieces = self._tokenizer(
            texts,
            return_tensors="pt",
            padding=True,
            truncation=True,
            max_length=MOST_TOKENS,
            return_offsets_mapping=True,
        )
        spans = pieces.pop("offset_mapping").numpy().astype(np.int32)
        with torch.inference_mode():
            layers = self._model(**pieces, output_hidden_states=True).hidden_states
        vectors = normalize(normalize(layers[-3], dim=-1) + normalize(layers[-1], dim=-1), dim=-1)
        ids, lengths = pieces["input_ids"].numpy().astype(np.int32), pieces["attention_mask"].sum(dim=1)
        return [
            Encoded(
                vectors[row, 1 : n - 1].numpy().astype(np.float16),
                layers[LOWER][row, 1 : n - 1].numpy().astype(np.float16),
                ids[row, 1 : n - 1],
                spans[row, 1 : n - 1],
            )
            for row, n in enumerate(int(length) for length in lengths)
        ]


def encode_all(texts: Sequence[str], cache: Path, what: str) -> list[Encoded]:
    """Encode texts, or read what an earlier run left of them in `cache`."""
    network: Network | None = None
    out: list[Encoded] = []
    cache.mkdir(parents=True, exist_ok=True)
    with tqdm(total=len(texts), desc=what, mininterval=10) as bar:
        for start in range(0, len(texts), SHARD):
            part = texts[start : start + SHARD]
            path = cache / f"{hashlib.sha256(repr(part).encode()).hexdigest()[:24]}.npz"
            if not path.is_file():
                network = network or Network()
                _write(path, network.encode(part, bar.update))
            else:
                bar.update(len(part))
            out += _read(path)
    return out


def _write(path: Path, encoded: Sequence[Encoded]) -> None:
    fresh = path.with_suffix(".tmp")
    with fresh.open("wb") as file:
        columns: dict[str, Any] = {
            name: np.concatenate([getattr(e, name) for e in encoded]) for name in ("vectors", "states", "ids", "spans")
        }
        np.savez(file, lengths=np.array([len(e.ids) for e in encoded]), **columns)
    fresh.replace(path)


def _read(path: Path) -> list[Encoded]:
    with np.load(path, allow_pickle=False) as file:
        cuts = np.cumsum(file["lengths"])[:-1]
        columns = [np.split(file[name], cuts) for name in ("vectors", "states", "ids", "spans")]
    return [Encoded(*parts) for parts in zip(*columns, strict=True)]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence in a window: rows `start` to `end` of the tokens of text `text`.

    `near` is how near its passage and its passage's heading come to the question (MaxSim).
    """

    text: int
    start: int
    end: int
    label: int
    near: tuple[float, float]


class Windows:
    """Makes windows out of encoded texts and questions."""

    def __init__(self, texts: Sequence[Text], encoded: Sequence[Encoded], questions: dict[str, Encoded]) -> None:
        self._encoded = encoded
        self._questions = questions
        self._owners = [_owners(text, e) for text, e in zip(texts, encoded, strict=True)]

    def question(self, item: Item) -> Encoded:
        """The first `ASKED` tokens of an item's question."""
        q = self._questions[item.question]
        return Encoded(q.vectors[:ASKED], q.states[:ASKED], q.ids[:ASKED], q.spans[:ASKED])

    def tokens(self, number: int) -> Encoded:
        """The tokens of a text."""
        return self._encoded[number]

    def candidates(self, item: Item, chance: random.Random | None = None) -> list[Candidate]:
        """The likeliest sentences, by half MaxSim of their own and 0.3 of their passage's.

        While training (`chance` given), their order is shaken a little, and an answer that is not among them is.
        """
        asked = self.question(item).vectors.astype(np.float32)
        found: list[tuple[float, Candidate]] = []
        for number, labels in zip(item.passages, item.labels, strict=True):
            cosines = self._encoded[number].vectors.astype(np.float32) @ asked.T
            owners = self._owners[number]
            if not len(cosines):
                continue
            whole = float(cosines.max(axis=0).mean())
            lead = float(cosines[owners < 0].max(axis=0).mean()) if (owners < 0).any() else 0.0
            for n, label in enumerate(labels):
                rows = np.flatnonzero(owners == n)
                if len(rows):
                    score = 0.5 * float(cosines[rows].max(axis=0).mean()) + 0.3 * whole
                    score += chance.gauss(0, NOISE) if chance else 0.0
                    start = int(rows[0])
                    end = min(int(rows[-1]) + 1, start + LONGEST)
                    found.append((score, Candidate(number, start, end, label, (whole, lead))))
        found.sort(key=lambda pair: -pair[0])
        best = [candidate for _, candidate in found[:CANDIDATES]]
        if chance and not any(candidate.label for candidate in best):
            best[-1:] = [candidate for _, candidate in found[CANDIDATES:] if candidate.label][:1] or best[-1:]
        return best

    def batch(
        self, items: Sequence[Item], chance: random.Random | None = None
    ) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
        """The inputs of `index.building.reader_network.ReaderNetwork` and the labels (batch, n), -1 where none is."""
        asked = [self.question(item) for item in items]
        chosen = [self.candidates(item, chance) for item in items]
        size, dim = len(items), asked[0].vectors.shape[1]
        q = max(len(a.ids) for a in asked)
        t = max(1, *(sum(c.end - c.start for c in window) for window in chosen))
        n = max(1, *(len(window) for window in chosen))
        out = {
            "question_vectors": np.zeros((size, q, dim), np.float32),
            "question_states": np.zeros((size, q, dim), np.float32),
            "vectors": np.zeros((size, t, dim), np.float32),
            "states": np.zeros((size, t, dim), np.float32),
            "question_mask": np.zeros((size, q), np.float32),
            "mask": np.zeros((size, t), np.float32),
            "owner": np.zeros((size, n, t), np.float32),
            "near": np.zeros((size, n, 2), np.float32),
            "same": np.zeros((size, q, t), np.float32),
        }
        labels = np.full((size, n), -1, np.float32)
        for row, (a, window) in enumerate(zip(asked, chosen, strict=True)):
            length = len(a.ids)
            out["question_vectors"][row, :length] = a.vectors
            out["question_states"][row, :length] = a.states
            out["question_mask"][row, :length] = 1
            at = 0
            for number, c in enumerate(window):
                tokens, rows = self._encoded[c.text], slice(at, at + c.end - c.start)
                out["vectors"][row, rows] = tokens.vectors[c.start : c.end]
                out["states"][row, rows] = tokens.states[c.start : c.end]
                out["mask"][row, rows] = 1
                out["owner"][row, number, rows] = 1
                out["same"][row, :length, rows] = a.ids[:, None] == tokens.ids[None, c.start : c.end]
                out["near"][row, number] = c.near
                labels[row, number] = c.label
                at += c.end - c.start
        return {name: torch.from_numpy(array) for name, array in out.items()}, torch.from_numpy(labels)


def _owners(text: Text, encoded: Encoded) -> NDArray[np.int16]:
    """For each token the sentence it belongs to, -1 for one of the heading or of a question."""
    middles = encoded.spans.mean(axis=1) - len(text.lead)
    owners = np.full(len(middles), -1, np.int16)
    for n, (start, end) in enumerate(text.spans):
        owners[(middles >= start) & (middles < end)] = n
    return owners
