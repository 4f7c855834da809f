"""The real server over the fake Answerer, as a process whose log is kept."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from pathlib import Path

from tests.reliability.real_server import Running, started


def process(log: Path, *arguments: str, **settings: str) -> AbstractContextManager[Running]:
    """The process and a client of it; killed when the block ends, if it still runs."""
    return started([sys.executable, "-m", "tests.web.fake_server", "0", *arguments], log, **settings)
