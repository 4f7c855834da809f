"""Judgement: which passages are near, which sentence answers, and when not to answer."""

import os

# Before numpy is imported: what one question multiplies is too small for several threads, which then wait for each
# other (measured: docs/performance.md). Several questions are answered at once instead.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
