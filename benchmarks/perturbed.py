"""An index larger than the text at hand: the passages of one that was built, repeated, every vector moved by noise.

No two copies score the same. Words are repeated as they are.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from benchmarks.growth import Built
from benchmarks.latency import side_by_side
from benchmarks.processes import run_once
from corpus.common.settings import Settings
from index import contents, folder
from index.contents import EmbeddedPassages, Index
from index.encoder.encode import Floats, unit_rows
from index.encoder.onnx_encoder import carry_over
from index.faiss_vectors import FaissVectors
from index.open import open_index
from index.tokens import PassageTokens, Tokens
from index.vectors import Vectors

SEED = 20
NOISE = 0.35  # length of the noise beside a unit vector: a copy then stands at cosine 0.94 from its original
QUERIES = 60
NEIGHBOURS = (10, 1_000)  # how many are asked for where kinds of FAISS index are compared


def perturb(rows: Floats, chance: np.random.Generator) -> Floats:
    """Unit rows moved by noise of length `NOISE`, and scaled to unit length again."""
    noise = unit_rows(chance.standard_normal(rows.shape, dtype=np.float32))
    return unit_rows(rows + NOISE * noise)


def grow_beyond(source: Path, target: Path, passages: int) -> Built:
    """Make an index of `passages` passages out of the one at `source`, in a process of its own."""
    return Built.of(run_once(["-m", "benchmarks.perturbed", str(source), str(target), str(passages)]))


def multiply(source: Path, target: Path, passages: int) -> None:
    """The same in this process; nothing is embedded."""
    opened = open_index(replace(Settings(), index=source))
    index, chance = opened.index, np.random.default_rng(SEED)
    drawn = np.arange(passages, dtype=np.int64) % len(index.passages)
    target.mkdir()
    root = folder.new_generation(target)
    embedded = _embedded(index, drawn, root, chance)
    many = [index.passages[int(row)] for row in drawn]
    contents.save(contents.assemble(opened.encoder, index.articles, many, embedded), root)
    carry_over(source / opened.manifest.generation, root)
    folder.publish(target, replace(opened.manifest, generation=root.name, passages=passages, files=folder.stamps(root)))


def _embedded(index: Index, drawn: NDArray[np.int64], root: Path, chance: np.random.Generator) -> EmbeddedPassages:
    lengths = np.diff(index.tokens.starts)[drawn].tolist()
    tokens = Tokens.write(root, lengths, index.card.dim, _tokens(index, drawn, chance))
    counts = np.diff(index.first_sentence)
    sentences = np.concatenate([index.first_sentence[row] + np.arange(counts[row]) for row in drawn])
    return EmbeddedPassages(
        perturb(index.dense.rows(drawn), chance), tokens, perturb(index.sentence_dense.rows(sentences), chance)
    )


def _tokens(index: Index, drawn: NDArray[np.int64], chance: np.random.Generator) -> Iterator[PassageTokens]:
    for row in tqdm(drawn, desc="perturbing", unit="passage", disable=None):
        tokens = index.tokens.of(int(row))
        yield PassageTokens.of(perturb(tokens.vectors, chance), tokens.spans, tokens.ids)


def kinds(index: Path, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    """FAISS alone over the sentence vectors of an index: exact search beside the graph, in turn, by number of rows.

    Asked are vectors moved by noise. A number beyond what the index holds is cut to that.
    """
    held = open_index(replace(Settings(), index=index)).index.sentence_dense
    chance = np.random.default_rng(SEED)
    rows = held.rows(chance.permutation(len(held)))
    asked = perturb(rows[chance.integers(0, len(rows), QUERIES)], chance)
    for n in sorted({min(n, len(rows)) for n in numbers}):
        started = time.perf_counter()
        graph = FaissVectors.graph(rows[:n])
        seconds = round(time.perf_counter() - started, 1)
        flat = FaissVectors.flat(rows[:n])
        for k in NEIGHBOURS:
            yield {"vectors": n, "neighbours": k, "graph_build_seconds": seconds, **_compare(graph, flat, asked, k)}


def _compare(graph: Vectors, flat: Vectors, asked: Floats, k: int) -> dict[str, Any]:
    runs: dict[str, Callable[[str], Any]] = {
        "flat": lambda n: flat.search(asked[int(n)], k),
        "graph": lambda n: graph.search(asked[int(n)], k),
    }
    taken = side_by_side(runs, [str(i) for i in range(len(asked))])
    both = [[set(d.search(q, k).rows.tolist()) for d in (graph, flat)] for q in asked]
    recall = round(float(np.mean([len(a & b) / len(b) for a, b in both])), 4)
    return {**{name: asdict(each) for name, each in taken.items()}, "recall": recall}


if __name__ == "__main__":
    multiply(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
