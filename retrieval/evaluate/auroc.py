"""Area under the ROC curve: how well confidence tells questions to be answered from others.

It is how often one of the first gets a higher confidence than one of the second. Equal to the Mann–Whitney statistic,
ties counting one half (Hanley & McNeil 1982, Radiology 143:29–36). Pairs are counted between all articles at once,
since one threshold serves them all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.evaluate.statistic import Floats, Units


@dataclass(frozen=True, slots=True)
class Auroc:
    """Wins of positives of unit i over negatives of unit j, shape (units, units), and counts of both by unit."""

    wins: Floats
    positives: Floats
    negatives: Floats

    def at(self, weights: Floats) -> Floats:
        """Return the area over the questions of the units drawn."""
        won: Floats = ((weights @ self.wins) * weights).sum(axis=1)
        pairs: Floats = (weights @ self.positives) * (weights @ self.negatives)
        return np.divide(won, pairs, out=np.full_like(pairs, np.nan), where=pairs > 0)


def auroc_of(positive: Floats, positive_units: Units, negative: Floats, negative_units: Units, n_units: int) -> Auroc:
    """Count the wins of `positive` over `negative` confidences, unit by unit; all arrays are one-dimensional."""
    wins = np.zeros((n_units, n_units))
    for unit in np.unique(positive_units):
        own = np.sort(positive[positive_units == unit])
        below = np.searchsorted(own, negative, side="left")
        not_above = np.searchsorted(own, negative, side="right")
        won = len(own) - (below + not_above) / 2  # those above, and half of those equal
        wins[unit] = np.bincount(negative_units, won, n_units)
    return Auroc(wins, _counts(positive_units, n_units), _counts(negative_units, n_units))


def _counts(units: Units, n_units: int) -> Floats:
    return np.bincount(units, minlength=n_units).astype(np.float64)
