"""Reading evaluation files: every error names the file and the line or field, what was found and what was wanted."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from corpus.common.errors import AskError


def read_text(path: Path, error: type[AskError]) -> str:
    """Return a UTF-8 file's text, unpacked where it ends in .gz; raises `error` where there is none."""
    if not path.is_file():
        raise error(f"{path}: no such file; check the path")
    try:
        with _open(path) as file:
            return file.read()
    except (gzip.BadGzipFile, EOFError, zlib.error) as problem:
        raise error(f"{path}: cannot be unpacked ({problem}); pack it again with gzip") from problem
    except (UnicodeDecodeError, OSError) as problem:
        raise error(f"{path}: cannot be read as UTF-8 text ({problem}); save it as UTF-8") from problem


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig")


def read_json(path: Path, error: type[AskError]) -> Any:
    """Return the one JSON value in a file."""
    try:
        return json.loads(read_text(path, error))
    except ValueError as problem:
        raise error(f"{path}: not JSON ({problem}); export it again") from problem


def read_lines(path: Path, error: type[AskError]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield `file, line n` and the object on it, for every line that is not blank."""
    for number, line in enumerate(read_text(path, error).split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{path}, line {number}"
        try:
            value = json.loads(line)
        except ValueError as problem:
            raise error(f"{place}: not JSON ({problem}); write one object on each line") from problem
        yield place, require(value, dict, place, error)


def require(value: Any, kind: type[Any], place: str, error: type[AskError]) -> Any:
    """Return `value` if it is of that type, else raise `error` naming the place."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        found = "nothing" if value is None else f"{type(value).__name__} {_short(value)}"
        raise error(f"{place}: {_NAMES[kind]} was expected, found {found}; correct it")
    return value


def require_text(value: Any, place: str, error: type[AskError]) -> str:
    """Return `value` if it is a string that is not blank."""
    text: str = require(value, str, place, error)
    if not text.strip():
        raise error(f"{place}: a text was expected, found a blank one; fill it in or remove the entry")
    return text


def require_texts(value: Any, place: str, error: type[AskError]) -> tuple[str, ...]:
    """Return a list of strings, none blank, as a tuple."""
    items: list[Any] = require(value, list, place, error)
    return tuple(require_text(item, f"{place}[{i}]", error) for i, item in enumerate(items))


_NAMES: dict[type[Any], str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    int: "a whole number",
    bool: "true or false",
}


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"
