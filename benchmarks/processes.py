"""Whole processes, measured from outside: seconds until an answer or a first page, and the most memory they held."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.common.settings import ROOT

PATIENCE = 180.0
QUESTION = "What are the symptoms of low magnesium?"


@dataclass(frozen=True, slots=True)
class Taken:
    """Wall and processor seconds, and the peak of resident memory in MB."""

    seconds: float
    cpu_seconds: float
    megabytes: float


def run_once(arguments: Sequence[str]) -> Taken:
    """Run `python ARGUMENTS` to its end."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(arguments))
    return Taken(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000)


def result_of(module: str, *arguments: str) -> dict[str, Any]:
    """What a module of ours, run in a process of its own, writes as JSON."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout))


@contextmanager
def serving(arguments: Sequence[str], port: int) -> Iterator[tuple[str, Taken]]:
    """A server process and what it took to its first HTTP 200; it is ended with the block."""
    environment = {**os.environ, "ASK_PORT": str(port), "ASK_RATE_PER_MINUTE": "0"}
    address = f"http://127.0.0.1:{port}"
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    ) as process:
        try:
            _await(address, process)
            yield address, Taken(time.perf_counter() - started, _cpu_seconds(process.pid), peak_megabytes(process.pid))
        finally:
            process.terminate()


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def peak_megabytes(pid: int | str = "self") -> float:
    """The most resident memory a process has held (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


def held_megabytes() -> float:
    """The resident memory this process holds now (Linux)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.perf_counter() + PATIENCE
    while time.perf_counter() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE) as response:
                if response.status == 200:
                    return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"{address} did not answer within {PATIENCE:.0f} s")
