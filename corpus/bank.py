"""The question bank: ways people ask, each pointing at the exact sentences that answer it, or at nothing.

A bank is a folder of small Markdown files that an owner edits by hand (`corpus/questions/<article id>/*.md`):

    # anything               a remark
    ## topic                 opens a group
    - a way people ask       one wording
    > an exact sentence      an answer, the best one first; a group without one is asked but not covered

A broken line is named with its file and number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Passage, Sentence
from corpus.common.errors import QuestionFileError


@dataclass(frozen=True, slots=True)
class Asked:
    """One wording, and the sentences that answer it, as (passage number, sentence); none means not covered."""

    question: str
    topic: str
    sentences: tuple[tuple[int, Sentence], ...]


@dataclass(frozen=True, slots=True)
class _Line:
    place: str
    mark: str
    text: str


def bank_files(folder: Path, article_id: str) -> list[Path]:
    """The bank files of an article, in name order; none is fine."""
    return sorted(path for path in (folder / article_id).glob("*.md") if path.is_file())


def bank_sha256(files: Sequence[Path]) -> str:
    """One hash over the files, empty where there is no bank."""
    if not files:
        return ""
    return hashlib.sha256(b"\x00".join(path.read_bytes() for path in files)).hexdigest()


def read_bank(files: Sequence[Path], passages: Sequence[Passage], title: str) -> list[Asked]:
    """Read the bank files of the article called `title`; its sentences are found among `passages`.

    Raises:
        QuestionFileError: a line is not of the form above, a wording stands twice, or a sentence is not in the article.
    """
    own = [(n, p) for n, p in enumerate(passages) if p.article == title]
    places = {s.text: (n, s) for n, p in reversed(own) for s in p.sentences}  # the first of equal ones counts
    asked: list[Asked] = []
    seen: dict[str, str] = {}
    for group in (g for path in files for g in _groups(path)):
        sentences = tuple(_find(line, places) for line in group if line.mark == ">")
        for line in (x for x in group if x.mark == "-"):
            key = line.text.casefold()
            if key in seen:
                raise QuestionFileError(f"{line.place}: “{line.text}” already stands at {seen[key]}; remove one")
            seen[key] = line.place
            asked.append(Asked(line.text, group[0].text, sentences))
    return asked


def read_wordings(files: Sequence[Path]) -> list[str]:
    """All ways people ask in some bank files, as they stand, without what answers them.

    Raises:
        QuestionFileError: a line is not of the form above.
    """
    return [line.text for path in files for line in _lines(path) if line.mark == "-"]


def _find(line: _Line, places: dict[str, tuple[int, Sentence]]) -> tuple[int, Sentence]:
    if line.text not in places:
        raise QuestionFileError(
            f"{line.place}: “{line.text}” is not an exact sentence of the article; copy it from there"
        )
    return places[line.text]


def _groups(path: Path) -> Iterator[list[_Line]]:
    group: list[_Line] = []
    for line in _lines(path):
        if line.mark == "##":
            if group:
                yield _complete(group)
            group = [line]
        elif not group:
            raise QuestionFileError(f"{line.place}: stands before the first “## topic”; put it under one")
        else:
            group.append(line)
    if group:
        yield _complete(group)


def _complete(group: list[_Line]) -> list[_Line]:
    if not any(line.mark == "-" for line in group):
        raise QuestionFileError(
            f"{group[0].place}: topic “{group[0].text}” has no “- question” line; add one or remove it"
        )
    return group


def _lines(path: Path) -> Iterator[_Line]:
    try:
        lines = path.read_text(encoding="utf-8").removeprefix("\ufeff").splitlines()
    except OSError as error:
        raise QuestionFileError(f"{path}: cannot be read ({error.strerror}); check who may read it") from error
    except UnicodeDecodeError as error:
        raise QuestionFileError(f"{path.name}: not UTF-8 (byte at offset {error.start}); save it as UTF-8") from error
    for number, raw in enumerate(lines, start=1):
        mark, _, text = raw.strip().partition(" ")
        place = f"{path.name}, line {number}"
        if mark in ("", "#"):
            continue
        if mark not in ("##", "-", ">") or not text.strip():
            raise QuestionFileError(f"{place}: “{raw.strip()}” is neither “## topic”, “- question” nor “> sentence”")
        yield _Line(place, mark, text.strip())
