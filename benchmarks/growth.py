"""How an index grows: build time, size, memory, query time, and what the served search misses.

Each size is built by `index.build` out of real text, without a question bank. Sizes beyond that text are made of an
index that was built, its passages repeated and every vector of theirs moved by seeded noise (`benchmarks.perturbed`).
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

from benchmarks.articles import write_articles
from benchmarks.latency import Spread, spread
from benchmarks.processes import Taken, peak_megabytes, result_of, run_once
from corpus.common.settings import Settings
from index.open import Opened, open_index
from retrieval.answerer import answerer_of
from retrieval.answering.warm import warm
from retrieval.ranking.maxsim import Rows
from retrieval.ranking.query import question_encoder
from retrieval.ranking.search import Search

SEED = 20
QUERIES = 60
DEEP = 10
AT_ONCE = 1_000  # passages scored at once where all are
ASKED = (
    "what are the symptoms of {}?",
    "how is {} treated?",
    "what causes {}?",
    "is {} inherited?",
    "how many people have {}?",
    "who should see a doctor about {}?",
)


@dataclass(frozen=True, slots=True)
class Built:
    """What making an index took."""

    seconds: float
    cpu_seconds: float
    megabytes: float

    @classmethod
    def of(cls, taken: Taken) -> Built:
        """Round what a process took."""
        return cls(round(taken.seconds, 1), round(taken.cpu_seconds, 1), round(taken.megabytes, 1))


@dataclass(frozen=True, slots=True)
class Grown:
    """One size. Recall is of the first ten passages against scoring every passage; memory is of a fresh process."""

    passages: int
    sentences: int
    built: Built
    folder_megabytes: float
    open_milliseconds: float
    peak_megabytes: float
    search: Spread
    answer: Spread
    recall_at_10: float
    perturbed: bool


def grow(folder: Path, passages: int) -> Built:
    """Build an index of about so many passages into `folder`/index."""
    articles = write_articles(folder / "articles", passages)
    (folder / "no-bank").mkdir()
    with patch.dict("os.environ", {"ASK_QUESTIONS": str(folder / "no-bank")}):
        return Built.of(run_once(["-m", "index.build", *map(str, articles), "--out", str(folder / "index")]))


def ask(index: Path, built: Built, *, perturbed: bool = False) -> dict[str, object]:
    """Ask an index in a process of its own."""
    return result_of("benchmarks.growth", str(index), json.dumps(asdict(built)), str(int(perturbed)))


def measure(index: Path, built: Built, *, perturbed: bool) -> Grown:
    """What an index takes; run in a fresh process."""
    settings = replace(Settings(), index=index)
    started = time.perf_counter()
    opened = open_index(settings)
    open_milliseconds = 1000 * (time.perf_counter() - started)
    answerer = answerer_of(opened, settings)
    warm(opened.encoder)  # as a server does
    served = Search(opened.index, question_encoder(opened.encoder))
    asked, others = questions(opened, QUERIES, SEED), questions(opened, QUERIES, SEED + 1)
    taken, answers = spread(served.find, asked), spread(answerer.ask, others)
    peak = peak_megabytes()
    return Grown(
        passages=len(opened.index.passages),
        sentences=len(opened.index.sentence_passage),
        built=built,
        folder_megabytes=round(sum(stamp.bytes for stamp in opened.manifest.files.values()) / 1e6, 1),
        open_milliseconds=round(open_milliseconds, 1),
        peak_megabytes=round(peak, 1),
        search=taken,
        answer=answers,
        recall_at_10=round(recall(served, asked), 4),
        perturbed=perturbed,
    )


def questions(opened: Opened, n: int, seed: int) -> list[str]:
    """Half of them the first words of sentences of the index, half usual questions about its articles' subjects."""
    chance, index = random.Random(seed), opened.index
    passages = [index.passages[chance.randrange(len(index.passages))] for _ in range(n - n // 2)]
    openings = [" ".join(chance.choice(p.sentences).text.split()[:10]) for p in passages]
    titles = [re.sub(r" \(\d+\)$", "", chance.choice(index.articles).title) for _ in range(n // 2)]
    return [*openings, *(ASKED[i % len(ASKED)].format(title) for i, title in enumerate(titles))]


def recall(served: Search, asked: list[str]) -> float:
    """The share of the ten best passages, every passage scored, that the served search finds."""
    found = [set(served.find(question).passages[:DEEP].tolist()) for question in asked]
    best = [set(exact(served, question).tolist()) for question in asked]
    return float(np.mean([len(a & b) / len(b) for a, b in zip(found, best, strict=True)]))


def exact(served: Search, question: str) -> Rows:
    """The ten best passages by the served score of every one."""
    query = served.read(question)
    shares = served.index.lexical.shares(query.terms)
    parts = [served.look(query, shares, rows) for rows in _everything(len(served.index.passages))]
    scores = np.concatenate([part.scores for part in parts])
    return np.concatenate([part.passages for part in parts])[np.argsort(-scores, kind="stable")[:DEEP]]


def _everything(n: int) -> Iterator[Rows]:
    for start in range(0, n, AT_ONCE):
        yield np.arange(start, min(n, start + AT_ONCE), dtype=np.int64)


if __name__ == "__main__":
    found = measure(Path(sys.argv[1]), Built(**json.loads(sys.argv[2])), perturbed=sys.argv[3] == "1")
    sys.stdout.write(json.dumps(asdict(found)))
