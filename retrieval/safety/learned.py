"""A second opinion learned from examples: what the phrases do not foresee, the sum of many words often tells.

Multinomial logistic regression (Hosmer & Lemeshow, Applied Logistic Regression, ch. 8) on the words and neighbouring
pairs of words of a message, each counted once and scaled by 1/sqrt(number of them). The weights stand in
`data/learned/*.json`, made by `python -m retrieval.safety.learn` from `examples/`, together with the threshold that
keeps false alarms rare in cross-validation. Reading them needs no library; judging takes microseconds.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from retrieval.safety.tokenise import Words

NONE = "none"  # the kind of a message that is nothing of the sort


@dataclass(frozen=True, slots=True)
class Opinion:
    """The likeliest kind other than `NONE`, and the probability that the message is of any of them."""

    kind: str
    probability: float


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by feature and kind; `kinds[0]` is `NONE`. `threshold` is the probability from which to believe it."""

    kinds: Sequence[str]
    bias: Sequence[float]
    weights: Mapping[str, Mapping[str, float]]
    threshold: float

    def opinion(self, words: Words) -> Opinion:
        """Judge one message."""
        found = features(words)
        scale = 1 / math.sqrt(len(found) or 1)
        scores = dict(zip(self.kinds, self.bias, strict=True))
        for feature in found:
            for kind, weight in self.weights.get(feature, {}).items():
                scores[kind] += weight * scale
        top = max(scores.values())
        odds = {kind: math.exp(score - top) for kind, score in scores.items()}
        likeliest = max(self.kinds[1:], key=odds.__getitem__)
        return Opinion(likeliest, 1 - odds[NONE] / sum(odds.values()))

    def believes(self, words: Words) -> str | None:
        """Return the kind of the message when the opinion is sure enough, else None."""
        opinion = self.opinion(words)
        return opinion.kind if opinion.probability > self.threshold else None


def features(words: Words) -> frozenset[str]:
    """Return the words and neighbouring pairs of the full reading; every number is "0"."""
    row = ["0" if word[0].isdigit() else word for word in words.full.split()]
    pairs = (f"{one} {two}" for one, two in pairwise(row))
    return frozenset([*(word for word in row if word not in ".?"), *pairs])


def load(path: Path) -> Model:
    """Read a model written by `retrieval.safety.learn`."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Model(stored["kinds"], stored["bias"], stored["weights"], stored["threshold"])
