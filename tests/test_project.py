"""The documents and settings around the code say what is so."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from corpus.common.settings import FIELDS, ROOT
from deploy.checks import head_faults, read_head
from deploy.shipped import pins

LAYOUT = ("app.py", "corpus", "index", "retrieval", "tests", "requirements.txt")
BESIDE = (
    "README.md",
    "Makefile",
    "pyproject.toml",
    "requirements-dev.txt",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
)
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/deploy.md")
MOST_BYTES = 1 << 20
MOST_WEIGHTS = 8_000_000  # the reader's own, the only ones that are kept here
MOST_LINES = 350


@cache
def tracked() -> list[Path]:
    """Every file of the repository, or of the folder where there is no repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = [name for name in listed.stdout.split("\0") if name]
    return [path for path in (ROOT / name for name in names) if path.is_file()]


def blocks(document: str) -> list[str]:
    """Lines of the fenced blocks that hold commands."""
    text = (ROOT / document).read_text(encoding="utf-8")
    fenced = re.findall(r"^```\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [line.strip() for block in fenced for line in block.splitlines()]


def commands(pattern: str) -> list[str]:
    """What a pattern finds in the commands of all documents."""
    return sorted({found for document in DOCUMENTS for line in blocks(document) for found in re.findall(pattern, line)})


def targets() -> set[str]:
    """Targets of the Makefile."""
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def project() -> dict[str, Any]:
    """The table [project] of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


def test_the_layout_is_as_promised() -> None:
    assert [name for name in (*LAYOUT, *BESIDE) if not (ROOT / name).exists()] == []


def test_the_front_matter_would_be_accepted() -> None:
    head = read_head(ROOT / "README.md")
    assert head_faults(head, "zero-a10g") == []
    assert head["sdk"] == "gradio"
    assert head["sdk_version"] == pins()["gradio"]
    assert (ROOT / head["app_file"]).is_file()
    assert head["license"] == "mit"
    assert head["pinned"] is False


def test_the_front_matter_and_the_project_name_one_python() -> None:
    lowest = Requirement(f"python{project()['requires-python']}").specifier
    assert lowest.contains(read_head(ROOT / "README.md")["python_version"])
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert f"FROM python:{read_head(ROOT / 'README.md')['python_version']}-slim" in dockerfile


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_one_exact_version(name: str) -> None:
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    for line in filter(None, lines):
        if line != "-r requirements.txt":
            (pin,) = Requirement(line).specifier
            assert pin.operator == "==", line
            assert "*" not in pin.version, line


def test_what_is_installed_here_is_what_is_pinned() -> None:
    from importlib.metadata import version

    wanted = {**pins(), **pins(ROOT / "requirements-dev.txt")}
    found = {name: version(name).split("+")[0] for name in wanted}  # torch says 2.13.0+cpu
    assert found == wanted


def test_every_make_command_in_the_documents_is_a_target() -> None:
    named = commands(r"\bmake ([a-z]+)")
    assert {"run", "test", "ask", "space", "deploy", "evaluate"} <= set(named)
    assert [name for name in named if name not in targets()] == []


def test_every_module_named_in_documents_and_makefile_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(commands(r"python[0-9.]* -m ([\w.]+)")) | set(re.findall(r"\$\(PY\) -m ([\w.]+)", makefile))
    assert {"index.build", "retrieval.ask", "retrieval.evaluate", "deploy.space"} <= named
    assert [name for name in sorted(named) if not _runs(name)] == []


def _runs(module: str) -> bool:
    """Whether `python -m` finds it: a module, or a package with a `__main__`."""
    spec = importlib.util.find_spec(module)
    if spec is None:
        return False
    return not spec.submodule_search_locations or importlib.util.find_spec(f"{module}.__main__") is not None


def test_every_file_named_by_a_link_is_there() -> None:
    for document in DOCUMENTS:
        text = (ROOT / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            if not target.startswith("http"):
                assert ((ROOT / document).parent / target).exists(), f"{document}: {target}"


def test_the_readme_names_every_setting_and_no_other() -> None:
    named = set(re.findall(r"\bASK_[A-Z_]+\b", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named == {field.variable for field in FIELDS}


def test_every_target_is_explained_and_phony() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    explained = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())  # type: ignore[index]
    assert explained | {"browser"} == targets() == phony


def test_the_changelog_has_this_version() -> None:
    assert f"\n## {project()['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_no_file_is_large_and_none_is_a_pickle() -> None:
    assert tracked()
    for path in tracked():
        most = MOST_WEIGHTS if path.name == "reader.safetensors" else MOST_BYTES
        assert path.stat().st_size <= most, path
        assert path.suffix not in (".pkl", ".pickle", ".joblib", ".pt", ".bin"), path
        assert path.read_bytes()[:2] not in (b"\x80\x03", b"\x80\x04", b"\x80\x05"), path


def test_no_code_file_is_long() -> None:
    long = {path.name: count for path in tracked() if path.suffix == ".py" if (count := _lines(path)) > MOST_LINES}
    assert long == {}


def _lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def test_nothing_private_is_tracked() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]
    assert [name for name in names if re.search(r"(^|/)(\.env|.*\.pem$)|^(feedback|space|data|reports)/", name)] == []


def test_ci_calls_make_test_last() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o100
    lines = [line for line in script.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert shlex.split(lines[-1]) == ["exec", "make", "test"]
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


def test_the_workflow_calls_what_is_there() -> None:
    text = (ROOT / ".github" / "workflows" / "space.yml").read_text(encoding="utf-8")
    assert [name for name in re.findall(r"run: .*?\bmake ([a-z]+)", text) if name not in targets()] == []
    assert "bash .ci/run" in text
