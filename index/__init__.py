"""Vectors and words: the encoder, what is looked up fast, and the folder on disk that holds it."""

import os

# Before numpy is imported, and nothing below this package imports it: what one question multiplies is too small for
# several threads, which then wait for each other (measured: docs/performance.md). Several are answered at once instead.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
