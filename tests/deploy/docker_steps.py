"""Carry out a Dockerfile without Docker: every COPY, RUN, ENV and WORKDIR, in folders instead of images.

Paths inside an image become paths below a folder of the stage. `python` and `pip` are those of an environment given for
the stage. Steps only root may take inside an image (adding a user) are left out, and named by `skipped`.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Stage:
    """One stage of the build."""

    name: str
    root: Path
    bin: Path
    workdir: str = "/"
    env: dict[str, str] = field(default_factory=dict)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    user: str = "root"
    skipped: list[str] = field(default_factory=list)

    def inside(self, path: str) -> Path:
        """A path of the image as a path of this machine."""
        absolute = path if path.startswith("/") else f"{self.workdir}/{path}"
        return self.root / os.path.normpath(absolute).lstrip("/")

    def environment(self) -> dict[str, str]:
        """The environment of a step."""
        inherited = {
            name: value for name, value in os.environ.items() if name.startswith(("PIP_", "HOME", "OMP", "LANG"))
        }
        return {**inherited, **self.env, "PATH": f"{self.bin}:/usr/bin:/bin"}


def instructions(dockerfile: Path) -> list[tuple[str, str]]:
    """Keyword and arguments of every instruction."""
    lines = [line for line in dockerfile.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [(keyword, rest) for keyword, _, rest in (line.partition(" ") for line in lines)]


def carry_out(dockerfile: Path, work: Path, bins: list[Path]) -> list[Stage]:
    """Build every stage; `bins` gives each its folder of commands."""
    stages: list[Stage] = []
    for keyword, rest in instructions(dockerfile):
        if keyword == "FROM":
            name = rest.split(" AS ")[1] if " AS " in rest else ""
            root = work / f"stage{len(stages)}"
            root.mkdir()
            stages.append(Stage(name, root, bins[len(stages)]))
        else:
            _step(keyword, rest, stages[-1], stages, dockerfile.parent)
    return stages


def _step(keyword: str, rest: str, stage: Stage, stages: list[Stage], context: Path) -> None:
    if keyword == "WORKDIR":
        stage.workdir = rest
        stage.inside(rest).mkdir(parents=True, exist_ok=True)
    elif keyword == "ENV":
        stage.env.update({name: value for name, _, value in (entry.partition("=") for entry in shlex.split(rest))})
    elif keyword == "USER":
        stage.user = rest
    elif keyword == "CMD":
        stage.command = json.loads(rest)
    elif keyword == "HEALTHCHECK":
        stage.health = json.loads(rest.split(" CMD ", 1)[1])
    elif keyword == "COPY":
        _copy(shlex.split(rest), stage, stages, context)
    elif keyword == "RUN" and not rest.startswith("useradd"):
        _run(rest, stage)
    else:
        stage.skipped.append(f"{keyword} {rest}")


def _copy(words: list[str], stage: Stage, stages: list[Stage], context: Path) -> None:
    source: Path | None = None
    if words[0].startswith("--from="):
        origin = next(other for other in stages if other.name == words.pop(0).removeprefix("--from="))
        source = origin.root
    *names, target = words
    for name in names:
        found = source / name.lstrip("/") if source else context / name
        assert found.exists(), f"COPY {name}: not there"
        assert source or sent(name, context), f"COPY {name}: .dockerignore keeps it from the builder"
        into = stage.inside(target)
        if found.is_dir():
            shutil.copytree(found, into, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(found, into / found.name)


def sent(name: str, context: Path) -> bool:
    """Whether .dockerignore lets a top-level name through; the last matching line decides."""
    verdict = True
    for line in (context / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.strip().lstrip("!")
        if pattern and not pattern.startswith("#") and fnmatch.fnmatch(name, pattern):
            verdict = line.startswith("!")
    return verdict


def _run(command: str, stage: Stage) -> None:
    """Run a shell line; absolute paths outside the usual folders are the image's own."""
    here = re.sub(r"(?<=\s)/(space|app|project)\b", lambda m: str(stage.root / m[1]), command)
    done = subprocess.run(
        ["/bin/sh", "-c", here],
        cwd=stage.inside("."),
        env=stage.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"RUN {command}: {done.stderr[-2000:]}"
