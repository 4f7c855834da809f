"""A build that is killed, or that may not write: the index that was there is as it was."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from corpus.common.errors import IndexFolderError
from corpus.common.settings import ROOT, Settings
from index.build import build
from index.folder import read_manifest, verify
from tests.index import by_hand

OLD, NEW = "Beans hold much of it.", "Beans hold it."
ONE_THREAD = {**os.environ, "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}


@pytest.mark.parametrize("before", ["old", "none"])
def test_killed_at_every_step(tmp_path: Path, before: str) -> None:
    command = [sys.executable, "-m", "tests.index.kill_each_step", str(tmp_path), before]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=ONE_THREAD, check=False)
    assert done.returncode == 0, done.stderr
    left = [json.loads(line) for line in done.stdout.splitlines()]
    steps = [each["step"] for each in left]
    assert len(steps) > 40
    assert {"open .lock", "open articles.jsonl", "written sentences.faiss", "os.rename"} <= {
        step if not step.startswith("os.rename") else "os.rename" for step in steps
    }
    published = max(n for n, step in enumerate(steps) if step.startswith("os.rename manifest."))
    for n, each in enumerate(left):
        expected = NEW if n > published else OLD if before == "old" else "nothing"
        assert each["held"] == expected, each
        assert each["rebuilt"] == NEW, each
        assert [name for name in each["files"] if not name.startswith("generation-")] == [".lock", "manifest.json"], (
            each
        )
        assert len(each["files"]) == 3, each


@pytest.mark.parametrize("limit", [0, 200, 1_000, 3_000])
def test_a_disk_that_is_full(place: Settings, limit: int) -> None:
    """Files may grow to `limit` bytes: the kernel then refuses, as on a full disk."""
    before = build(place).manifest
    place.articles[0].write_text(by_hand.ARTICLE.replace(OLD, NEW), encoding="utf-8")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with pytest.raises(IndexFolderError) as error:
            build(place)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(error.value).startswith(f"{place.index} cannot be written (")
    assert "\n" not in str(error.value)
    assert read_manifest(place.index) == before
    verify(place.index, before)
    build(place)
    assert len(list(place.index.glob("generation-*"))) == 1


READ_ONLY = """
import os, sys
from pathlib import Path
from corpus.common.cli import run
from corpus.common.settings import Settings
from corpus.readers.registry import read_article
from index.build import build
from tests.index import by_hand

for patch in by_hand.replacements(by_hand.Used()):
    setattr(*patch)
folder = Path(sys.argv[1])
model, questions = folder / "by-hand", folder / "questions"
settings = Settings(index=folder / "index", model=str(model), articles=(folder / "iron.md",), questions=questions)
read_article(folder / "iron.md")  # imports what the other user may not read
if os.getuid() == 0:  # whom no permission stops
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.exit(run(lambda _: bool(build(settings))))
"""


@pytest.mark.usefixtures("used")
def test_a_folder_one_may_only_read() -> None:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        place = by_hand.settle(Path(folder))
        before = build(place).manifest
        place.articles[0].write_text(by_hand.ARTICLE.replace(OLD, NEW), encoding="utf-8")
        place.index.chmod(0o555)
        command = [sys.executable, "-B", "-c", READ_ONLY, folder]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=ONE_THREAD, check=False)
        place.index.chmod(0o755)
        assert (done.returncode, done.stdout) == (2, ""), done.stderr
        assert done.stderr == (
            f"error: {place.index} cannot be written (Permission denied); make room or name another folder with --out "
            "or ASK_INDEX; an index that was there is as it was\n"
        )
        assert read_manifest(place.index) == before
        verify(place.index, before)
