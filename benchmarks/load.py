"""Answers a second over HTTP on loopback, with some clients at once; each asks, waits for the answer, asks again."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import chain

import httpx

from benchmarks.latency import Spread

PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Load:
    """What so many clients got: answers a second, milliseconds an answer, and how many requests failed."""

    clients: int
    per_second: float
    milliseconds: Spread
    failed: int


def load(address: str, clients: int, questions: list[str], seconds: float) -> dict[str, object]:
    """Let `clients` ask for `seconds` through the API that Gradio gives every event."""
    ends = time.perf_counter() + seconds
    with ThreadPoolExecutor(clients) as pool:
        asked = [pool.submit(_ask_until, ends, address, questions[n:] + questions[:n]) for n in range(clients)]
        taken = list(chain.from_iterable(each.result() for each in asked))
    good = [milliseconds for milliseconds in taken if milliseconds is not None]
    return asdict(Load(clients, round(len(good) / seconds, 1), Spread.of(good or [0.0]), len(taken) - len(good)))


def _ask_until(ends: float, address: str, questions: list[str]) -> list[float | None]:
    taken: list[float | None] = []
    with httpx.Client(base_url=address, timeout=PATIENCE) as client:
        while time.perf_counter() < ends:
            started = time.perf_counter()
            answered = _ask(client, questions[len(taken) % len(questions)])
            taken.append(1000 * (time.perf_counter() - started) if answered else None)
    return taken


def _ask(client: httpx.Client, question: str) -> bool:
    """One answer takes two requests: an event's number, then its result."""
    try:
        event = client.post("/gradio_api/call/ask", json={"data": [question]}).json()["event_id"]
        return "event: complete" in client.get(f"/gradio_api/call/ask/{event}").text
    except (httpx.HTTPError, ValueError, KeyError):
        return False
