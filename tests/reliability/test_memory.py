"""Memory runs out: no traceback from the server, no wrong answer, no broken index."""

from __future__ import annotations

import concurrent.futures
import os
import resource
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from corpus.common.settings import ROOT, Settings
from index.folder import read_manifest, verify
from tests.reliability.place import NOT_SHARED
from tests.reliability.real_server import QUESTIONS, ask, environment, running_app

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("memory")]
AS, DATA = resource.RLIMIT_AS, resource.RLIMIT_DATA
MEGABYTE = 1 << 20

BUILD_WITH_LIMIT = """
import resource, sys
from pathlib import Path
from corpus.common.settings import read_settings
from dataclasses import replace
from index.build import _load, build
settings = replace(read_settings({}), index=Path(sys.argv[1]))
limit = int(sys.argv[2])
held = [int(line.split()[1]) << 10 for line in open("/proc/self/status") if line.startswith("VmData")]
resource.setrlimit(resource.RLIMIT_DATA, (held[0] + (limit << 20),) * 2)
build(settings)
"""


@pytest.mark.parametrize("more", [100, 500])
def test_a_build_that_runs_out_leaves_the_index_as_it_was(real_index: Settings, tmp_path: Path, more: int) -> None:
    """Libraries in C++ may end the process as they please."""
    index = tmp_path / "index"
    shutil.copytree(real_index.index, index, copy_function=os.link, ignore=NOT_SHARED)
    before = read_manifest(index)
    command = [sys.executable, "-c", BUILD_WITH_LIMIT, str(index), str(more)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert read_manifest(index) == before
    verify(index, before)


@pytest.mark.parametrize("limit", [AS, DATA])
def test_a_server_whose_memory_runs_out_says_nothing_wrong(real_index: Settings, tmp_path: Path, limit: int) -> None:
    """Taken away while it runs: an answer is the right one, a refusal, or none where a library ended the process."""
    before = read_manifest(real_index.index)
    with running_app(real_index.index, tmp_path / "log") as (running, http):
        right = {question: ask(http, question)[1] for question in QUESTIONS}
        for more in (0, 2, 8):
            resource.prlimit(running.pid, limit, (used(running.pid, limit) + more * MEGABYTE, resource.RLIM_INFINITY))
            with concurrent.futures.ThreadPoolExecutor(16) as pool:
                got = list(pool.map(lambda q: (q, *ask(http, q)), QUESTIONS * 8))
            assert {status for _, status, _ in got} <= {0, 200, 503}
            assert all(answer == right[question] for question, status, answer in got if status == 200)
            with suppress(subprocess.TimeoutExpired):
                running.wait(1)  # a library may just be ending the process
                break
            resource.prlimit(running.pid, limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            assert {question: ask(http, question)[1] for question in QUESTIONS} == right
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")
    verify(real_index.index, before)


def used(pid: int, limit: int) -> int:
    name = "VmSize" if limit == AS else "VmData"
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) << 10
