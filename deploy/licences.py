"""Name the licence of everything that is installed because requirements.txt asks for it.

python -m deploy.licences
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement

from corpus.cli import run
from deploy.files import pins


def needed() -> dict[str, Distribution]:
    """Every installed package that requirements.txt leads to, by name in lower case."""
    found: dict[str, Distribution] = {}
    waiting = list(pins())
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue  # needed on another system only
        wanted = (Requirement(text) for text in found[name].requires or [])
        waiting += [entry.name for entry in wanted if entry.marker is None or entry.marker.evaluate({"extra": ""})]
    return found


def licence(package: Distribution) -> str:
    """The licence a package states: its expression, else its classifiers, else the first line of its words on it."""
    stated = package.metadata
    expressions = stated.get_all("License-Expression") or []
    classifiers = [
        text.split(" :: ")[-1] for text in stated.get_all("Classifier") or [] if text.startswith("License ::")
    ]
    words = [text.split("\n")[0] for text in stated.get_all("License") or []]
    return ", ".join(expressions or classifiers or words or ["not stated"])


def main(_: list[str]) -> int:
    """Print one line a package."""
    for name, package in sorted(needed().items()):
        sys.stdout.write(f"{name:24} {package.version:14} {licence(package)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
