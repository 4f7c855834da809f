"""However the server is imported, it multiplies in one thread: a second one would only burn a core waiting."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from corpus.common.settings import ROOT

COUNT = """
import {first}
from threadpoolctl import threadpool_info
print([one["num_threads"] for one in threadpool_info() if "numpy" in one["filepath"]])
"""


@pytest.mark.parametrize("first", ["app", "index.open", "retrieval.answerer", "retrieval.ask", "index.build"])
def test_numpy_multiplies_in_one_thread(first: str) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    command = [sys.executable, "-c", COUNT.format(first=first)]
    told = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[1]"
