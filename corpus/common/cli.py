"""The edge of every command: errors of ours become one line and exit code 2, once, here."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from corpus.common.errors import AskError

FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 130


def run(main: Callable[[list[str]], int]) -> int:
    """Run a command with the process's arguments and turn what went wrong into an exit code.

    An `AskError` is printed as one line on standard error, as is memory that ran out. A reader that closed the pipe
    (`… | head`) is no error. Anything else is a defect of ours and keeps its traceback.
    """
    try:
        return main(sys.argv[1:])
    except AskError as error:
        sys.stderr.write(f"error: {error}\n")
        return BAD_INPUT
    except MemoryError:
        sys.stderr.write("error: there is not enough memory for this; close other programs or raise the limit\n")
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The interpreter would complain once more while flushing at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
