"""`python -m retrieval.evaluate`: see `retrieval.evaluate.subcommands`."""

import sys

from corpus.common.cli import run
from retrieval.evaluate.subcommands import main

if __name__ == "__main__":
    sys.exit(run(main))
