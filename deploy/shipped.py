"""What is shipped to a Space: the modules `app.py` imports, the data they name, and the packages they need.

    python -m deploy.shipped        imports the app with a Space's packages alone and lists the modules, one a line

Found by importing, so a module goes along from the day something that serves imports it, and not before. Imports inside
functions are followed as well, except where they fail for want of a package: those only build. The articles stay out:
the index holds their text, and an index beside no article stands for itself.
"""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from corpus.common.cli import run
from corpus.common.errors import AskError
from corpus.common.settings import ROOT

ROOMS = ("corpus", "index", "retrieval", "web", "deploy")
# What a Space installs beside Gradio, which the platform itself installs from `sdk_version`.
SERVING = (
    "faiss-cpu",
    "onnxruntime",
    "tokenizers",
    "PyStemmer",
    "RapidFuzz",
    "numpy",
    "filelock",
    "syntok",
    "limits",
)
PLATFORM = "gradio"


class SpaceError(AskError):
    """A Space folder cannot be written, is not fit to be uploaded, or does not answer."""


def files(root: Path = ROOT) -> list[Path]:
    """Return all of the project at `root` that is shipped, relative to it: modules, their data and the licence.

    Raises:
        SpaceError: the app cannot be imported with what a Space installs.
    """
    command = [sys.executable, "-m", "deploy.shipped"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if done.returncode:
        why = (done.stderr.strip().splitlines() or [""])[-1]
        raise SpaceError(
            f"app.py cannot be imported with what a Space installs ({why}); import it inside the function that builds, "
            "or add its package to SERVING in deploy/shipped.py"
        )
    modules = [Path(line) for line in done.stdout.splitlines()]
    return sorted({*modules, *_data(root, modules), Path("LICENSE")})


def pins(requirements: Path = ROOT / "requirements.txt") -> dict[str, str]:
    """Return name and exact version of every requirement."""
    lines = (line.split("#")[0].strip() for line in requirements.read_text(encoding="utf-8").splitlines())
    return dict(line.split("==", 1) for line in lines if "==" in line)


def requirements_text() -> str:
    """Return the requirements.txt of a Space: the project's own pins of what answering needs.

    Raises:
        SpaceError: something serving needs has no pin in requirements.txt.
    """
    known = pins()
    if missing := [name for name in SERVING if name not in known]:
        raise SpaceError(f"requirements.txt has no pin for {', '.join(missing)}, which serving needs; add it")
    head = "# What answering needs. Gradio is not here: the platform installs it from `sdk_version` in README.md.\n"
    return head + "".join(f"{name}=={known[name]}\n" for name in SERVING)


def _data(root: Path, modules: list[Path]) -> set[Path]:
    """Files in the rooms of these modules that a module of the same room names, itself or their folder."""
    found: set[Path] = set()
    for room in {path.parent for path in modules if path.parts[0] in ROOMS and path.parts[0] != "corpus"}:
        trees = [ast.parse((root / path).read_text(encoding="utf-8")) for path in modules if path.parent == room]
        nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        named = {part for node in nodes if isinstance(node.value, str) for part in node.value.split("/")}
        for place in (place for place in (root / room).iterdir() if place.name in named):
            inside = [place] if place.is_file() or (place / "__init__.py").exists() else place.rglob("*")
            found |= {file.relative_to(root) for file in inside if file.is_file() and file.suffix[:3] != ".py"}
    return found


@cache
def packages_of_a_space() -> frozenset[str]:
    """Return every package that a Space's requirements lead to, as far as it is installed here."""
    found: set[str] = set()
    waiting = [*SERVING, PLATFORM]
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in found:
            continue
        try:
            wanted = [Requirement(text) for text in requires(name) or []]
        except PackageNotFoundError:
            continue  # needed on another system only
        found.add(name)
        waiting += [entry.name for entry in wanted if entry.marker is None or entry.marker.evaluate({"extra": ""})]
    return frozenset(found)


class _SpaceOnly(MetaPathFinder):
    """Refuses to import what only other packages than a Space's bring."""

    def __init__(self) -> None:
        space = packages_of_a_space()
        tops = packages_distributions().items()
        self._other = {top for top, names in tops if not any(canonicalize_name(name) in space for name in names)}

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:  # noqa: ARG002 - its protocol
        if name.split(".")[0] in self._other:
            raise ModuleNotFoundError(f"{name} is not on a Space", name=name)


def main(_: list[str]) -> int:
    """Import the app and, again and again, what its functions import; list the files."""
    sys.meta_path.insert(0, _SpaceOnly())
    importlib.import_module("app")
    tried: set[str] = set()
    while waiting := {name for file in _ours().values() for name in _named(file)} - tried - set(sys.modules):
        for name in sorted(waiting):
            before = set(_ours())
            try:
                importlib.import_module(name)
            except ImportError:  # not a module, or one that only builds; what it had imported by then may build too
                for added in set(_ours()) - before:
                    del sys.modules[added]
        tried |= waiting
    sys.stdout.write("".join(f"{path}\n" for path in sorted(set(_ours().values()))))
    return 0


def _ours() -> dict[str, Path]:
    """Every module of the project that is loaded, and its file."""
    loaded = {name: module.__file__ for name, module in sys.modules.items() if name.split(".")[0] in (*ROOMS, "app")}
    return {name: Path(file).resolve().relative_to(ROOT) for name, file in loaded.items() if file}


def _named(file: Path) -> set[str]:
    """Modules of ours that a file imports anywhere in it, and what could be one."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in names if name.split(".")[0] in ROOMS}


if __name__ == "__main__":
    sys.exit(run(main))
