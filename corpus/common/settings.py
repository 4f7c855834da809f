"""Every setting of the product: one frozen dataclass of plain values, read once from the environment.

`FIELDS` is the whole list: variable, what is allowed, how it is read. A bad value names all three.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.common.errors import SettingError

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGED_MODEL = "packaged"


@dataclass(frozen=True, slots=True)
class Settings:
    """Plain values; `packaged` is the MiniLM that comes as a Python package and needs no network.

    `articles` is empty where an index was named and no articles: the index then stands for its own.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    index: Path = ROOT / "data" / "index"
    model: str = PACKAGED_MODEL
    revision: str = ""
    articles: tuple[Path, ...] = ()
    questions: Path = ROOT / "corpus" / "questions"
    emergency_numbers: str = "112, 911 or 999"
    feedback: Path | None = None
    frame_ancestors: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    rate_per_minute: int | None = None


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError
    return value.strip()


def _port(value: str) -> int:
    port = int(value)
    if not 0 <= port <= 65535:
        raise ValueError
    return port


def _origins(value: str) -> tuple[str, ...]:
    origins = tuple(value.split())
    if not origins or any(not re.fullmatch(r"https?://[\w.*:-]+|'self'", origin) for origin in origins):
        raise ValueError
    return origins


def _hosts(value: str) -> tuple[str, ...]:
    hosts = tuple(value.split())
    if not hosts or any(not re.fullmatch(r"(?:\*\.)?[\w.-]+|\[[0-9a-fA-F:.]+\]", host) for host in hosts):
        raise ValueError
    return hosts


def _count(value: str) -> int:
    count = int(value)
    if count < 0:
        raise ValueError
    return count


def _paths(value: str) -> tuple[Path, ...]:
    paths = tuple(Path(part) for part in value.split(os.pathsep) if part)
    if not paths:
        raise ValueError
    return paths


@dataclass(frozen=True, slots=True)
class Field:
    """How one setting is read from the environment."""

    name: str
    variable: str
    allowed: str
    read: Callable[[str], Any]


FIELDS = (
    Field("host", "ASK_HOST", "a host name or address", _text),
    Field("port", "ASK_PORT", "a whole number from 0 to 65535", _port),
    Field("index", "ASK_INDEX", "the path of an index folder", lambda value: Path(_text(value))),
    Field("model", "ASK_MODEL", "“packaged”, a folder, or the name of a sentence-transformers model", _text),
    Field("revision", "ASK_MODEL_REVISION", "a commit of that model on the hub", _text),
    Field("articles", "ASK_ARTICLES", f"paths of articles, parted by “{os.pathsep}”", _paths),
    Field("questions", "ASK_QUESTIONS", "the folder of the question banks", lambda value: Path(_text(value))),
    Field("emergency_numbers", "ASK_EMERGENCY_NUMBERS", "the numbers as a sentence would name them", _text),
    Field("feedback", "ASK_FEEDBACK", "the path of a folder for ratings", lambda value: Path(_text(value))),
    Field("frame_ancestors", "ASK_FRAME_ANCESTORS", "origins such as https://example.org, parted by spaces", _origins),
    Field("allowed_hosts", "ASK_ALLOWED_HOSTS", "names such as chat.example.org, parted by spaces", _hosts),
    Field("rate_per_minute", "ASK_RATE_PER_MINUTE", "a whole number, 0 for no limit", _count),
)


def read_settings(environment: Mapping[str, str] = os.environ, *, index: Path | None = None) -> Settings:
    """Read the settings; what is not set keeps its default. `index`, from a command line, counts before ASK_INDEX.

    Where neither articles nor an index is named, every article of `corpus/articles/` is used.

    Raises:
        SettingError: a value cannot be used; the message names variable, value and what is allowed.
    """
    values: dict[str, Any] = {}
    for field in FIELDS:
        if field.variable not in environment:
            continue
        raw = environment[field.variable]
        try:
            values[field.name] = field.read(raw)
        except ValueError as error:
            raise SettingError(f"{field.variable}={raw!r} cannot be used; allowed is {field.allowed}") from error
    if index is not None:
        values["index"] = index
    if "index" not in values:
        values.setdefault("articles", default_articles())
    return Settings(**values)


def default_articles() -> tuple[Path, ...]:
    """Every file of `corpus/articles/`, by name, but hidden ones; none where the folder is not at hand."""
    return tuple(sorted(p for p in (ROOT / "corpus" / "articles").glob("[!.]*") if p.is_file()))
