"""Late interaction: MaxSim of ColBERT (Khattab & Zaharia 2020, arXiv:2004.12832) over stretches of tokens.

For each token of the question the best cosine among the tokens of a stretch (a sentence, a passage, a word), and the
weighted mean of these.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.encoder.encode import Floats

Rows = NDArray[np.int64]


def best_within(cosines: Floats, starts: Rows, ends: Rows) -> Floats:
    """The greatest of the rows from each start to its end, by column; -1 where there is no row.

    `cosines` has one row more than there are tokens (`index.tokens`): numpy takes no end beyond the last row.
    """
    if len(starts) == 0:
        return np.empty((0, cosines.shape[1]), dtype=np.float32)
    best = np.maximum.reduceat(cosines, np.column_stack([starts, ends]).ravel(), axis=0)[::2]
    best[starts >= ends] = -1
    return best


def best_between(cosines: Floats, starts: Rows) -> Floats:
    """The same for stretches that follow each other: each ends where the next starts, the last at the last token."""
    best = np.maximum.reduceat(cosines, starts, axis=0)
    best[starts == np.append(starts[1:], len(cosines) - 1)] = -1
    return best


def max_sim(best: Floats, weights: Floats) -> Floats:
    """The weighted mean over the question's tokens of their best cosines: (n, n_tokens) and (n_tokens,) to (n,)."""
    return np.asarray((best * weights).sum(axis=1) / max(float(weights.sum()), 1e-9), dtype=np.float32)
