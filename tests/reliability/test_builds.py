"""The real build command, disturbed: killed, two at once, and on a disk that is full."""

from __future__ import annotations

import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest

from corpus.common.settings import ROOT, Settings
from index.folder import read_manifest, verify
from tests.reliability.place import Place
from tests.reliability.real_server import environment

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("rebuild")]


@pytest.fixture
def place(real_index: Settings, tmp_path: Path) -> Place:
    made = Place(tmp_path, real_index)
    made.change(1)
    return made


def test_a_build_killed_leaves_the_old_index_and_the_next_one_sweeps(place: Place) -> None:
    """Killed as its files begin to be there; every other step is in `tests/index/test_faults.py`."""
    before = read_manifest(place.index)
    running = place.start()
    while running.poll() is None and len(list(place.index.glob("generation-*"))) == 1:
        time.sleep(0.005)
    running.kill()
    running.communicate()
    assert running.returncode == -signal.SIGKILL
    assert read_manifest(place.index) == before
    verify(place.index, before)
    generation = place.build()
    assert generation != before.generation
    assert [path.name for path in place.index.glob("generation-*")] == [generation]
    assert not (place.index / "shards").exists()


def test_of_two_builds_at_once_one_is_made_and_one_refused(place: Place) -> None:
    before = read_manifest(place.index)
    both = [place.start() for _ in range(2)]
    told = [running.communicate()[1] for running in both]
    refused = f"error: another build is writing {place.index}; wait for it to end, then try again\n"
    assert sorted(zip((running.returncode for running in both), told, strict=True)) == [(0, ""), (2, refused)]
    after = read_manifest(place.index)
    assert after.generation != before.generation
    verify(place.index, after)


def test_a_disk_that_is_full_is_one_line(place: Place) -> None:
    before = read_manifest(place.index)
    most = 100_000  # bytes that a file may have: less than the token vectors take
    done = subprocess.run(
        place.command(),
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {place.index} cannot be written (")
    assert done.stderr.count("\n") == 1
    assert read_manifest(place.index) == before
    verify(place.index, before)
