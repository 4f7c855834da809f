"""Whether this process may use enough memory, asked before anything large is imported.

Libraries in C++ and Rust end the process on the spot where memory is refused to them, with a crash or a page of their
own. So the limits that were set from outside (`ulimit`, a service manager) are held against what was measured to be
needed, and a process that would break is refused in one line. What is refused later, while it runs, is a `MemoryError`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from corpus.common.cli import run
from corpus.common.errors import SettingError

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Need:
    """Megabytes: of address space (`ulimit -v`) and of memory that is written to (`ulimit -d`)."""

    what: str
    address_space: int
    data: int


# With just these, every answer is right (tests/reliability/test_memory.py). What the packaged model and the first
# article take where there is no limit: 701 and 487, 1,164 and 583 once all is ready; a build took 3,083 and 2,136.
ASK = Need("answering", 700, 450)
SERVE = Need("serving", 1_100, 650)
BUILD = Need("building an index", 4_000, 2_600)


def start_with(need: Need) -> None:
    """End the process with one line and exit code 2 where it may not use enough."""

    def check(_: list[str]) -> int:
        check_memory(need)
        return 0

    if code := run(check):
        sys.exit(code)


def check_memory(need: Need) -> None:
    """Compare the limits of this process with a need; systems without such limits have enough.

    Raises:
        SettingError: a limit is too low; the message names both values and the remedy.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    for limit, option, least in (
        (resource.RLIMIT_AS, "-v", need.address_space),
        (resource.RLIMIT_DATA, "-d", need.data),
    ):
        allowed, _ = resource.getrlimit(limit)
        if allowed != resource.RLIM_INFINITY and allowed < least * MEGABYTE:
            raise SettingError(
                f"this process may use {allowed // MEGABYTE:,} MB of memory (ulimit {option}), {need.what} takes at "
                f"least {least:,} MB; run: ulimit {option} {least * 1024}, or unlimited"
            )
