"""Start a Space's app as the platform does, ask it once through the API and once in a browser, measure, stop it.

python -m deploy.inside SPEC.json      (called by deploy.simulate, cut off from the network where that is possible)
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.cli import run
from deploy.errors import SimulationError
from deploy.look import look
from deploy.zero_gpu import zero_gpu

START_SECONDS = 180
USER = 1000  # the user id Hugging Face runs Spaces as


@dataclass(frozen=True, slots=True)
class Spec:
    """What to start, and how. Paths are absolute."""

    app: str
    python: str
    home: str
    title: str
    hardware: str
    question: str
    chromium: str
    cut_off: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What was measured (seconds, megabytes of 10^6 bytes) and what the two questions brought."""

    cold_start: float
    peak_memory: float
    user: int
    answer: dict[str, Any]
    foreign_requests: list[str]
    frame_policy: str
    zero_reports: int


def observe(spec: Spec) -> Seen:
    """Start, ask twice, measure, stop.

    Raises:
        SimulationError: it does not start, does not answer, or answers wrongly; its own last lines are in the message.
    """
    if spec.cut_off:
        _raise_loopback()
    port = 7860 if spec.cut_off else _free_port()
    with zero_gpu() as (extra, posted):
        began = time.monotonic()
        process = _start(spec, port, extra if spec.hardware.startswith("zero") else {})
        try:
            address = f"http://127.0.0.1:{port}"
            headers = _wait(address, process, Path(spec.home) / "output")
            cold = time.monotonic() - began
            answer = _ask(address, spec.question)
            foreign = look(address, spec.question, answer, spec.chromium)
            policy = headers.get("content-security-policy", "")
            return Seen(cold, _peak(process.pid), _user(), answer, foreign, policy, len(posted))
        finally:
            process.terminate()
            process.wait(30)


def _environment(spec: Spec, port: int) -> dict[str, str]:
    """The variables of a Gradio Space, and none of ours."""
    return {
        "PATH": f"{Path(spec.python).parent}:/usr/bin:/bin",
        "LD_LIBRARY_PATH": str(Path(spec.python).resolve().parent.parent / "lib"),  # of a Python that was copied
        "HOME": spec.home,
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SYSTEM": "spaces",
        "SPACE_ID": "someone/ask-the-article",
        "SPACE_AUTHOR_NAME": "someone",
        "SPACE_REPO_NAME": "ask-the-article",
        "SPACE_TITLE": spec.title,
        "SPACE_HOST": "someone-ask-the-article.hf.space",
        "GRADIO_SERVER_NAME": "0.0.0.0",  # noqa: S104 - as the platform sets it
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_NUM_PORTS": "1",
        "GRADIO_SSR_MODE": "true",
        "GRADIO_ALLOW_FLAGGING": "never",
    }


def _start(spec: Spec, port: int, extra: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start in the home folder, not in the app's, and as an ordinary user where we may choose."""
    someone: dict[str, Any] = (
        {"user": USER, "group": USER, "extra_groups": []} if os.getuid() == 0 and _may_switch() else {}
    )
    with (Path(spec.home) / "output").open("wb") as output:
        return subprocess.Popen(  # noqa: S603 - our own arguments
            [spec.python, spec.app],
            cwd=spec.home,
            env={**_environment(spec, port), **extra},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **someone,
        )


def _may_switch() -> bool:
    """Whether user 1000 exists for the kernel here: a user namespace may map root alone."""
    maps = Path("/proc/self/uid_map").read_text(encoding="ascii").split()
    return any(int(first) <= USER < int(first) + int(count) for first, count in zip(maps[::3], maps[2::3], strict=True))


def _user() -> int:
    return USER if os.getuid() == 0 and _may_switch() else os.getuid()


def _wait(address: str, process: subprocess.Popen[bytes], output: Path) -> dict[str, str]:
    """Wait for the first page as the platform does, and return its headers in lower case."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SimulationError(f"the app ended with exit code {process.returncode}: {_last_lines(output)}")
        try:
            with urllib.request.urlopen(address, timeout=10) as page:  # noqa: S310 - our own address
                return {name.lower(): value for name, value in page.headers.items()}
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise SimulationError(f"no page after {START_SECONDS} s: {_last_lines(output)}")


def _last_lines(output: Path) -> str:
    return " / ".join(output.read_text(encoding="utf-8", errors="replace").splitlines()[-6:])


def _ask(address: str, question: str) -> dict[str, Any]:
    from gradio_client import Client

    answer = Client(address, verbose=False, analytics_enabled=False).predict(question, [], api_name="/ask")
    if not isinstance(answer, dict) or not answer.get("quotes"):
        raise SimulationError(f"the API did not answer {question!r} with a quote: {json.dumps(answer)[:300]}")
    return answer


def _peak(pid: int) -> float:
    """Most memory the process ever held, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


def _raise_loopback() -> None:
    """In a network of our own the loopback interface is still down."""
    set_flags, up_and_running = 0x8914, 0x41  # SIOCSIFFLAGS, IFF_UP | IFF_RUNNING
    with socket.socket() as control:
        fcntl.ioctl(control, set_flags, struct.pack("16sH14x", b"lo", up_and_running))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(arguments: list[str]) -> int:
    """Read the spec, write what was seen as one line of JSON."""
    spec = Spec(**json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    sys.stdout.write(json.dumps(asdict(observe(spec))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
