"""Which large files were hashed already and are untouched since, so that not every start reads them whole.

Untouched means: same size, inode, and times of last change. The time of the last change of state (ctime) cannot be set
by any program, so whatever wrote to a file is seen; a disk that rots is not. Small files are hashed at every start.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

FILE = "verified.json"
LARGE = 16_000_000  # bytes; hashing less takes no time worth saving
SETTLED_SECONDS = 2  # a file changed just now could change again within the clock's resolution

Marks = dict[str, list[int]]


class Verified:
    """The marks of one generation's large files, kept beside the manifest where the folder can be written."""

    def __init__(self, index: Path, generation: str) -> None:
        self._path = index / FILE
        self._generation = generation
        self._known = _read(self._path, generation)

    def holds(self, name: str, path: Path) -> bool:
        """Whether this file was hashed before, as it is now."""
        return name in self._known and self._known[name] == _mark(path)

    def remember(self, paths: Mapping[str, Path]) -> None:
        """Keep the marks of files that were just found to be whole."""
        large = {name: path.stat() for name, path in paths.items() if path.stat().st_size >= LARGE}
        settled = [name for name, stat in large.items() if time.time() - stat.st_ctime > SETTLED_SECONDS]
        marks = {name: _mark(paths[name]) for name in settled}
        if marks and marks != self._known:
            _write(self._path, {"generation": self._generation, "files": marks})


def _mark(path: Path) -> list[int]:
    stat = path.stat()
    return [stat.st_size, stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns]


def _read(path: Path, generation: str) -> Marks:
    """What was kept for this generation; whatever cannot be read counts as nothing."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return dict(data["files"]) if data["generation"] == generation else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _write(path: Path, data: object) -> None:
    fresh = path.with_suffix(f".{os.getpid()}.tmp")
    with suppress(OSError):  # a read-only folder: its files are hashed at every start
        fresh.write_text(json.dumps(data) + "\n", encoding="utf-8")
        fresh.replace(path)
