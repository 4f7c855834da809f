"""Start a Space folder as Hugging Face would and report what it takes.

    python -m deploy.simulate [FOLDER] [--hardware cpu-basic|zero]

A new environment with the Space's requirements and the declared Gradio, a copy of the folder that cannot be written,
another working directory, an ordinary user, the platform's variables, no network; then one question through
`gradio_client` and one in a browser. What this machine cannot do is said, not left out in silence.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.common.cli import run
from corpus.common.settings import ROOT
from deploy.checks import read_head
from deploy.on_space import FRAMES
from deploy.sandbox import USER, Seen, SimulationError, Spec
from deploy.space import first_question

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@dataclass(frozen=True, slots=True)
class Environment:
    """An installed venv; size in megabytes (10^6 bytes), time in seconds."""

    python: Path
    version: str
    declared: str
    megabytes: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a simulated Space took and did."""

    hardware: str
    environment: Environment
    folder: float
    seen: Seen
    cut_off: bool

    def lines(self) -> str:
        """Return it in lines for a terminal."""
        env, seen = self.environment, self.seen
        other = "" if env.version.startswith(env.declared) else f" (not {env.declared}: none here)"
        network = "no network" if self.cut_off else "NETWORK OPEN (unshare refused)"
        question, kind, quote = seen.answer["question"], seen.answer["kind"], seen.answer["quotes"][0]["text"]
        return (
            f"simulated Space on {self.hardware}: Python {env.version}{other}, read-only code, user {seen.user}, "
            f"{network}\n"
            f"  installed   {env.megabytes:7.0f} MB in {env.seconds:.0f} s, and the folder {self.folder:.0f} MB\n"
            f"  cold start  {seen.cold_start:7.1f} s until the first page\n"
            f"  memory      {seen.peak_memory:7.0f} MB at most\n"
            f"  asked       {question!r}: {kind}, {quote!r}\n"
            f"  browser     shows the answer; requests to other hosts: {len(seen.foreign_requests)}\n"
        )


def simulate(space: Path, hardware: str, question: str = "", environment: Environment | None = None) -> Report:
    """Rehearse the Space in `space`, judge what was seen and return it.

    Raises:
        SimulationError: it cannot be installed, does not start, or breaks what Spaces ask of it.
        SpaceError: it does not answer.
    """
    if not (space / "README.md").is_file():
        raise SimulationError(f"no Space in {space}; write one first: make space")
    report = rehearse(space, hardware, question or first_question(space), environment)
    seen = report.seen
    if seen.foreign_requests:
        raise SimulationError(f"the page asked other hosts: {', '.join(seen.foreign_requests[:3])}")
    if FRAMES not in seen.frame_policy:
        raise SimulationError(f"Hugging Face could not show the page in its frame; its policy is {seen.frame_policy!r}")
    if hardware.startswith("zero") and not seen.zero_reports:
        raise SimulationError('ZeroGPU would stop it: "No @spaces.GPU function detected during startup"')
    return report


def rehearse(space: Path, hardware: str, question: str, environment: Environment | None = None) -> Report:
    """Start the Space, ask it and return what was seen; an environment installed for it already can be handed in.

    Raises:
        SimulationError: it cannot be installed, does not start or does not answer.
    """
    chromium = find_chromium()
    with tempfile.TemporaryDirectory(prefix="space-") as name:
        work = Path(name)
        work.chmod(0o755)  # the ordinary user passes through
        installed = environment or install(space, work / "venv")
        app, home = work / "app", work / "home"
        shutil.copytree(space, app)
        for path in [app, *app.rglob("*")]:  # nobody may write, so that an app that writes beside its code shows itself
            path.chmod(0o555 if path.is_dir() else 0o444)
        home.mkdir()
        if os.getuid() == 0:
            os.chown(home, USER, USER)
        apart = ["unshare", "--net"] if os.getuid() == 0 else ["unshare", "--net", "--map-root-user"]
        cut_off = shutil.which("unshare") is not None and _succeeds([*apart, "true"])
        spec = Spec(str(work), str(installed.python), hardware, question, chromium, cut_off)
        command = [*(apart if cut_off else []), sys.executable, "-m", "deploy.sandbox", json.dumps(asdict(spec))]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our module
    if done.returncode:
        raise SimulationError(done.stderr.strip().removeprefix("error: ") or f"exit code {done.returncode}")
    seen = Seen(**json.loads(done.stdout.splitlines()[-1]))
    return Report(hardware, installed, _megabytes(space), seen, cut_off)


def install(space: Path, where: Path) -> Environment:
    """Make a venv of the declared Python at `where`, install into it as the platform would, and return it.

    The call is the one in the build logs of Gradio Spaces (2026): the Space's requirements, Gradio of `sdk_version`
    with two extras, two servers' libraries and `spaces`, resolved together, so a clash shows here first.

    Raises:
        SimulationError: pip refuses; its last lines are in the message.
    """
    head = read_head(space / "README.md")
    declared, gradio = str(head["python_version"]), f"gradio[oauth,mcp]=={head['sdk_version']}"
    began = time.monotonic()
    _call([_interpreter(declared, where.with_name("python")), "-m", "venv", str(where)])
    python = where / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
    _call([*pip, "install", "--quiet", "--upgrade", "pip"])
    added = [gradio, "uvicorn>=0.14.0", "websockets>=10.4", "spaces"]
    _call([*pip, "install", "--quiet", "-r", str(space / "requirements.txt"), *added])
    _call([*pip, "check"])
    version = _call([str(python), "-c", "import platform; print(platform.python_version())"]).strip()
    return Environment(python, version, declared, _megabytes(where), time.monotonic() - began)


def find_chromium() -> str:
    """Return the path of a Chromium: the one `CHROMIUM` names, the system's, or Playwright's own.

    Raises:
        SimulationError: there is none.
    """
    candidates = [os.environ.get("CHROMIUM", ""), *(shutil.which(name) or "" for name in BROWSERS)]
    found = next((path for path in candidates if path and Path(path).is_file()), "")
    if not found:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            found = playwright.chromium.executable_path
    if not Path(found).is_file():
        raise SimulationError(
            "no Chromium found; install one (Debian, Ubuntu: apt-get install chromium; elsewhere: "
            ".venv/bin/playwright install chromium), or set CHROMIUM to its path"
        )
    return found


def _interpreter(declared: str, where: Path) -> str:
    """The declared Python where it is installed, else this one; copied to `where` if other users cannot reach it."""
    wanted = "python" + ".".join(declared.split(".")[:2])
    installed = (Path.home() / ".pyenv" / "versions").glob(f"*/bin/{wanted}")
    candidates = [path for path in (shutil.which(wanted), *map(str, sorted(installed))) if path]
    # A version manager's stand-in is found but does not run.
    python = next((path for path in candidates if _succeeds([path, "-c", ""])), sys.executable)
    prefix = Path(_call([python, "-c", "import sys; print(sys.base_prefix)"]).strip())
    if os.getuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in prefix.parents):
        return python
    shutil.copytree(prefix, where, symlinks=True)
    return str(where / "bin" / "python3")


def _megabytes(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 1e6


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 - our own arguments


def _call(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    if done.returncode:
        said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise SimulationError(f"{' '.join(command[:4])} … failed: {' / '.join(said[-4:])}")
    return done.stdout


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m deploy.simulate", description="Start a Space folder here.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "space", help="default: space/")
    parser.add_argument("--hardware", default="cpu-basic", choices=("cpu-basic", "zero"))
    parser.add_argument("--browser", action="store_true", help="only say which browser would be used")
    asked = parser.parse_args(arguments)
    said = f"browser: {find_chromium()}\n"
    if not asked.browser:
        said = simulate(asked.folder, asked.hardware).lines()
    sys.stdout.write(said)
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
