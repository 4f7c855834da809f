"""The lines of saved text: which open a block of their own, and which go on from the line above."""

from __future__ import annotations

import re
from collections.abc import Sequence

BULLET = re.compile(r"^\s*(?:[•●▪◦‣○■□·➢➤✓✔→*+\-–—]|o(?=\t))\s+(?=\S)")
NUMBER = re.compile(r"^\s*(\d{1,2})[.)]\s+(?=\S)")
FAQ = re.compile(r"^\s*[QA]:\s")
RULE = re.compile(r"^\s*([*\-–—_=~])(?:\s?\1){2,}\s*$")
WRAPPED = range(40, 101)

_ENDS = (".", "!", "?", ":", ";", ".”", '."', ".)")

_LONE_BULLET = re.compile(r"^\s*[•●▪◦‣○■□·➢➤]\s*$")


def logical_lines(lines: Sequence[str], width: int) -> list[str]:
    """Put together the lines of one chunk that were hard-wrapped; `width` is that of the file's longest line."""
    logical: list[str] = []
    last = ""
    for line in lines:
        if logical and not _opens(line) and (_goes_on(last, line, width) or _hangs(logical[-1], line)):
            logical[-1] += " " + line.strip()
        else:
            logical.append(line)
        last = line
    return logical


def _opens(line: str) -> bool:
    return bool(RULE.match(line) or BULLET.match(line) or NUMBER.match(line) or FAQ.match(line))


def _goes_on(last: str, line: str, width: int) -> bool:
    """Whether a line was wrapped: its first word would not have fitted, and no sentence ends above it."""
    full = width in WRAPPED and len(last.rstrip()) + 1 + len(line.split()[0]) > width
    return full and not (last.rstrip().endswith(_ENDS) and not line.strip()[0].islower())


def _hangs(above: str, line: str) -> bool:
    """Whether a line is indented below an item, or stands under a bullet with nothing beside it."""
    return bool(_LONE_BULLET.match(above)) or bool(BULLET.match(above) and line[:1].isspace())
