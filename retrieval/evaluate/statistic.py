"""A statistic as a function of how often each unit was drawn, which is all a bootstrap needs to know.

A unit is what is resampled: an article with all its questions, or a single question. With weights of 1 for every unit
a statistic has its plain value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Units = npt.NDArray[np.int64]


class Statistic(Protocol):
    """A figure that can be recomputed for any draw of units."""

    def at(self, weights: Floats) -> Floats:
        """Return values of shape (draws,) for weights of shape (draws, units); nan where undefined."""
        ...


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over questions, held as sums and counts by unit, each of shape (units,)."""

    sums: Floats
    counts: Floats

    def at(self, weights: Floats) -> Floats:
        """Return the mean over the questions of the units drawn."""
        return _ratio(weights @ self.sums, weights @ self.counts)


@dataclass(frozen=True, slots=True)
class Undefined:
    """What a data set cannot measure."""

    def at(self, weights: Floats) -> Floats:
        """Return nan for every draw."""
        return np.full(len(weights), np.nan)


def mean_of(values: Floats, units: Units, n_units: int) -> Mean:
    """Return the mean of `values` (nan: this question does not count); `units` says where each belongs."""
    counts = ~np.isnan(values)
    sums = np.bincount(units[counts], values[counts], n_units)
    return Mean(sums.astype(np.float64), np.bincount(units[counts], minlength=n_units).astype(np.float64))


def plain(statistic: Statistic, n_units: int) -> float | None:
    """Return the value with every unit drawn once; None where it is undefined."""
    value = float(statistic.at(np.ones((1, n_units)))[0])
    return None if np.isnan(value) else value


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.full_like(below, np.nan), where=below > 0)
