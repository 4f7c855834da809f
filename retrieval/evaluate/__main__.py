"""`python -m retrieval.evaluate`: see `retrieval.evaluate.command`."""

import sys

from corpus.common.cli import run
from retrieval.evaluate.command import main

if __name__ == "__main__":
    sys.exit(run(main))
