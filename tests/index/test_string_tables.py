"""Looked up on disk as in a set."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.string_tables import Strings

WORDS = st.text(alphabet="abé🙂\ud800", max_size=4)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(WORDS, max_size=20), st.lists(WORDS, max_size=10))
def test_the_same_as_a_set(tmp_path: Path, held: set[str], asked: list[str]) -> None:
    Strings.of(held).save(tmp_path / "held")
    for found in (Strings.of(held), Strings.load(tmp_path / "held")):
        assert list(found) == sorted(held)
        assert len(found) == len(held)
        assert [word in found for word in asked] == [word in held for word in asked]
        assert [found.place(word) for word in sorted(held)] == list(range(len(held)))


def test_by_hand() -> None:
    found = Strings.of(["tea", "bean", "tea", "iron"])
    assert [found.place(word) for word in ("bean", "iron", "tea", "", "z", "te")] == [0, 1, 2, None, None, None]
    assert set(found) == {"tea", "bean", "iron"}


@pytest.mark.parametrize("held", [[], [""]])
def test_nothing_or_next_to_nothing(tmp_path: Path, held: list[str]) -> None:
    Strings.of(held).save(tmp_path / "held")
    assert list(Strings.load(tmp_path / "held")) == held
    assert ("" in Strings.load(tmp_path / "held")) == bool(held)
