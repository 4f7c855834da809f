"""The real server under 1 to 128 clients on loopback, beside the plain script under the same load: `make load`.

    python -m benchmarks.storm [--seconds 8] [--clients 1 8 32 128]

Each client asks, waits, asks again on one kept connection, as a browser does; told that the server is busy, it waits
as long as it is told. The questions are wordings of the question bank, so that hardly any is asked twice and no memory
of earlier answers helps. An answer is one request for both servers. Busy answers are counted apart from errors. The
clients share the processor with the server they ask. Then one client alone measures how long it takes until five
answers in a row are as fast as before: none slower than twice the slowest of the twenty asked before the storm.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import urlsplit

import numpy as np

from benchmarks.processes import free_port, serving
from corpus.bank import read_wordings
from corpus.common.cli import run
from corpus.common.settings import ROOT

CLIENTS = (1, 8, 32, 128)
PATIENCE = 30.0
QUESTIONS = ROOT / "corpus" / "questions"
SEED = 20
BEFORE = 20  # questions of one client alone before a storm
IN_A_ROW = 5
RECOVERED = 2.0  # times the slowest of those
MOST_RECOVERY = 30.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its status (0: no whole response came), seconds until then, seconds to wait before the next."""

    status: int
    seconds: float
    wait: float


@dataclass(frozen=True, slots=True)
class Storm:
    """Milliseconds of the answers; `busy_p99` of the refusals; `recovery` in seconds until answers are fast again.

    That is when the first of the five is asked: 0 where nothing had to recover.
    """

    clients: int
    per_second: float
    p50: float
    p95: float
    p99: float
    busy: int
    busy_p99: float
    errors: int
    recovery: float

    def line(self, name: str) -> str:
        """One row of a Markdown table."""
        cells = (self.clients, self.per_second, self.p50, self.p95, self.p99, self.busy, self.busy_p99, self.errors)
        return f"| {name} | {' | '.join(f'{cell:g}' for cell in cells)} | {self.recovery:.1f} |\n"


def storm(address: str, clients: int, seconds: float) -> Storm:
    """Let `clients` ask for `seconds`, then watch the server recover."""
    questions = wordings()
    normal = max(one.seconds for one in _some(address, questions, BEFORE))
    ends = time.monotonic() + seconds
    began = time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        sent = [
            pool.submit(lambda n: list(_ask_until(address, ends, questions[n::clients])), n) for n in range(clients)
        ]
        asked = [one for each in sent for one in each.result()]
    taken = time.monotonic() - began
    return summary(clients, asked, taken, _recovery(address, questions, RECOVERED * normal))


def summary(clients: int, asked: list[Asked], taken: float, recovery: float) -> Storm:
    """Count what was asked in `taken` seconds."""
    good = [1000 * one.seconds for one in asked if one.status == 200]
    busy = [1000 * one.seconds for one in asked if one.status in (429, 503)]
    p50, p95, p99 = (round(float(each), 1) for each in np.percentile(good or [0.0], [50, 95, 99]))
    refused = round(float(np.percentile(busy or [0.0], 99)), 1)
    errors = len(asked) - len(good) - len(busy)
    return Storm(clients, round(len(good) / taken, 1), p50, p95, p99, len(busy), refused, errors, recovery)


def wordings() -> list[str]:
    """The wordings of the question bank, shuffled by a seed."""
    asked = read_wordings(sorted(QUESTIONS.glob("*/*.md")))
    return random.Random(SEED).sample(asked, len(asked))


def _ask_until(address: str, ends: float, questions: list[str]) -> Iterator[Asked]:
    with closing(_connection(address)) as connection:
        for question in cycle(questions):
            if time.monotonic() >= ends:
                return
            asked = _ask(connection, question)
            yield asked
            time.sleep(max(0.0, min(asked.wait, ends - time.monotonic())))


def _some(address: str, questions: list[str], count: int) -> Iterator[Asked]:
    with closing(_connection(address)) as connection:
        yield from (_ask(connection, question) for question in questions[:count])


def _recovery(address: str, questions: list[str], most: float) -> float:
    """Seconds until the first of five good answers in a row that take `most` seconds each at most."""
    began = time.monotonic()
    while (taken := time.monotonic() - began) < MOST_RECOVERY:
        if all(one.status == 200 and one.seconds <= most for one in _some(address, questions, IN_A_ROW)):
            break
    return taken


def _connection(address: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)


def _ask(connection: http.client.HTTPConnection, question: str) -> Asked:
    began = time.monotonic()
    try:
        body = json.dumps({"data": [question]})
        connection.request("POST", "/gradio_api/run/ask", body, {"content-type": "application/json"})
        response = connection.getresponse()
        response.read()
        return Asked(response.status, time.monotonic() - began, float(response.headers.get("retry-after", "0")))
    except (OSError, http.client.HTTPException):
        connection.close()  # the next question opens it anew
        return Asked(0, time.monotonic() - began, 0.1)


def main(arguments: list[str]) -> int:
    """Storm both servers in turn and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.storm", description="Measure the server under load.")
    parser.add_argument("--seconds", type=float, default=8.0, help="of each storm (default 8)")
    parser.add_argument("--clients", type=int, nargs="+", default=CLIENTS)
    chosen = parser.parse_args(arguments)
    plain, ours = free_port(), free_port()
    with (
        serving(["app.py"], ours) as (product, _),
        serving(["-m", "benchmarks.plain", "serve", str(plain)], plain) as (other, _),
    ):
        sys.stdout.write(
            f"load average before: {os.getloadavg()[0]:.1f}\n"
            "| | clients | answers/s | p50 ms | p95 ms | p99 ms | busy | busy p99 ms | errors | recovery s |\n"
            "|---|---|---|---|---|---|---|---|---|---|\n"
        )
        for clients in chosen.clients:
            for name, address in (("product", product), ("plain script", other)):
                sys.stdout.write(storm(address, clients, chosen.seconds).line(name))
                sys.stdout.flush()
    sys.stdout.write(f"load average after: {os.getloadavg()[0]:.1f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
