"""The Dockerfile's own steps, carried out without Docker, then its command and its health check."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus.common.settings import ROOT
from deploy.simulate import Environment
from tests.deploy.docker_steps import Stage, carry_out, instructions, sent

pytestmark = pytest.mark.xdist_group("space")
DOCKERFILE = ROOT / "Dockerfile"


@pytest.fixture(scope="module")
def final(environment: Environment, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """The finished image as a folder; torch is not fetched again, it is in the environment of the tests."""
    work = tmp_path_factory.mktemp("docker")
    _, last = carry_out(DOCKERFILE, work, [_commands(work, Path(sys.executable)), environment.python.parent])
    return last


def _commands(work: Path, python: Path) -> Path:
    """`python` and `pip` of the tests' environment; pip finds everything installed and says so."""
    where = work / "bin"
    where.mkdir()
    for name, call in (
        ("python", f'exec {python} "$@"'),
        ("pip", f'case "$*" in *--index-url*) ;; *) exec {python} -m pip "$@";; esac'),
    ):
        (where / name).write_text(f"#!/bin/sh\n{call}\n", encoding="ascii")
        (where / name).chmod(0o755)
    return where


@contextmanager
def running(stage: Stage, folder: Path) -> Iterator[dict[str, str]]:
    """Run the image's command; yields the environment its health check gets."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = {**stage.environment(), "ASK_PORT": port, "ASK_HOST": "127.0.0.1"}
    process = subprocess.Popen(
        stage.command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield environment
    finally:
        process.terminate()
        process.wait(30)


def healthy(stage: Stage, environment: dict[str, str], patience: float) -> bool:
    """Ask the image's own health check until it says yes or patience ends."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if subprocess.run(stage.health, env=environment, capture_output=True, check=False).returncode == 0:
            return True
        time.sleep(0.3)
    return False


@pytest.mark.install
def test_the_steps_work_and_the_chat_is_healthy(final: Stage) -> None:
    assert final.user == "chat"
    assert final.env["ASK_HOST"] == "0.0.0.0"
    assert [step.split()[0] for step in final.skipped] == ["RUN", "EXPOSE"]
    with running(final, final.inside(".")) as environment:
        assert healthy(final, environment, 60)


@pytest.mark.install
def test_an_index_that_does_not_verify_is_unhealthy(final: Stage, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(final.inside("."), tmp_path / "app"))
    encoder = next(copy.rglob("model.onnx"))
    os.truncate(encoder, encoder.stat().st_size - 1)
    with running(final, copy) as environment:
        assert not healthy(final, environment, 10)


def test_private_files_never_reach_the_builder() -> None:
    for name in (".env", ".git", ".venv", "data", "space", "feedback", "tests"):
        assert not sent(name, ROOT), name
    assert sent("index", ROOT)


def test_two_slim_stages_and_no_root() -> None:
    steps = instructions(DOCKERFILE)
    assert [rest for keyword, rest in steps if keyword == "FROM"] == ["python:3.12-slim AS build", "python:3.12-slim"]
    assert [rest for keyword, rest in steps if keyword == "USER"] == ["chat"]
    last = steps[[keyword for keyword, _ in steps].index("USER") :]
    assert not [
        rest for keyword, rest in last if keyword == "RUN"
    ]  # nothing is installed as, or after, the ordinary user
