"""The index of the first article with the packaged model, built once a session by the real command."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from corpus.common.errors import IndexFolderError
from corpus.common.settings import ROOT, Settings, read_settings
from index.open import Opened, open_index


def _code() -> str:
    """A hash of the code that makes an index: what was built by other code is not taken over."""
    digest = hashlib.sha256()
    for path in sorted(p for room in ("corpus", "index") for p in (ROOT / room).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@pytest.fixture(scope="session")
def real_index(pytestconfig: pytest.Config) -> Settings:
    """Settings of a real index, as `python -m index.build` makes it; nobody may change it.

    It lies in pytest's cache and is used again as long as the code and what it is made from are the same.
    """
    assert pytestconfig.cache is not None
    cache = Path(pytestconfig.cache.mkdir(f"index-{_code()}"))
    settings = replace(read_settings({}), index=cache / "index")
    with FileLock(cache / "lock"):
        try:
            open_index(settings)
        except IndexFolderError:
            _forget_others(cache)
            _build(settings)
    return settings


def _build(settings: Settings) -> None:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ASK_")}
    command = [sys.executable, "-m", "index.build", "--out", str(settings.index)]
    done = subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def _forget_others(cache: Path) -> None:
    """Indexes of code that is a day old will not be asked for again."""
    for other in cache.parent.glob("index-*"):
        if other != cache and other.stat().st_mtime < time.time() - 86_400:
            shutil.rmtree(other, ignore_errors=True)


@pytest.fixture(scope="session")
def real(real_index: Settings) -> Opened:
    """The real index, open for answering."""
    return open_index(real_index)
