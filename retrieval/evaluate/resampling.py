"""How sure a figure is: percentile intervals and paired comparisons by the bootstrap.

Efron & Tibshirani 1993, chapters 13 and 16. A unit is what is resampled: a whole article where there are several, since
questions of one article depend on each other (Davison & Hinkley 1997, 3.8), else a single question. A statistic is a
function of how often each unit was drawn; all are computed on the same draws, so that differences between systems are
paired. The seed is fixed: the same results give the same intervals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from index.encoder.encode import Doubles

Units = npt.NDArray[np.int64]

ROUNDS = 10_000
SEED = 1979
LEVEL = 0.95
_CELLS = 4_000_000

Key = TypeVar("Key")


class Statistic(Protocol):
    """A figure that can be recomputed for any draw of units."""

    def at(self, weights: Doubles) -> Doubles:
        """Return values of shape (draws,) for weights of shape (draws, units); nan where undefined."""
        ...


def ratio(above: Doubles, below: Doubles) -> Doubles:
    """Return `above / below`, nan where `below` is 0."""
    return np.divide(above, below, out=np.full_like(below, np.nan), where=below > 0)


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over questions, held as sums and counts by unit, each of shape (units,)."""

    sums: Doubles
    counts: Doubles

    def at(self, weights: Doubles) -> Doubles:
        """Return the mean over the questions of the units drawn."""
        return ratio(weights @ self.sums, weights @ self.counts)


@dataclass(frozen=True, slots=True)
class Undefined:
    """What a data set cannot measure."""

    def at(self, weights: Doubles) -> Doubles:
        """Return nan for every draw."""
        return np.full(len(weights), np.nan)


def mean_of(values: Doubles, units: Units, n_units: int) -> Mean:
    """Return the mean of `values` (nan: this question does not count); `units` says where each belongs."""
    counts = ~np.isnan(values)
    sums = np.bincount(units[counts], values[counts], n_units)
    return Mean(sums.astype(np.float64), np.bincount(units[counts], minlength=n_units).astype(np.float64))


def plain(statistic: Statistic, n_units: int) -> float | None:
    """Return the value with every unit drawn once; None where it is undefined."""
    value = float(statistic.at(np.ones((1, n_units)))[0])
    return None if np.isnan(value) else value


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95% interval; no interval where there is only one unit to draw from."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One system's figure less another's, its 95% interval, and the two-sided p of no difference."""

    difference: float
    low: float
    high: float
    p: float


class Bootstrap(Generic[Key]):
    """The named statistics, each computed on the same draws of `n_units` units."""

    def __init__(self, statistics: Mapping[Key, Statistic], n_units: int, rounds: int = ROUNDS) -> None:
        self._statistics = dict(statistics)
        self._n_units = n_units
        self._samples = _samples(self._statistics, n_units, rounds) if n_units > 1 else None

    def estimate(self, key: Key) -> Estimate | None:
        """Return the value and interval of one statistic; None where it is undefined."""
        statistic = self._statistics[key]
        value = plain(statistic, self._n_units)
        if value is None or self._samples is None:
            return None if value is None else Estimate(value, None, None)
        unanimous = _exact(statistic, value)
        low, high = unanimous or _percentiles(self._samples[key])
        return Estimate(value, low, high)

    def compare(self, key: Key, other: Key) -> Difference | None:
        """Return the first less the second; None where either is undefined or there is nothing to draw from."""
        value, against = (plain(self._statistics[k], self._n_units) for k in (key, other))
        if value is None or against is None or self._samples is None:
            return None
        differences = self._samples[key] - self._samples[other]
        low, high = _percentiles(differences)
        return Difference(value - against, low, high, _p(differences))


def _samples(statistics: Mapping[Key, Statistic], n_units: int, rounds: int) -> dict[Key, Doubles]:
    parts: dict[Key, list[Doubles]] = {key: [] for key in statistics}
    for weights in _draws(n_units, rounds):
        for key, statistic in statistics.items():
            parts[key].append(statistic.at(weights))
    return {key: np.concatenate(found) for key, found in parts.items()}


def _draws(n_units: int, rounds: int) -> Iterator[Doubles]:
    """Yield how often each unit was drawn, shape (some rounds, units); each row sums to `n_units`."""
    random = np.random.default_rng(SEED)
    step = max(1, _CELLS // n_units)
    for start in range(0, rounds, step):
        rows = min(step, rounds - start)
        drawn = random.integers(0, n_units, (rows, n_units)) + np.arange(rows)[:, None] * n_units
        yield np.bincount(drawn.ravel(), minlength=rows * n_units).reshape(rows, n_units).astype(np.float64)


def _percentiles(samples: Doubles) -> tuple[float, float]:
    """The middle 95%; draws in which the figure is undefined do not count."""
    edge = 50 * (1 - LEVEL)
    low, high = np.nanpercentile(samples, [edge, 100 - edge])
    return float(low), float(high)


def _p(differences: Doubles) -> float:
    """Twice the smaller share of draws on either side of no difference, the observed one counted in."""
    defined = differences[~np.isnan(differences)]
    tail = min(int((defined <= 0).sum()), int((defined >= 0).sum()))
    return min(1.0, 2 * (tail + 1) / (len(defined) + 1))


def _exact(statistic: Statistic, value: float) -> tuple[float, float] | None:
    """Clopper & Pearson's interval where all questions agree.

    Draws of equal values have no spread, yet 20 right of 20 prove little.

    Only where every unit is one question, for others hang together.
    """
    if not isinstance(statistic, Mean) or statistic.counts.max() > 1 or value not in (0.0, 1.0):
        return None
    n = int(statistic.counts.sum())
    interval = binomtest(round(value * n), n).proportion_ci(LEVEL, method="exact")
    return float(interval.low), float(interval.high)
