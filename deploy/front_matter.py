"""The head of a README that configures a Space, held to the documented fields and values.

Fields and values: https://huggingface.co/docs/hub/spaces-config-reference (read in 2026). The Hub refuses a push whose
`short_description` is longer than 60 characters. ZeroGPU's Python versions: https://huggingface.co/docs/hub/spaces-zerogpu.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from deploy.errors import SpaceError

COLOURS = ("red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray")
SDKS = ("gradio", "docker", "static")
ZERO_PYTHONS = ("3.10", "3.10.13", "3.12", "3.12.12")
NEEDED = ("title", "emoji", "colorFrom", "colorTo", "sdk", "sdk_version", "python_version", "app_file")
SHORT_DESCRIPTION = 60

_EMOJI = re.compile("[\u2190-\u2bff\u3030\ufe0f\u200d\U0001f000-\U0001faff]+")
_HEAD = re.compile(r"\A---\n(.*?)^---\n", re.DOTALL | re.MULTILINE)


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(_text(entry) for entry in value)


def _one_of(*allowed: str) -> Callable[[Any], bool]:
    return lambda value: value in allowed


def _like(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


# Every documented field: what it allows in words, and the test of it.
FIELDS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "title": ("a text", _text),
    "emoji": ("an emoji and nothing else", lambda value: isinstance(value, str) and bool(_EMOJI.fullmatch(value))),
    "colorFrom": (f"one of {', '.join(COLOURS)}", _one_of(*COLOURS)),
    "colorTo": (f"one of {', '.join(COLOURS)}", _one_of(*COLOURS)),
    "sdk": (f"one of {', '.join(SDKS)}", _one_of(*SDKS)),
    "sdk_version": ("one exact version, quoted", _like(r"\d+\.\d+\.\d+")),
    "python_version": ("3.x or 3.x.x, quoted so that YAML does not read a number", _like(r"3\.\d+(\.\d+)?")),
    "app_file": ("a path inside the Space", _like(r"[\w][\w./-]*")),
    "app_build_command": ("a text", _text),
    "app_port": ("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool)),
    "base_path": ("a path that starts with /", _like(r"/.*")),
    "suggested_hardware": ("a hardware flavour", _like(r"[a-z0-9-]+")),
    "suggested_storage": ("one of small, medium, large", _one_of("small", "medium", "large")),
    "fullWidth": ("true or false", _flag),
    "header": ("one of mini, default", _one_of("mini", "default")),
    "short_description": (
        f"a text of at most {SHORT_DESCRIPTION} characters",
        lambda value: _text(value) and len(value) <= SHORT_DESCRIPTION,
    ),
    "models": ("a list of model names", _texts),
    "datasets": ("a list of data set names", _texts),
    "tags": ("a list of texts", _texts),
    "license": ("a licence identifier in lower case", _like(r"[a-z0-9.-]+")),
    "thumbnail": ("an address", _like(r"https://.+")),
    "pinned": ("true or false", _flag),
    "hf_oauth": ("true or false", _flag),
    "hf_oauth_scopes": ("a list of scopes", _texts),
    "hf_oauth_expiration_minutes": ("minutes", lambda value: isinstance(value, int)),
    "disable_embedding": ("true or false", _flag),
    "startup_duration_timeout": ("a duration such as 30m or 1h", _like(r"\d+(\.\d+)?\s?(s|m|min|h|d)")),
    "custom_headers": ("cross-origin headers and their values", lambda value: isinstance(value, dict)),
    "preload_from_hub": ("a list of repositories", _texts),
}


def read_head(readme: Path) -> dict[str, Any]:
    """The front matter of a README.

    Raises:
        SpaceError: there is none, or it is not YAML that holds fields.
    """
    found = _HEAD.match(readme.read_text(encoding="utf-8"))
    if found is None:
        raise SpaceError(f"{readme} has no front matter; it must begin with a block between two lines of ---")
    try:
        head = yaml.safe_load(found[1])
    except yaml.YAMLError as error:
        raise SpaceError(f"the front matter of {readme} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(head, dict):
        raise SpaceError(f"the front matter of {readme} holds no fields; see spaces-config-reference")
    return head


def write_head(head: Mapping[str, Any]) -> str:
    """Front matter as text, fields in the order given."""
    body = yaml.safe_dump(dict(head), sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{body}---\n"


def faults(head: Mapping[str, Any], hardware: str = "") -> list[str]:
    """What the Hub would refuse or misread, one line each; empty when all is well."""
    found = [f"{name} is missing" for name in NEEDED if name not in head]
    for name, value in head.items():
        if name not in FIELDS:
            found.append(f"{name} is not a field of a Space; see spaces-config-reference")
        elif not FIELDS[name][1](value):
            found.append(f"{name}: {value!r} is not allowed; it must be {FIELDS[name][0]}")
    python = head.get("python_version")
    if hardware.startswith("zero") and python not in ZERO_PYTHONS:
        offered = ", ".join(ZERO_PYTHONS)
        found.append(f"python_version: {python!r} is not offered on ZeroGPU; it must be one of {offered}")
    return found
