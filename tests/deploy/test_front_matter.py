"""The head of a Space's README: every documented field, and each way to get one wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from deploy.errors import SpaceError
from deploy.front_matter import faults, read_head, write_head

GOOD: dict[str, Any] = {
    "title": "A",
    "emoji": "📖",
    "colorFrom": "green",
    "colorTo": "blue",
    "sdk": "gradio",
    "sdk_version": "6.31.0",
    "python_version": "3.12",
    "app_file": "app.py",
}


def test_the_needed_fields_are_enough() -> None:
    assert faults(GOOD, "zero-a10g") == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("emoji", "A"),
        ("emoji", "📖 book"),
        ("colorFrom", "teal"),
        ("sdk", "streamlit"),
        ("sdk_version", "6"),
        ("sdk_version", 6.31),
        ("python_version", 3.12),
        ("python_version", "2.7"),
        ("app_file", "/etc/app.py"),
        ("short_description", "x" * 61),
        ("short_description", ""),
        ("pinned", "no"),
        ("tags", "health"),
        ("tags", [1]),
        ("license", "MIT License"),
        ("header", "large"),
        ("startup_duration_timeout", "soon"),
        ("app_port", "7860"),
        ("thumbnail", "picture.png"),
    ],
)
def test_a_value_that_is_not_allowed_is_named(field: str, value: object) -> None:
    (fault,) = faults({**GOOD, field: value})
    assert fault.startswith(f"{field}: {value!r} is not allowed; it must be ")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("short_description", "x" * 60),
        ("python_version", "3.12.12"),
        ("startup_duration_timeout", "1h"),
        ("custom_headers", {"cross-origin-embedder-policy": "require-corp"}),
        ("emoji", "👩‍⚕️"),
    ],
)
def test_a_value_at_the_edge_is_allowed(field: str, value: object) -> None:
    assert faults({**GOOD, field: value}) == []


def test_a_missing_and_an_unknown_field() -> None:
    head = {name: value for name, value in GOOD.items() if name != "sdk"} | {"hardware": "zero-a10g"}
    assert faults(head) == ["sdk is missing", "hardware is not a field of a Space; see spaces-config-reference"]


def test_zero_gpu_offers_two_pythons() -> None:
    head = {**GOOD, "python_version": "3.11"}
    assert faults(head, "cpu-basic") == []
    assert "not offered on ZeroGPU" in faults(head, "zero-a10g")[0]


def test_written_and_read_back(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(write_head(GOOD) + "\n# A\n\n---\nnot: this\n---\n", encoding="utf-8")
    assert read_head(readme) == GOOD


@pytest.mark.parametrize(
    "text", ["# no head\n", "---\ntitle: [\n---\n", "---\njust words\n---\n", "---\nnever: closed\n"]
)
def test_no_head_is_said_in_one_line(tmp_path: Path, text: str) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(text, encoding="utf-8")
    with pytest.raises(SpaceError, match="front matter") as caught:
        read_head(readme)
    assert "\n" not in str(caught.value)
