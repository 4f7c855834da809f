"""What every reader hands on: the source it could read, the drafts in order, and what it left out."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.article import Draft, Source


@dataclass(frozen=True, slots=True)
class Page:
    """A file once read: `dropped` holds the lines taken for page noise, so that they can be shown."""

    source: Source
    drafts: tuple[Draft, ...]
    dropped: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Runs of white space become one blank; the words stay as they are."""
    return " ".join(text.split())
