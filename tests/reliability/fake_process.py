"""The real server over the fake Answerer, as a process whose log is kept."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from corpus.settings import ROOT
from tests.reliability.real_server import environment


@contextmanager
def process(log: Path, *arguments: str, **settings: str) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """The process and a client of it; killed when the block ends, if it still runs."""
    command = [sys.executable, "-m", "tests.web.fake_server", "0", *arguments]
    told = environment(ASK_RATE_PER_MINUTE="0") | settings
    with log.open("w") as errors:
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT, env=told)
    try:
        assert running.stdout is not None
        address = f"http://127.0.0.1:{int(running.stdout.readline())}"
        with httpx.Client(base_url=address, timeout=60, transport=httpx.HTTPTransport(retries=5)) as http:
            assert http.get("/healthz").status_code == 200
            yield running, http
    finally:
        running.kill()
        running.wait()
        if running.stdout:
            running.stdout.close()
