"""One Space folder and one environment for all tests that need them; both take a while to make."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.common.settings import read_settings
from deploy.simulate import Environment, install
from deploy.space import write_space


@pytest.fixture(scope="session")
def space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Space folder written from the project's own index, which `make test` brings up to date first."""
    return write_space(tmp_path_factory.mktemp("space") / "space", "zero", read_settings({}))


@pytest.fixture(scope="session")
def environment(space: Path) -> Iterator[Environment]:
    """What the platform would install for it, where an ordinary user can reach it (pytest's own folders are closed)."""
    with tempfile.TemporaryDirectory(prefix="environment-") as name:
        Path(name).chmod(0o755)
        yield install(space, Path(name) / "venv")
