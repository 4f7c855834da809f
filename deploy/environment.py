"""The environment a Space gets: a new venv of the declared Python with what the platform's one pip call installs.

The call is the one in the build logs of Gradio Spaces (2026): the Space's requirements, Gradio of `sdk_version` with
two extras, two servers' libraries and `spaces`, resolved together, so a clash with any of them shows here first.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from deploy.errors import SimulationError
from deploy.front_matter import read_head


@dataclass(frozen=True, slots=True)
class Environment:
    """An installed venv; size in megabytes (10^6 bytes), time in seconds."""

    python: Path
    version: str
    declared: str
    megabytes: float
    seconds: float


def platform_requirements(sdk_version: str) -> list[str]:
    """What Hugging Face adds to a Gradio Space's own requirements."""
    return [f"gradio[oauth,mcp]=={sdk_version}", "uvicorn>=0.14.0", "websockets>=10.4", "spaces"]


def install(space: Path, where: Path) -> Environment:
    """Make the venv at `where` and install into it as the platform would.

    Raises:
        SimulationError: pip refuses; its last lines are in the message.
    """
    head = read_head(space / "README.md")
    declared = str(head["python_version"])
    began = time.monotonic()
    _call([_interpreter(declared, where.with_name("python")), "-m", "venv", str(where)])
    python = where / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    _call([*pip, "--upgrade", "pip"])
    _call([*pip, "-r", str(space / "requirements.txt"), *platform_requirements(str(head["sdk_version"]))])
    _call([str(python), "-m", "pip", "check"])
    version = _call([str(python), "-c", "import platform; print(platform.python_version())"]).strip()
    return Environment(python, version, declared, megabytes(where), time.monotonic() - began)


def _interpreter(declared: str, where: Path) -> str:
    """The declared Python where it is installed, else this one; copied to `where` if other users cannot reach it."""
    wanted = "python" + ".".join(declared.split(".")[:2])
    installed = (Path.home() / ".pyenv" / "versions").glob(f"*/bin/{wanted}")
    candidates = [path for path in (shutil.which(wanted), *map(str, sorted(installed))) if path and _works(path)]
    python = (candidates or [sys.executable])[0]
    prefix = Path(_call([python, "-c", "import sys; print(sys.base_prefix)"]).strip())
    if os.getuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in prefix.parents):
        return python
    shutil.copytree(prefix, where, symlinks=True)
    return str(where / "bin" / "python3")


def _works(python: str) -> bool:
    """A version manager's stand-in is found but does not run."""
    return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0  # noqa: S603 - found just now


def megabytes(folder: Path) -> float:
    """Size of all files below a folder, links not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 1e6


def _call(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    if done.returncode:
        said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise SimulationError(f"{' '.join(command[:4])} … failed: {' / '.join(said[-4:])}")
    return done.stdout
