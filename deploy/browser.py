"""Find a Chromium to look at pages with, or say in one line how to get one.

python -m deploy.browser        prints its path
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from corpus.cli import run
from deploy.errors import SimulationError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
HOW = "install one (Debian, Ubuntu: apt-get install chromium; elsewhere: .venv/bin/playwright install chromium)"


def find_chromium() -> str:
    """Path of a Chromium: the one `CHROMIUM` names, the system's, or Playwright's own.

    Raises:
        SimulationError: there is none.
    """
    named = os.environ.get("CHROMIUM", "")
    candidates = [named, *(shutil.which(name) or "" for name in NAMES)]
    found = next((path for path in candidates if path and Path(path).is_file()), "") or _playwrights()
    if not found:
        raise SimulationError(f"no Chromium found; {HOW}, or set CHROMIUM to its path")
    return found


def _playwrights() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else ""


def main(_: list[str]) -> int:
    """Print the path, or the way to get one."""
    sys.stdout.write(f"browser: {find_chromium()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
