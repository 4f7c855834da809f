"""A real article that may be changed, the real index of it, and the real command that builds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from corpus.common.settings import ROOT, Settings
from index.folder import read_manifest
from tests.reliability.real_server import environment

NOT_SHARED = shutil.ignore_patterns(".lock")  # a lock on one file would hold for all that share it
MORE = "Magnesium is a mineral, and this sentence was added number {}.\n\n"


class Place:
    """A folder with both; the index shares its files with the one it was made from, which no build writes to."""

    def __init__(self, folder: Path, real: Settings) -> None:
        (original,) = real.articles
        self.article = folder / original.name
        self.index = folder / "index"
        shutil.copyfile(original, self.article)
        shutil.copytree(real.index, self.index, copy_function=os.link, ignore=NOT_SHARED)

    def change(self, number: int) -> None:
        """Put a sentence in front, so that every place in the article is another."""
        head, body = self.article.read_text(encoding="utf-8").split("\n---\n", 1)
        self.article.write_text(f"{head}\n---\n\n{MORE.format(number)}{body.lstrip()}", encoding="utf-8")

    def command(self) -> list[str]:
        return [sys.executable, "-m", "index.build", str(self.article), "--out", str(self.index)]

    def start(self) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        return subprocess.Popen(self.command(), cwd=ROOT, env=environment(), stdout=pipe, stderr=pipe, text=True)

    def build(self) -> str:
        """Build, and return the generation."""
        done = subprocess.run(self.command(), cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        return read_manifest(self.index).generation
