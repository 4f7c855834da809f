"""The real server under 1 to 128 clients on loopback, beside the plain script under the same load: `make load`.

    python -m benchmarks.storm [--seconds 8] [--clients 1 8 32 128]

Each client asks, waits, asks again; told that the server is busy, it waits as long as it is told. Then one client alone
measures how long it takes until answers come as fast as before the storm. Busy answers are counted apart from errors.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np

from benchmarks.processes import free_port, serving
from corpus.cli import run

CLIENTS = (1, 8, 32, 128)
PATIENCE = 30.0
RECOVERED = 2.0  # times the time of one client alone, before
MOST_RECOVERY = 30.0
QUESTIONS = (
    "What are the symptoms of low magnesium levels?",
    "How is hypomagnesemia diagnosed?",
    "What did the study by Lee et al. find?",
    "How do I bake a pizza?",
    "Should I take magnesium for my seizures?",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its status (0: no whole response came), seconds until then, seconds to wait before the next."""

    status: int
    seconds: float
    wait: float


@dataclass(frozen=True, slots=True)
class Storm:
    """Milliseconds of the answers; `busy_p99` of the refusals; `recovery` in seconds until answers are fast again."""

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
    before = float(np.median([one.seconds for one in _some(address, 5)]))
    ends = time.monotonic() + seconds
    began = time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        sent = [pool.submit(lambda n: list(_ask_until(address, ends, n)), n) for n in range(clients)]
        asked = [one for each in sent for one in each.result()]
    taken = time.monotonic() - began
    return summary(clients, asked, taken, _recovery(address, before))


def summary(clients: int, asked: list[Asked], taken: float, recovery: float) -> Storm:
    """Count what was asked in `taken` seconds."""
    good = [1000 * one.seconds for one in asked if one.status == 200]
    busy = [1000 * one.seconds for one in asked if one.status in (429, 503)]
    p50, p95, p99 = (round(float(each), 1) for each in np.percentile(good or [0.0], [50, 95, 99]))
    refused = round(float(np.percentile(busy or [0.0], 99)), 1)
    errors = len(asked) - len(good) - len(busy)
    return Storm(clients, round(len(good) / taken, 1), p50, p95, p99, len(busy), refused, errors, recovery)


def _ask_until(address: str, ends: float, first: int) -> Iterator[Asked]:
    number = first
    while time.monotonic() < ends:
        asked = _ask(address, QUESTIONS[number % len(QUESTIONS)])
        yield asked
        number += 1
        time.sleep(max(0.0, min(asked.wait, ends - time.monotonic())))


def _some(address: str, count: int) -> list[Asked]:
    return [_ask(address, QUESTIONS[n % len(QUESTIONS)]) for n in range(count)]


def _recovery(address: str, before: float) -> float:
    """Seconds until five answers in a row have a median near the one before the storm."""
    began = time.monotonic()
    while time.monotonic() - began < MOST_RECOVERY:
        some = _some(address, 5)
        fast = float(np.median([one.seconds for one in some])) <= RECOVERED * before
        if fast and all(one.status == 200 for one in some):
            break
    return time.monotonic() - began


def _ask(address: str, question: str) -> Asked:
    began = time.monotonic()
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    try:
        body = json.dumps({"data": [question]})
        connection.request("POST", "/gradio_api/run/ask", body, {"content-type": "application/json"})
        response = connection.getresponse()
        response.read()
        return Asked(response.status, time.monotonic() - began, float(response.headers.get("retry-after", "0")))
    except (OSError, http.client.HTTPException):
        return Asked(0, time.monotonic() - began, 0.1)
    finally:
        connection.close()


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
