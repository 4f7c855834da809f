"""How an index grows: build time, size, memory, query time, and what the approximate search misses.

Each size is built by `index.build` out of real text. A size beyond that text is made of seeded perturbations of its
vectors, measured for FAISS alone and marked as such.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

from benchmarks.articles import write_articles
from benchmarks.latency import Spread, side_by_side, spread
from benchmarks.processes import peak_megabytes, run_once
from corpus.settings import ROOT, Settings
from index.dense import EXACT_UP_TO, Dense
from index.encoder import Floats, unit_rows
from index.opening import Opened, open_index
from retrieval import search
from retrieval.query import question_encoder

SEED = 20
QUERIES = 60
DEEP = 10
NOISE = 0.35  # length of the noise beside a unit vector: a copy then stands at cosine 0.94 from its original


@dataclass(frozen=True, slots=True)
class Grown:
    """One size. Recall is of the first ten passages against scoring every passage; memory is of a fresh process."""

    passages: int
    build_seconds: float
    folder_megabytes: float
    open_milliseconds: float
    peak_megabytes: float
    search: Spread
    recall_at_10: float


def grow(folder: Path, passages: int) -> dict[str, object]:
    """Build an index of about so many passages and ask it, each in a process of its own."""
    articles = write_articles(folder / "articles", passages)
    (folder / "no-bank").mkdir()
    settings = Settings(index=folder / "index", articles=tuple(articles), questions=folder / "no-bank")
    with patch.dict("os.environ", {"ASK_QUESTIONS": str(settings.questions)}):
        built = run_once(["-m", "index.build", *map(str, articles), "--out", str(settings.index)])
    command = [sys.executable, "-m", "benchmarks.growth", str(settings.index), str(built.seconds)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    shutil.rmtree(folder)
    return dict(json.loads(done.stdout))


def measure(index: Path, build_seconds: float) -> Grown:
    """What an index of real text takes; run in a fresh process."""
    started = time.perf_counter()
    opened = open_index(replace(Settings(), index=index))
    open_milliseconds = 1000 * (time.perf_counter() - started)
    served = search.Search(opened.index, question_encoder(opened.encoder))
    questions = sentences(opened, QUERIES)
    taken = spread(served.find, questions)
    peak = peak_megabytes()
    files = sum(stamp.bytes for stamp in opened.manifest.files.values())
    return Grown(
        passages=len(opened.index.passages),
        build_seconds=round(build_seconds, 1),
        folder_megabytes=round(files / 1e6, 1),
        open_milliseconds=round(open_milliseconds, 1),
        peak_megabytes=round(peak, 1),
        search=taken,
        recall_at_10=round(recall(opened, questions), 4),
    )


def sentences(opened: Opened, n: int) -> list[str]:
    """The first words of some sentences of the index, as questions."""
    chance = random.Random(SEED)
    passages = [opened.index.passages[chance.randrange(len(opened.index.passages))] for _ in range(n)]
    return [" ".join(chance.choice(p.sentences).text.split()[:10]) for p in passages]


def recall(opened: Opened, questions: list[str]) -> float:
    """The share of the ten best passages, every passage scored, that the served search finds."""
    encode = question_encoder(opened.encoder)
    served = search.Search(opened.index, encode)
    found = [set(served.find(q).passages[:DEEP].tolist()) for q in questions]
    with patch.object(search, "ALL_UP_TO", len(opened.index.passages)):
        best = [set(served.find(q).passages[:DEEP].tolist()) for q in questions]
    return float(np.mean([len(a & b) / len(b) for a, b in zip(found, best, strict=True)]))


def perturb(rows: Floats, n: int, seed: int = SEED) -> Floats:
    """`n` unit rows, each a stored row moved by noise: as crowded as real ones, and no two the same."""
    chance = np.random.default_rng(seed)
    noise = unit_rows(chance.standard_normal((n, rows.shape[1]), dtype=np.float32))
    return unit_rows(rows[chance.integers(0, len(rows), n)] + NOISE * noise)


def perturbed(rows: Floats, n: int) -> dict[str, object]:
    """FAISS over perturbed vectors: the type that `n` calls for beside exact search, side by side."""
    many = perturb(rows, n)
    queries = {str(i): row for i, row in enumerate(perturb(rows, QUERIES, SEED + 1))}
    started = time.perf_counter()
    served = Dense.build(many)
    seconds = time.perf_counter() - started
    with patch("index.dense.EXACT_UP_TO", n):
        exact = Dense.build(many)
    runs = {
        "served": lambda name: served.search(queries[name], search.CANDIDATES),
        "exact": lambda name: exact.search(queries[name], search.CANDIDATES),
    }
    taken = side_by_side(runs, list(queries))
    both = [[set(d.search(q, DEEP).rows.tolist()) for d in (served, exact)] for q in queries.values()]
    return {
        "vectors": n,
        "type": "flat" if n <= EXACT_UP_TO else "HNSW",
        "build_seconds": round(seconds, 1),
        **{name: asdict(each) for name, each in taken.items()},
        "recall_at_10": round(float(np.mean([len(a & b) / DEEP for a, b in both])), 4),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(measure(Path(sys.argv[1]), float(sys.argv[2])))))
