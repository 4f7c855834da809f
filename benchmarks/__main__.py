"""Measure the product beside a plain sentence-transformers script, in one run: `make bench`.

    python -m benchmarks [--quick] [--only PART …] [--sizes N …] [--perturbed N] [--kinds N …] [--json F] [--table F]

Everything compared is run in turn, never one after the other's end, and reported as medians and ratios: on a machine
that others use too, seconds mean little and ratios much. The load is reported along.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.articles import kind_of_text
from benchmarks.growth import ask, grow
from benchmarks.latency import parts, side_by_side, spread
from benchmarks.load import load
from benchmarks.perturbed import grow_beyond, kinds
from benchmarks.processes import QUESTION, Taken, free_port, run_once, serving
from benchmarks.soak import soak_apart
from benchmarks.table import table
from corpus.common.cli import run
from corpus.common.settings import read_settings
from index.contents import embedded_text
from index.open import Opened, open_or_rebuild
from retrieval.answerer import answerer_of
from retrieval.answering.warm import warm

CLIENTS = (1, 8, 32)
PARTS = ("starts", "queries", "soak", "http", "building", "growth")
ASK = {"product": ["-m", "retrieval.ask", QUESTION, "--json"], "plain": ["-m", "benchmarks.plain", "ask", QUESTION]}


def starts(repeats: int) -> dict[str, Any]:
    """Process start to first answer, and to first page, ours and the plain script's in turn."""
    asks: dict[str, list[Taken]] = {"product": [], "plain": []}
    pages: dict[str, list[Taken]] = {"product": [], "plain": []}
    for _ in range(repeats):
        for name, command in ASK.items():
            asks[name].append(run_once(command))
            port = free_port()
            serve = {"product": ["app.py"], "plain": ["-m", "benchmarks.plain", "serve", str(port)]}
            with serving(serve[name], port) as (_, taken):
                pages[name].append(taken)
    return {"ask": _compare(asks), "page": _compare(pages)}


def _compare(taken: dict[str, list[Taken]]) -> dict[str, Any]:
    """Medians of both, and ours over the plain script's."""
    medians = {
        name: {field: round(median(getattr(each, field) for each in sample), 2) for field in Taken.__slots__}
        for name, sample in taken.items()
    }
    ratios = {field: round(medians["product"][field] / medians["plain"][field], 3) for field in Taken.__slots__}
    return {**medians, "ratio": ratios, "repeats": len(taken["product"])}


def queries(opened: Opened, questions: list[str]) -> dict[str, Any]:
    """A question's parts, the whole answer, and the encoder beside sentence-transformers."""
    answerer = answerer_of(opened, read_settings())
    half = len(questions) // 2  # each part is asked what nothing before it was asked
    split = {name: asdict(each) for name, each in parts(opened, questions[:half]).items()}
    split["answer"] = asdict(spread(answerer.ask, questions[half:]))
    library = _library()
    encode = side_by_side(
        {
            "product": lambda q: opened.encoder.encode([q], "query"),
            "plain": lambda q: library.encode([q], normalize_embeddings=True, show_progress_bar=False),
        },
        questions,
    )
    return {
        "parts": split,
        "encode": {name: asdict(each) for name, each in encode.items()},
        "ratio": round(encode["product"].p50 / encode["plain"].p50, 3),
    }


def _library() -> Any:
    """The packaged model as sentence-transformers loads it by itself."""
    from sentence_transformers import SentenceTransformer

    from index.encoder.weights import find_weights

    return SentenceTransformer(find_weights().place, device="cpu")


def building(opened: Opened, repeats: int) -> dict[str, Any]:
    """Seconds for a thousand passages: the build's own encoding beside a plain `model.encode` loop over the same."""
    from index.building.torch_network import load_torch_encoder
    from index.encoder.weights import find_weights

    encoder, library = load_torch_encoder(find_weights()), _library()
    texts = [embedded_text(p) for p in opened.index.passages] * 4

    def plain(_: str) -> None:
        library.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)

    taken = side_by_side({"product": lambda _: encoder.encode(texts), "plain": plain}, [""] * repeats)
    seconds = {name: round(each.p50 / len(texts), 2) for name, each in taken.items()}
    return {**seconds, "ratio": round(seconds["product"] / seconds["plain"], 3), "passages": len(texts)}


def over_http(questions: list[str], seconds: float) -> dict[str, Any]:
    """Answers a second through both servers, one after the other at each number of clients."""
    ours, theirs = free_port(), free_port()
    with (
        serving(["app.py"], ours) as (product, _),
        serving(["-m", "benchmarks.plain", "serve", str(theirs)], theirs) as (plain, _),
    ):
        return {
            name: [load(address, clients, questions, seconds) for clients in CLIENTS]
            for name, address in (("product", product), ("plain", plain))
        }


def questions_of(opened: Opened, n: int) -> list[str]:
    """Wordings of the question bank, seeded."""
    return [asked.question for asked in random.Random(20).sample(list(opened.index.bank.asked), n)]


def growth(sizes: list[int], perturbed: int, numbers: list[int]) -> dict[str, Any]:
    """Each size of real text, and one beyond it made of the last; FAISS alone over the last one's sentences."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        grown = [ask(folder / str(size) / "index", grow(folder / str(size), size)) for size in sizes]
        largest = folder / str(sizes[-1]) / "index"
        compared = list(kinds(largest, numbers))
        if perturbed:
            built = grow_beyond(largest, folder / "perturbed", perturbed)
            grown.append(ask(folder / "perturbed", built, perturbed=True))
    return {"text": kind_of_text(), "sizes": grown, "kinds": compared}


def parts_of(asked: argparse.Namespace) -> dict[str, Callable[[], Any]]:
    """What there is to measure, by name."""
    settings = read_settings()
    opened = open_or_rebuild(settings, sys.stderr.write)
    answerer_of(opened, settings)  # its list of suggestions is made by now too: neither is a part of a start
    warm(opened.encoder)  # as a server does
    questions = questions_of(opened, 60 if asked.quick else 300)
    return {
        "starts": lambda: starts(2 if asked.quick else 7),
        "queries": lambda: queries(opened, questions),
        "soak": lambda: soak_apart(300 if asked.quick else 10_000),
        "http": lambda: over_http(questions, 3 if asked.quick else 10),
        "building": lambda: building(opened, 2 if asked.quick else 5),
        "growth": lambda: growth(asked.sizes, 0 if asked.quick else asked.perturbed, asked.kinds),
    }


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Measure the parts asked for, all unless said; the report is written after each, those of earlier runs kept."""
    kept = asked.only and asked.json.is_file()
    report: dict[str, Any] = json.loads(asked.json.read_text(encoding="utf-8")) if kept else {"when": {}}
    parts = parts_of(asked)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}{', quick' if asked.quick else ''}"
    for name in asked.only or parts:
        load = os.getloadavg()[0]
        report[name] = parts[name]()
        report["when"][name] = f"{time.strftime('%Y-%m-%d')}, {machine}, load {load:.1f} before"
        _write(asked.json, json.dumps(report, indent=1) + "\n")
    return report


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure time and memory.")
    parser.add_argument("--quick", action="store_true", help="few repeats: minutes instead of an hour")
    parser.add_argument("--only", nargs="+", metavar="PART", choices=PARTS, help=f"some of {', '.join(PARTS)}, anew")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1_000, 10_000, 35_000], metavar="PASSAGES")
    parser.add_argument("--perturbed", type=int, default=100_000, metavar="PASSAGES", help="0: none")
    parser.add_argument("--kinds", type=int, nargs="+", default=[10_000, 50_000, 150_000], metavar="VECTORS")
    parser.add_argument("--json", type=Path, default=Path("reports/benchmarks.json"), metavar="OUT")
    parser.add_argument("--table", type=Path, default=Path("reports/benchmarks.md"), metavar="OUT")
    asked = parser.parse_args(arguments)
    shown = table(measure(asked))
    _write(asked.table, shown)
    sys.stdout.write(shown)
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
