"""Is a Space folder fit to be uploaded? Nothing private in it, nothing too large, a head the Hub accepts."""

from __future__ import annotations

import re
from pathlib import Path

from deploy.files import SERVING, pins
from deploy.front_matter import faults, read_head
from index.folder import read_manifest, verify

MOST_TOTAL = (
    1_000_000_000  # our own bound: an answering Space that needs more has gone wrong (the disk there holds 50 GB)
)
LFS_FROM = 10_000_000  # larger files go through LFS

_PRIVATE_NAMES = re.compile(
    r"\.env.*|.*\.pem|.*\.key|id_(rsa|ed25519).*|\.netrc|\.pypirc|\.git|\.ssh|\.cache|\.venv|__pycache__|.*\.pyc|"
    r"\.(pytest|mypy|ruff)_cache|\.hypothesis|node_modules|\.DS_Store|feedback|.*\.(log|sqlite|sqlite3|db|pickle|pkl|joblib)|"
    r"\.huggingface|\.lock|shards"
)
_SECRETS = re.compile(
    rb"\b(hf_[A-Za-z0-9]{30,}|sk-[A-Za-z0-9_-]{32,}|AKIA[0-9A-Z]{16})\b|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
_TEXT = (".py", ".md", ".txt", ".json", ".jsonl", ".yml", ".yaml", ".toml", ".cfg", ".ini", ".js", ".css", ".csv", "")


def files_of(folder: Path) -> list[Path]:
    """Every file of the folder, relative to it."""
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def check(folder: Path, hardware: str) -> list[str]:
    """Everything that is wrong with the folder, one line each.

    Raises:
        SpaceError: its README has no front matter.
        IndexFolderError: its index folder does not verify.
    """
    head = read_head(folder / "README.md")
    found = [f"README.md: {fault}" for fault in faults(head, hardware)]
    found += _app(folder, str(head.get("app_file", "")))
    found += _requirements(folder / "requirements.txt", str(head.get("sdk_version", "")))
    found += private(folder)
    total = sum((folder / path).stat().st_size for path in files_of(folder))
    if total > MOST_TOTAL:
        found.append(
            f"the folder holds {total / 1e6:,.0f} MB, a Space may hold {MOST_TOTAL / 1e6:,.0f} MB; use a smaller model"
        )
    index = folder / "data" / "index"
    verify(index, read_manifest(index))
    return found


def _app(folder: Path, app: str) -> list[str]:
    return [] if (folder / app).is_file() else [f"README.md: app_file: {app!r} is not in the folder"]


def _requirements(path: Path, sdk_version: str) -> list[str]:
    listed = pins(path)
    found = [f"requirements.txt: {name} is not needed for answering" for name in listed if name not in SERVING]
    wanted = pins()["gradio"]
    if sdk_version != wanted:
        found.append(f"README.md: sdk_version is {sdk_version}, requirements.txt of the project pins gradio {wanted}")
    return found


def private(folder: Path) -> list[str]:
    """Files nobody else should get: by name, and texts by what a token or key looks like."""
    found = []
    for path in files_of(folder):
        if any(_PRIVATE_NAMES.fullmatch(part) for part in path.parts):
            found.append(f"{path} is private or a leftover; take it out")
        elif path.suffix in _TEXT and _SECRETS.search((folder / path).read_bytes()):
            found.append(f"{path} holds what looks like an access token or a key; take it out and revoke it")
    return found
