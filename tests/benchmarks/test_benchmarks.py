"""What is measured is counted right; how long anything takes is never asserted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.__main__ import PARTS
from benchmarks.articles import kind_of_text, write_articles
from benchmarks.latency import Spread, side_by_side, spread
from benchmarks.perturbed import NOISE, perturb
from benchmarks.processes import free_port, held_megabytes, peak_megabytes, run_once
from benchmarks.soak import soak
from benchmarks.table import table
from corpus.readers.registry import read_articles
from corpus.splitter import split

NO_FILE = Path("nowhere.jsonl.gz")


def test_made_up_articles_are_the_same_every_time_and_enough(tmp_path: Path) -> None:
    written = write_articles(tmp_path / "a", 40, NO_FILE)
    again = write_articles(tmp_path / "b", 40, NO_FILE)
    assert [p.read_bytes() for p in written] == [p.read_bytes() for p in again]
    held = [len(split(reading.article)) for reading in read_articles(written)]
    assert sum(held) >= 40 > sum(held[:-1])
    assert kind_of_text(NO_FILE) == "seeded made-up articles"


def test_spread_by_hand() -> None:
    found = Spread.of(list(range(1, 102)))
    assert (found.p50, found.p99, found.n) == (51.0, 100.0, 101)


def test_warm_up_runs_do_not_count() -> None:
    asked: list[str] = []
    assert spread(asked.append, list("abcdefg")).n == 7
    assert asked == [*"abcde", *"abcdefg"]
    order: list[str] = []
    taken = side_by_side({"x": lambda q: order.append(f"x{q}"), "y": lambda q: order.append(f"y{q}")}, ["1", "2"])
    assert order == ["x1", "y1", "x2", "y2"] * 2
    assert {name: each.n for name, each in taken.items()} == {"x": 2, "y": 2}


def test_perturbed_rows_lie_near_their_originals() -> None:
    rows = np.repeat(np.eye(384, dtype=np.float32)[:5], 10, axis=0)
    many = perturb(rows, np.random.default_rng(1))
    np.testing.assert_allclose(np.linalg.norm(many, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose((many * rows).sum(axis=1), 1 / np.sqrt(1 + NOISE**2), atol=0.06)
    assert len(np.unique(many, axis=0)) == 50
    np.testing.assert_array_equal(many, perturb(rows, np.random.default_rng(1)))


def test_a_process_is_measured_and_a_failing_one_refused() -> None:
    taken = run_once(["-c", "x = bytes(50_000_000)"])
    assert taken.megabytes > 50
    assert taken.cpu_seconds > 0
    with pytest.raises(Exception, match="non-zero exit status 3"):
        run_once(["-c", "raise SystemExit(3)"])
    assert 0 < held_megabytes() <= peak_megabytes() * 1.1
    assert 1024 <= free_port() <= 65535


class Answerer:
    """Remembers what it was asked."""

    articles, starters = (), ()

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, question: str, history: Sequence[str] = ()) -> Any:  # noqa: ARG002 - as the protocol names it
        self.asked.append(question)


def test_memory_is_looked_at_after_each_tenth() -> None:
    answerer = Answerer()
    found = soak(answerer, ["a", "b"], 30)
    assert (found.questions, len(found.megabytes)) == (30, 10)
    assert min(found.megabytes) > 0
    assert len(set(answerer.asked)) == 30


SPREAD = {"p50": 2.0, "p99": 3.0, "n": 5}
GROWN = {
    "passages": 200,
    "built": {"seconds": 9.0, "cpu_seconds": 8.0, "megabytes": 700.0},
    "folder_megabytes": 20.0,
    "open_milliseconds": 5.0,
    "peak_megabytes": 300.0,
    "search": SPREAD,
    "answer": SPREAD,
    "recall_at_10": 0.99,
    "perturbed": False,
}
KINDS = {
    "vectors": 90,
    "neighbours": 10,
    "graph_build_seconds": 1,
    "graph": SPREAD,
    "flat": SPREAD,
    "recall": 0.97,
}


def test_the_table_by_hand() -> None:
    start = {
        "product": {"seconds": 1.0, "cpu_seconds": 0.5, "megabytes": 200.0},
        "plain": {"seconds": 8.0, "cpu_seconds": 5.0, "megabytes": 800.0},
        "ratio": {"seconds": 0.125, "cpu_seconds": 0.1, "megabytes": 0.25},
    }
    report = {
        "when": dict.fromkeys(PARTS, "2026-01-01, load 1.0 before"),
        "starts": {"ask": start, "page": start},
        "queries": {"parts": {"encode": SPREAD}, "encode": {"product": SPREAD, "plain": SPREAD}, "ratio": 1.0},
        "building": {"product": 9.0, "plain": 10.0, "ratio": 0.9},
        "soak": {"questions": 10_000, "megabytes": [150.0, 151.0]},
        "http": {"product": [{"clients": 8, "per_second": 40.0, "milliseconds": SPREAD, "failed": 0}]},
        "growth": {"text": "made-up", "sizes": [GROWN, {**GROWN, "perturbed": True}], "kinds": [KINDS]},
    }
    lines = table(report).splitlines()
    assert "queries: 2026-01-01, load 1.0 before; soak: 2026-01-01, load 1.0 before" in lines
    assert "| start to first answer: s | 1.0 | 8.0 | 0.125 |" in lines
    assert "| product | 8 | 40.0 | 2.0 | 3.0 | 0 |" in lines
    row = "200 | 9.0 | 8.0 | 700.0 | 20.0 | 5.0 | 300.0 | 2.0 | 3.0 | 2.0 | 3.0 | 0.99 |"
    assert [line for line in lines if row.removeprefix("200") in line] == [
        f"| {row}",
        f"| 200 perturbed, build without embedding{row.removeprefix('200')}",
    ]
    assert "| 90 | 10 | 1 | 2.0 | 2.0 | 0.97 |" in lines
    del report["soak"]
    assert "tenth" not in table(report)
    assert "MB after each tenth of 10,000 questions: 150.0, 151.0." in lines
