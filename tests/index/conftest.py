"""A place with an article and the model one can check by hand, in use."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.common.settings import Settings
from tests.index import by_hand
from tests.index.by_hand import Used


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> Used:
    made = Used()
    for target, name, value in by_hand.replacements(made):
        monkeypatch.setattr(target, name, value)
    return made


@pytest.fixture
def place(tmp_path: Path, used: Used) -> Settings:
    del used
    return by_hand.settle(tmp_path)
