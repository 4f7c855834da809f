"""Start the real server process over the fake Answerer and stop it again."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import httpx

from corpus.common.settings import ROOT

PATIENCE = 60.0
T = TypeVar("T")


def run(work: Coroutine[object, object, T]) -> T:
    """Run a coroutine in a thread of its own: in this one a browser's loop may be running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@contextmanager
def served(*arguments: str, **environment: str) -> Iterator[str]:
    """The address of a server that runs while the block does; it must end by itself when told to.

    All tests come from one address, so the limit of questions a minute is off unless asked for.
    """
    command = [sys.executable, "-m", "tests.web.fake_server", "0", *arguments]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ASK_")}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**clean, "ASK_RATE_PER_MINUTE": "0", **environment}
    ) as process:
        try:
            assert process.stdout is not None
            address = f"http://127.0.0.1:{int(process.stdout.readline())}"
            _await(address)
            yield address
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _await(address: str) -> None:
    transport = httpx.HTTPTransport(retries=5)
    with httpx.Client(transport=transport, timeout=PATIENCE) as client:
        assert client.get(f"{address}/healthz").status_code == 200
