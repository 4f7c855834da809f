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
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.cli import run
from corpus.settings import ROOT
from deploy.browser import find_chromium
from deploy.environment import Environment, install, megabytes
from deploy.errors import SimulationError
from deploy.front_matter import read_head
from deploy.inside import USER, Seen, Spec
from deploy.on_space import FRAMES
from deploy.starters import first_question


@dataclass(frozen=True, slots=True)
class Report:
    """What a simulated Space took and did."""

    hardware: str
    environment: Environment
    folder: float
    seen: Seen
    cut_off: bool

    def lines(self) -> str:
        """For a terminal."""
        answer = self.seen.answer
        env, seen = self.environment, self.seen
        python = f"Python {env.version}" + (
            "" if env.version.startswith(env.declared) else f" (not {env.declared}: none here)"
        )
        limits = [
            "read-only code",
            f"user {seen.user}",
            "no network" if self.cut_off else "NETWORK OPEN (unshare refused)",
        ]
        return "\n".join(
            [
                f"simulated Space on {self.hardware}: {python}, {', '.join(limits)}",
                f"  installed   {env.megabytes:7.0f} MB in {env.seconds:.0f} s, and the folder {self.folder:.0f} MB",
                f"  cold start  {seen.cold_start:7.1f} s until the first page",
                f"  memory      {seen.peak_memory:7.0f} MB at most",
                f"  asked       {answer['question']!r}: {answer['kind']}, {answer['quotes'][0]['text']!r}",
                f"  browser     shows the answer; requests to other hosts: {len(seen.foreign_requests)}",
                "",
            ]
        )


def simulate(space: Path, hardware: str, question: str = "", environment: Environment | None = None) -> Report:
    """Rehearse the Space in `space` and judge what was seen.

    Raises:
        SimulationError: it cannot be installed, does not start, does not answer, or breaks what Spaces ask of it.
    """
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
    """Start the Space and ask it; an environment already installed for it can be handed in.

    Raises:
        SimulationError: it cannot be installed, does not start or does not answer.
    """
    chromium = find_chromium()
    with tempfile.TemporaryDirectory(prefix="space-") as name:
        work = Path(name)
        work.chmod(0o755)  # the ordinary user passes through
        installed = environment or install(space, work / "venv")
        head = read_head(space / "README.md")
        spec = Spec(
            app=str(_copy(space, work / "app") / str(head["app_file"])),
            python=str(installed.python),
            home=str(_home(work / "home")),
            title=str(head["title"]),
            hardware=hardware,
            question=question,
            chromium=chromium,
            cut_off=_can_cut_off(),
        )
        return Report(hardware, installed, megabytes(space), _observe(spec, work), spec.cut_off)


def _copy(space: Path, app: Path) -> Path:
    """A copy nobody may write, so that an app that writes beside its code shows itself."""
    shutil.copytree(space, app)
    for path in [app, *app.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    return app


def _home(home: Path) -> Path:
    home.mkdir()
    if os.getuid() == 0:
        os.chown(home, USER, USER)
    return home


def _cutting_off() -> list[str]:
    """The command that runs another without a network; root is only pretended where we are not root."""
    return ["unshare", "--net"] if os.getuid() == 0 else ["unshare", "--net", "--map-root-user"]


def _can_cut_off() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*_cutting_off(), "true"], capture_output=True, check=False).returncode == 0  # noqa: S603


def _observe(spec: Spec, work: Path) -> Seen:
    told = work / "spec.json"
    told.write_text(json.dumps(asdict(spec)), encoding="utf-8")
    command = [*(_cutting_off() if spec.cut_off else []), sys.executable, "-m", "deploy.inside", str(told)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if done.returncode:
        raise SimulationError(done.stderr.strip().removeprefix("error: ") or f"exit code {done.returncode}")
    return Seen(**json.loads(done.stdout.splitlines()[-1]))


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.simulate", description="Start a Space folder as Hugging Face would."
    )
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "space", help="default: space/")
    parser.add_argument("--hardware", default="cpu-basic", choices=("cpu-basic", "zero"))
    parser.add_argument("--question", default="", help="default: the first the page offers")
    asked = parser.parse_args(arguments)
    if not (asked.folder / "README.md").is_file():
        raise SimulationError(f"no Space in {asked.folder}; write one first: make space")
    sys.stdout.write(simulate(asked.folder, asked.hardware, asked.question).lines())
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
