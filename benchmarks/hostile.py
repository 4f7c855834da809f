"""Hostile questions through the real answerer: what each must keep, and what it cost.

    python -m benchmarks.hostile [--count 10000] [--plain 1000]

Always holds, or the command ends with an error: nothing is raised, the kind is one of the contract's, every quote
stands in its article letter by letter, the answer can be sent as JSON, and no question takes longer than `MOST_SECONDS`
of processor time. The first of them are asked of the plain script's function too, which promises nothing: what it
raises and what it takes is counted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.hostile_questions import SEED, hostile_questions
from corpus.common.cli import run
from corpus.common.errors import BelowTarget
from corpus.common.settings import read_settings
from retrieval.answerer import open_answerer
from retrieval.ranking.protocols import Answerer
from retrieval.result import Answer, AnswerKind

MOST_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Tried:
    """Seconds of processor time of this thread and how often each kind came; `broken` says what did not hold."""

    seconds: list[float]
    kinds: Counter[str]
    broken: list[str]


def broken(answer: Answer, texts: dict[str, str]) -> str:
    """What an answer does not keep, else empty."""
    if not isinstance(answer.kind, AnswerKind):
        return f"kind {answer.kind!r}"
    if any(texts[q.article][q.start : q.end] != q.text for q in answer.quotes):
        return "a quote that is not in the article"
    json.dumps(answer.to_json(), ensure_ascii=False, allow_nan=False).encode()
    return ""


def try_all(answerer: Answerer, count: int, seed: int = SEED) -> Tried:
    """Ask `count` hostile questions."""
    texts = {article.title: article.text for article in answerer.articles}
    tried = Tried([], Counter(), [])
    for number, (name, question, history) in enumerate(hostile_questions(count, seed)):
        began = time.thread_time()
        try:
            answer = answerer.ask(question, history)
            fault = broken(answer, texts)
            tried.kinds[answer.kind.value] += 1
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"
        tried.seconds.append(time.thread_time() - began)
        if not fault and tried.seconds[-1] > MOST_SECONDS:
            fault = f"{tried.seconds[-1]:.2f} s"
        if fault:
            tried.broken.append(f"question {number} ({name}): {fault}")
    return tried


def try_plain(ask: Callable[[str], object], count: int, seed: int = SEED) -> str:
    """What the first `count` of the same questions take and raise where nothing was promised."""
    seconds: list[float] = []
    raised: Counter[str] = Counter()
    for _, question, _ in hostile_questions(count, seed):
        began = time.process_time()
        try:
            ask(question)
        except Exception as error:
            raised[type(error).__name__] += 1
        seconds.append(time.process_time() - began)
    return f"plain script, the first {count}: {_spread(seconds)}; raised: {dict(sorted(raised.items()))}\n"


def _spread(seconds: list[float]) -> str:
    p50, p99, most = np.percentile(seconds, [50, 99, 100]) * 1000
    return f"processor time: median {p50:.1f} ms, 99th percentile {p99:.1f} ms, most {most:.0f} ms"


def main(arguments: list[str]) -> int:
    """Try them and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description="Ask hostile questions.")
    parser.add_argument("--count", type=int, default=10_000, help="how many (default 10000)")
    parser.add_argument(
        "--plain", type=int, default=1_000, help="how many the plain script gets (default 1000; 0: none)"
    )
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args(arguments)
    answerer = open_answerer(read_settings())
    began = time.monotonic()
    tried = try_all(answerer, chosen.count, chosen.seed)
    taken = time.monotonic() - began
    sys.stdout.write(
        f"{chosen.count} hostile questions (seed {chosen.seed}) in {taken:.0f} s, load {os.getloadavg()[0]:.1f}\n"
        f"{_spread(tried.seconds)}\nkinds: {dict(sorted(tried.kinds.items()))}\nbroken: {len(tried.broken)}\n"
    )
    sys.stdout.writelines(f"  {fault}\n" for fault in tried.broken[:20])
    if chosen.plain:
        from benchmarks import plain  # loads the model as it is imported

        sys.stdout.write(try_plain(plain.ask, chosen.plain, chosen.seed))
    if tried.broken:
        raise BelowTarget(f"{len(tried.broken)} of {chosen.count} hostile questions broke a promise; 0 are allowed")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
