"""Kill a build by SIGKILL at every step that touches the disk, and say what was left: one JSON object a line.

    python -m tests.index.kill_each_step FOLDER old|none

Steps are the interpreter's audit events (a file opened for writing, a rename, a folder made, a file removed) below the
index folder, and every file that FAISS has written. Each step gets a process of its own, forked before anything ran.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

from corpus.common.errors import IndexFolderError, IndexMissing
from corpus.common.settings import Settings
from index import build as building
from index.faiss_vectors import FaissVectors
from index.folder import read_manifest
from index.open import open_index
from tests.index import by_hand

EVENTS = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.truncate")
NEW = by_hand.ARTICLE.replace("Beans hold much of it.", "Beans hold it.")


@dataclass(frozen=True)
class Left:
    """What a kill at `step` left behind: which sentence the index then held, and after one more build."""

    step: str
    held: str
    rebuilt: str
    files: list[str]


class Killer:
    """Ends the process at the n-th step."""

    def __init__(self, index: Path, n: int, tell: int) -> None:
        self.index, self.left, self.tell = str(index), n, tell

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in EVENTS and str(arguments[0]).startswith(self.index) and not self._only_reads(event, arguments):
            self.step(f"{event} {Path(str(arguments[0])).name}")

    def _only_reads(self, event: str, arguments: tuple[object, ...]) -> bool:
        flags = arguments[2] if event == "open" else os.O_RDWR
        return not (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))

    def step(self, name: str) -> None:
        self.left -= 1
        if self.left < 0:
            os.write(self.tell, name.encode())
            os.kill(os.getpid(), signal.SIGKILL)


def build_until(settings: Settings, n: int) -> str:
    """Build in a forked process, killed at its n-th step; returns the step, empty where it came to its end."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        killer = Killer(settings.index, n, write)
        save = FaissVectors.save

        def save_then_step(self: FaissVectors, path: Path) -> None:
            save(self, path)
            killer.step(f"written {path.name}")

        FaissVectors.save = save_then_step  # type: ignore[method-assign]
        sys.addaudithook(killer)
        building.build(settings)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as told:
        step = told.read()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) == bool(step), f"exit status {status} at step {n}"
    return step


def held(settings: Settings) -> str:
    """The sentence by which the old and the new index are told apart, once the index was verified and opened."""
    try:
        read_manifest(settings.index)
    except IndexMissing:
        return "nothing"
    article = settings.articles[0].read_text(encoding="utf-8")
    for text in (by_hand.ARTICLE, NEW):  # an index of either article must open, against that article
        settings.articles[0].write_text(text, encoding="utf-8")
        try:
            opened = open_index(settings)
            return opened.index.passages[0].sentences[1].text
        except IndexFolderError as error:
            last = f"{type(error).__name__}: {error}"
        finally:
            settings.articles[0].write_text(article, encoding="utf-8")
    return last


def main(folder: Path, before: str) -> None:
    """Kill at step 0, 1, 2 … until a build comes to its end."""
    settings = by_hand.settle(folder)
    for target, name, value in by_hand.replacements(by_hand.Used()):
        setattr(target, name, value)
    if before == "old":
        building.build(settings)
        shutil.copytree(settings.index, folder / "old")
    settings.articles[0].write_text(NEW, encoding="utf-8")
    for n in count():
        shutil.rmtree(settings.index, ignore_errors=True)
        if before == "old":
            shutil.copytree(folder / "old", settings.index)
        step = build_until(settings, n)
        if not step:
            return
        found = held(settings)
        building.build(settings)
        files = sorted(p.name for p in settings.index.iterdir())
        sys.stdout.write(json.dumps(asdict(Left(step, found, held(settings), files))) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
