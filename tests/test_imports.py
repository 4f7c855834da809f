"""Who may import whom: corpus ◀ index ◀ retrieval ◀ app.py; and answering stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.common.settings import ROOT, Settings

MAY_IMPORT = {
    "corpus": {"corpus"},
    "index": {"corpus", "index"},
    "retrieval": {"corpus", "index", "retrieval"},
    "web": {"corpus", "index", "retrieval", "web"},
}
ROOMS = {*MAY_IMPORT, "app", "tests", "benchmarks", "deploy"}
HEAVY = {"torch", "sentence_transformers", "transformers", "onnx"}
TORCH_ROOM = "index/building/"
# These import the heavy ones inside functions.
BUILDERS = {"index/build.py", "index/open.py", "index/tokens.py"}
OFFLINE = "retrieval/evaluate/"
FILES = sorted(p for room in MAY_IMPORT for p in (ROOT / room).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every module a file imports, and whether it does so at once, not inside a function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lazy = {id(n) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for n in ast.walk(f)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) not in lazy) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: relative import"
            yield str(node.module), id(node) not in lazy
            yield from ((f"{node.module}.{alias.name}", id(node) not in lazy) for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_run_one_way(path: Path) -> None:
    allowed = MAY_IMPORT[name_of(path).split("/")[0]]
    rooms = {name.split(".")[0] for name, _ in imports(path)} & ROOMS
    assert rooms <= allowed


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_torch_stays_where_it_is_needed(path: Path) -> None:
    heavy = {name for name, _ in imports(path) if name.split(".")[0] in HEAVY}
    inside = name_of(path).startswith(TORCH_ROOM)
    assert not heavy or inside
    own = {name for name, _ in imports(path) if name.startswith("index.building")}
    at_once = {name for name, now in imports(path) if now and name in own}
    assert not own or inside or name_of(path) in BUILDERS or name_of(path).startswith(OFFLINE)
    assert not at_once or inside or name_of(path) in {"index/build.py"}


def test_no_file_name_stands_twice() -> None:
    rooms = (*MAY_IMPORT, "deploy")
    names = Counter(p.name for room in rooms for p in (ROOT / room).rglob("*.py"))
    twice = {name for name, count in names.items() if count > 1} - {"__init__.py", "__main__.py"}
    assert not twice


SERVING = [
    "index.open",
    "index.build",
    *(name_of(p).removesuffix(".py").replace("/", ".") for p in FILES if name_of(p).startswith("web/")),
    *(
        name_of(p).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for p in FILES
        if name_of(p).startswith("retrieval/") and not name_of(p).startswith(OFFLINE)
    ),
    "app",
]


def test_the_serving_path_imports_nothing_heavy() -> None:
    script = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)\n"
    script += f"print(sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script, *SERVING], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


@pytest.mark.model
def test_opening_and_encoding_import_nothing_heavy(real_index: Settings) -> None:
    script = (
        "import sys\nfrom dataclasses import replace\nfrom pathlib import Path\n"
        "from corpus.common.settings import read_settings\nfrom index.open import open_index\n"
        "opened = open_index(replace(read_settings({}), index=Path(sys.argv[1])))\n"
        "(e,) = opened.encoder.encode(['Can low magnesium cause seizures?'], 'query')\n"
        "opened.index.dense.search(e.vector, 5)\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(real_index.index)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")
