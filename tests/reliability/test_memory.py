"""Too little memory: one line that says so, or the right answer; no traceback, no wrong answer, no broken index."""

from __future__ import annotations

import concurrent.futures
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from corpus.common.cli import run
from corpus.common.errors import SettingError
from corpus.common.memory import ASK, BUILD, MEGABYTE, SERVE, Need, check_memory
from corpus.common.settings import ROOT, Settings
from index.folder import read_manifest, verify
from tests.reliability.place import NOT_SHARED
from tests.reliability.real_server import APP, QUESTIONS, ask, environment, running_app

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("memory")]
AS, DATA = resource.RLIMIT_AS, resource.RLIMIT_DATA
OPTION = {AS: "-v", DATA: "-d"}


def limited(limit: int, megabytes: int, command: Sequence[str]) -> list[str]:
    """The same command, by way of a process that limits itself and then becomes it."""
    become = (
        "import os, resource, sys; "
        f"resource.setrlimit({limit}, ({megabytes * MEGABYTE}, resource.RLIM_INFINITY)); "
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    return [sys.executable, "-c", become, *command]


def finish(limit: int, megabytes: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = limited(limit, megabytes, [sys.executable, *arguments])
    return subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)


def least(need: Need, limit: int) -> int:
    return need.address_space if limit == AS else need.data


@pytest.mark.parametrize("limit", [AS, DATA])
@pytest.mark.parametrize("missing", [600, 400, 200, 50, 1, 0, -100])
def test_a_question_is_answered_right_or_refused_in_one_line(real_index: Settings, limit: int, missing: int) -> None:
    megabytes = max(20, least(ASK, limit) - missing)
    done = finish(limit, megabytes, "-m", "retrieval.ask", QUESTIONS[0], "--json", "--index", str(real_index.index))
    if missing > 0:
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == refusal(ASK, limit, megabytes)
    else:
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["kind"] == "answer"


def refusal(need: Need, limit: int, megabytes: int) -> str:
    wanted = least(need, limit)
    return (
        f"error: this process may use {megabytes:,} MB of memory (ulimit {OPTION[limit]}), {need.what} takes at least "
        f"{wanted:,} MB; run: ulimit {OPTION[limit]} {wanted * 1024}, or unlimited\n"
    )


@pytest.mark.parametrize("limit", [AS, DATA])
@pytest.mark.parametrize("megabytes", [30, 300])
def test_a_build_or_a_server_that_cannot_be_is_refused_in_one_line(limit: int, megabytes: int) -> None:
    for need, arguments in ((BUILD, ["-m", "index.build"]), (SERVE, ["app.py"])):
        done = finish(limit, megabytes, *arguments)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", refusal(need, limit, megabytes))


UNGUARDED = """
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
    """Past the guard, where libraries end the process as they please."""
    index = tmp_path / "index"
    shutil.copytree(real_index.index, index, copy_function=os.link, ignore=NOT_SHARED)
    before = read_manifest(index)
    command = [sys.executable, "-c", UNGUARDED, str(index), str(more)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert read_manifest(index) == before
    verify(index, before)


@pytest.mark.parametrize("limit", [AS, DATA])
def test_a_server_with_just_enough_answers_many_at_once(real_index: Settings, tmp_path: Path, limit: int) -> None:
    command = limited(limit, least(SERVE, limit), APP)
    with running_app(real_index.index, tmp_path / "log", command) as (running, http):
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            got = list(pool.map(lambda n: ask(http, QUESTIONS[n % 4]), range(64)))
        assert {status for status, _ in got} == {200}
        assert all(answer == got[n % 4][1] for n, (_, answer) in enumerate(got))
        running.send_signal(signal.SIGTERM)
        assert running.wait(15) in (0, -signal.SIGTERM)
    assert (tmp_path / "log").read_text(encoding="utf-8") == ""


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


def test_memory_that_runs_out_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    def main(_: list[str]) -> int:
        raise MemoryError

    assert run(main) == 1
    told = "error: there is not enough memory for this; close other programs or raise the limit\n"
    assert capsys.readouterr().err == told


def test_without_a_limit_there_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    check_memory(Need("anything", 1 << 40, 1 << 40))
    monkeypatch.setattr(resource, "getrlimit", lambda _: (5 * MEGABYTE, resource.RLIM_INFINITY))
    check_memory(Need("anything", 5, 5))
    with pytest.raises(SettingError, match="anything takes at least 6 MB; run: ulimit -v 6144, or unlimited"):
        check_memory(Need("anything", 6, 5))
