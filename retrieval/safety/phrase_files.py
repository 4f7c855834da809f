"""Where the phrases of this package are kept, and how its plain lists are read; `#` starts a comment line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_pairs(path: Path) -> dict[str, str]:
    """Read `left = right` lines.

    Raises:
        ValueError: a line holds no " = "; names file and line.
    """
    pairs: dict[str, str] = {}
    for number, line in _lines(path):
        left, mark, right = line.partition(" = ")
        if not mark:
            raise ValueError(f"{path.name}, line {number}: {line!r} holds no ' = '; write it as left = right")
        pairs[left.strip()] = right.strip()
    return pairs


def read_set(path: Path) -> frozenset[str]:
    """Read words, one or more a line."""
    return frozenset(word for _, line in _lines(path) for word in line.split())


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line
