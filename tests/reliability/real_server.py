"""The real `app.py` as a process of its own, and what is asked of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeAlias

import httpx

from corpus.common.settings import ROOT

QUESTIONS = (
    "What are the symptoms of low magnesium levels?",
    "How is hypomagnesemia diagnosed?",
    "What did the study by Lee et al. find?",
    "How do I bake a pizza?",
)
API = "/gradio_api/run/ask"
APP = (sys.executable, "app.py")


def environment(**more: str) -> dict[str, str]:
    """This process's environment without settings of its own."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ASK_")}
    return {**plain, "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false", **more}


Running: TypeAlias = tuple[subprocess.Popen[str], httpx.Client]


def running_app(
    index: Path, log: Path, command: Sequence[str] = APP, **settings: str
) -> AbstractContextManager[Running]:
    """A server on a port of its own that answers from `index`, and a client of it."""
    return started(command, log, ASK_INDEX=str(index), ASK_PORT="0", **settings)


@contextmanager
def started(command: Sequence[str], log: Path, **settings: str) -> Iterator[Running]:
    """A server, whose first line ends in its address or port; killed when the block ends, if it still runs."""
    told = environment(ASK_RATE_PER_MINUTE="0") | settings
    with log.open("w") as errors:
        running = subprocess.Popen(command, cwd=ROOT, env=told, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        assert running.stdout is not None
        address = running.stdout.readline().split()[-1]
        address = f"http://127.0.0.1:{address}" if address.isdecimal() else address
        with httpx.Client(base_url=address, timeout=60, transport=httpx.HTTPTransport(retries=5)) as http:
            assert http.get("/healthz").status_code == 200
            yield running, http
    finally:
        running.kill()
        running.wait()
        if running.stdout:
            running.stdout.close()


def ask(http: httpx.Client, question: str) -> tuple[int, object]:
    """Status and answer; status 0 where the connection was lost."""
    try:
        response = http.post(API, json={"data": [question]})
    except httpx.TransportError:
        return 0, None
    return response.status_code, response.json()["data"][0] if response.status_code == 200 else None
