"""Start a Space's app as the platform does, ask it once through the API and once in a browser, measure, stop it.

python -m deploy.sandbox SPEC      (JSON; called by deploy.simulate, cut off from the network where that is possible)
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from corpus.common.cli import run
from corpus.common.errors import AskError
from deploy.checks import ask_chat, read_head
from deploy.on_space import free_port

START_SECONDS = 180
SHOWN_SECONDS = 30
USER = 1000  # the user id Hugging Face runs Spaces as


class SimulationError(AskError):
    """The Space folder does not start or does not answer as it would have to."""


@dataclass(frozen=True, slots=True)
class Spec:
    """What to start, and how: `work` holds the Space in `app`, and `home` for whoever runs it. Paths are absolute."""

    work: str
    python: str
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
    """Start, ask twice, measure, stop; return what was seen.

    Raises:
        SimulationError: it does not start or its page does not show the answer; the message has its own last lines.
        SpaceError: its API does not answer.
    """
    if spec.cut_off:
        _raise_loopback()
    port = 7860 if spec.cut_off else free_port()
    address = f"http://127.0.0.1:{port}"
    other: dict[str, Any] = {"user": USER, "group": USER, "extra_groups": []} if _may_switch() else {}
    app, home = Path(spec.work) / "app", Path(spec.work) / "home"
    head = read_head(app / "README.md")
    output = home / "output"
    with _zero_gpu() as (extra, posted), output.open("wb") as log:
        began = time.monotonic()
        process = subprocess.Popen(  # noqa: S603 - our own arguments
            [spec.python, str(app / str(head["app_file"]))],
            cwd=home,  # not the app's folder
            env=_environment(spec, str(head["title"]), port) | (extra if spec.hardware.startswith("zero") else {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            **other,
        )
        try:
            policy = _wait(address, process, output)
            cold = time.monotonic() - began
            answer = ask_chat(address, spec.question)
            foreign = _look(address, spec.question, answer, spec.chromium)
            return Seen(cold, _peak(process.pid), other.get("user", os.getuid()), answer, foreign, policy, len(posted))
        finally:
            process.terminate()
            process.wait(30)


def _environment(spec: Spec, title: str, port: int) -> dict[str, str]:
    """The variables of a Gradio Space, and none of ours."""
    return {
        "PATH": f"{Path(spec.python).parent}:/usr/bin:/bin",
        "LD_LIBRARY_PATH": str(Path(spec.python).resolve().parent.parent / "lib"),  # of a Python that was copied
        "HOME": f"{spec.work}/home",
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SYSTEM": "spaces",
        "SPACE_ID": "someone/ask-the-article",
        "SPACE_AUTHOR_NAME": "someone",
        "SPACE_REPO_NAME": "ask-the-article",
        "SPACE_TITLE": title,
        "SPACE_HOST": "someone-ask-the-article.hf.space",
        "GRADIO_SERVER_NAME": "0.0.0.0",  # noqa: S104 - as the platform sets it
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_NUM_PORTS": "1",
        "GRADIO_SSR_MODE": "true",
        "GRADIO_ALLOW_FLAGGING": "never",
    }


@contextmanager
def _zero_gpu() -> Iterator[tuple[dict[str, str], list[str]]]:
    """Yield the variables of a ZeroGPU Space and the list that fills with what it posts to the platform."""
    posted: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(self.path)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing: the list is the log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield (
            {"SPACES_ZERO_GPU": "true", "SPACES_ZERO_DEVICE_API_URL": f"http://127.0.0.1:{server.server_port}"},
            posted,
        )
        server.shutdown()


def _wait(address: str, process: subprocess.Popen[bytes], output: Path) -> str:
    """Wait for the first page as the platform does, and return its security policy."""
    deadline, what = time.monotonic() + START_SECONDS, f"no page after {START_SECONDS} s"
    while time.monotonic() < deadline:
        if process.poll() is not None:
            what = f"the app ended with exit code {process.returncode}"
            break
        try:
            with urllib.request.urlopen(address, timeout=10) as page:  # noqa: S310 - our own address
                return str(page.headers.get("content-security-policy", ""))
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    last = output.read_text(encoding="utf-8", errors="replace").splitlines()[-6:]
    raise SimulationError(f"{what}: {' / '.join(last)}")


def _look(address: str, question: str, answer: dict[str, Any], chromium: str) -> list[str]:
    """Ask in a browser, wait for quote and disclaimer, return requests that left for other hosts.

    Gradio's script tries to fetch fonts and a header from elsewhere when it runs on a Space; the page's security policy
    ("csp") stops these before they leave.
    """
    from playwright.sync_api import TimeoutError as Late
    from playwright.sync_api import sync_playwright

    wanted = [" ".join(text.split()) for text in (answer["quotes"][0]["text"], answer.get("disclaimer", "")) if text]
    requests: list[str] = []
    stopped: list[str] = []
    failures: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("requestfailed", lambda request: stopped.append(request.url) if request.failure == "csp" else None)
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(address)
        page.locator("textarea").first.fill(question)
        page.keyboard.press("Enter")
        shown = "text => document.body.innerText.replace(/\\s+/g, ' ').includes(text)"
        try:
            for text in wanted:
                page.wait_for_function(shown, arg=text, timeout=SHOWN_SECONDS * 1000)
        except Late as error:
            ends = " ".join(page.inner_text("body").split())[-300:]
            raise SimulationError(f"the page does not show {wanted!r}; it ends with {ends!r}") from error
        finally:
            browser.close()
    if failures:
        raise SimulationError(f"a script on the page failed: {failures[0]}")
    ours = urlsplit(address).netloc
    return [url for url in requests if urlsplit(url).netloc not in ("", ours) and url not in stopped]


def _peak(pid: int) -> float:
    """Most memory the process ever held, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


def _may_switch() -> bool:
    """Whether we are root and user 1000 exists for the kernel here: a user namespace may map root alone."""
    maps = Path("/proc/self/uid_map").read_text(encoding="ascii").split()
    known = (range(int(first), int(first) + int(count)) for first, count in zip(maps[::3], maps[2::3], strict=True))
    return os.getuid() == 0 and any(USER in users for users in known)


def _raise_loopback() -> None:
    """In a network of our own the loopback interface is still down."""
    set_flags, up_and_running = 0x8914, 0x41  # SIOCSIFFLAGS, IFF_UP | IFF_RUNNING
    with socket.socket() as control:
        fcntl.ioctl(control, set_flags, struct.pack("16sH14x", b"lo", up_and_running))


def main(arguments: list[str]) -> int:
    """Read the spec, write what was seen as one line of JSON."""
    sys.stdout.write(json.dumps(asdict(observe(Spec(**json.loads(arguments[0]))))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
