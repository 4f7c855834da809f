"""Is a Space folder fit to be uploaded, and does a running chat answer? Every fault is one line with its remedy."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import yaml
from huggingface_hub import metadata_load

from deploy.shipped import PLATFORM, SERVING, SpaceError, pins
from index.folder import read_manifest, verify

MOST_BYTES = 1_000_000_000  # our own bound: an answering Space that needs more has gone wrong (its disk holds 50 GB)
LFS_FROM = 10_000_000  # larger files go through LFS
ANSWER_SECONDS = 60

# What a Space cannot do without. The Hub itself holds the head to its documented values before it takes an upload.
NEEDED = ("title", "emoji", "colorFrom", "colorTo", "sdk", "sdk_version", "python_version", "app_file")
ZERO_PYTHONS = ("3.10", "3.10.13", "3.12", "3.12.12")  # https://huggingface.co/docs/hub/spaces-zerogpu

_PRIVATE_NAMES = re.compile(
    r"\.env.*|.*\.pem|.*\.key|id_(rsa|ed25519).*|\.netrc|\.pypirc|\.git|\.ssh|\.cache|\.venv|__pycache__|.*\.pyc|"
    r"\.(pytest|mypy|ruff)_cache|\.hypothesis|node_modules|\.DS_Store|feedback|.*\.(log|sqlite|sqlite3|db|pickle|pkl|joblib)|"
    r"\.huggingface|\.lock|shards"
)
_SECRETS = re.compile(
    rb"\b(hf_[A-Za-z0-9]{30,}|sk-[A-Za-z0-9_-]{32,}|AKIA[0-9A-Z]{16})\b|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
_TEXT = (".py", ".md", ".txt", ".json", ".jsonl", ".yml", ".yaml", ".toml", ".cfg", ".ini", ".js", ".css", ".csv", "")


def check(folder: Path, hardware: str) -> list[str]:
    """Return everything that is wrong with the folder on this hardware (the Hub's name of it), one line each.

    Raises:
        SpaceError: its README has no front matter.
        IndexFolderError: its index folder does not verify.
    """
    head = read_head(folder / "README.md")
    found = [f"README.md: {fault}" for fault in head_faults(head, hardware)]
    if not (folder / str(head.get("app_file", ""))).is_file():
        found.append(f"README.md: app_file: {head.get('app_file', '')!r} is not in the folder")
    if head.get("sdk_version") != pins()[PLATFORM]:
        found.append(f"README.md: sdk_version is {head.get('sdk_version')}, the project pins gradio {pins()[PLATFORM]}")
    listed = pins(folder / "requirements.txt")
    found += [f"requirements.txt: {name} is not needed for answering" for name in listed if name not in SERVING]
    found += private(folder)
    total = sum((folder / path).stat().st_size for path in files_of(folder))
    if total > MOST_BYTES:
        found.append(f"it holds {total / 1e6:,.0f} MB, {MOST_BYTES / 1e6:,.0f} MB are allowed; use a smaller model")
    index = folder / "data" / "index"
    verify(index, read_manifest(index))
    return found


def files_of(folder: Path) -> list[Path]:
    """Return every file of the folder, relative to it."""
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def read_head(readme: Path) -> dict[str, Any]:
    """Return the front matter of a README.

    Raises:
        SpaceError: there is none, or it is not YAML that holds fields.
    """
    try:
        head = metadata_load(readme)
    except (ValueError, yaml.YAMLError) as error:
        raise SpaceError(f"the front matter of {readme} cannot be read: {' '.join(str(error).split())}") from error
    if not head:
        raise SpaceError(f"{readme} has no front matter; it must begin with a block between two lines of ---")
    return head


def head_faults(head: Mapping[str, Any], hardware: str = "") -> list[str]:
    """Return what a Space on this hardware could not start with, one line each."""
    found = [f"{name} is missing" for name in NEEDED if name not in head]
    for name in (name for name in NEEDED if name in head and not isinstance(head[name], str)):
        found.append(f"{name}: {head[name]!r} is no text; put it in quotes, so that YAML does not read a number")
    python = head.get("python_version")
    if hardware.startswith("zero") and python not in ZERO_PYTHONS:
        offered = ", ".join(ZERO_PYTHONS)
        found.append(f"python_version: {python!r} is not offered on ZeroGPU; it must be one of {offered}")
    return found


def private(folder: Path) -> list[str]:
    """Return a line for each file nobody else should get: by name, and texts by what a token or key looks like."""
    found = []
    for path in files_of(folder):
        if any(_PRIVATE_NAMES.fullmatch(part) for part in path.parts):
            found.append(f"{path} is private or a leftover; take it out")
        elif path.suffix in _TEXT and _SECRETS.search((folder / path).read_bytes()):
            found.append(f"{path} holds what looks like an access token or a key; take it out and revoke it")
    return found


def ask_chat(address: str, question: str, token: str | None = None) -> dict[str, Any]:
    """Return what a running chat answers through its public endpoint; the token lets a private Space in.

    Raises:
        SpaceError: no answer, or one without a quote; the message says how to look further.
    """
    from gradio_client import Client  # takes a second to import

    try:
        quiet: dict[str, Any] = {"verbose": False, "download_files": False, "analytics_enabled": False}
        with closing(Client(address, token=token, **quiet)) as chat:
            answer = chat.submit(question, [], api_name="/ask").result(timeout=ANSWER_SECONDS)
    except (httpx.HTTPError, ValueError, OSError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SpaceError(f"the Space runs but does not answer at {address} ({said}); look at its log") from error
    if not isinstance(answer, dict) or not answer.get("quotes"):
        said = json.dumps(answer)[:200]
        raise SpaceError(f"the Space answers {question!r} without a quote: {said}; run: make space")
    return answer
