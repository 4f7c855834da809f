"""What a reader reaches on articles it never saw, by the best logit of each window."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import rankdata

from training.sources import Item

HALVES = (("as given", "twin"), ("contrast", "decoy"))


def figures(items: Sequence[Item], found: Sequence[tuple[float, bool]]) -> dict[str, dict[str, float]]:
    """By source: AUROCs (`as_given`, `balanced`, `with_without`, `contrast_decoy`), `paired`, `first_right`.

    For public sets `auroc` and `first_right`. `found` has for each item its best logit and whether that is right.
    """
    scores: dict[str, dict[str, dict[str, tuple[float, bool]]]] = {}
    for item, result in zip(items, found, strict=True):
        source = item.group.split(":")[0]
        scores.setdefault(source, {}).setdefault(item.kind, {})[item.id + item.group] = result
    return {source: _of(kinds) for source, kinds in sorted(scores.items())}


def _of(kinds: dict[str, dict[str, tuple[float, bool]]]) -> dict[str, float]:
    if "twin -" in kinds:
        values = {kind: np.array([score for score, _ in of.values()]) for kind, of in kinds.items()}
        both = [np.concatenate([values[f"{half[n]} {sign}"] for half in HALVES]) for n, sign in ((0, "+"), (1, "-"))]
        halves = [auroc(values[f"{a} +"], values[f"{b} -"]) for a, b in HALVES]
        out = {
            "as_given": auroc(values["as given +"], values["as given -"]),
            "balanced": auroc(*both),
            "with_without": halves[0],
            "contrast_decoy": halves[1],
            "paired": float(np.mean([_paired(kinds[f"{a} +"], kinds[f"{b} -"]) for a, b in HALVES])),
            "first_right": float(np.mean([right for _, right in kinds["as given +"].values()])),
        }
    else:
        yes = [r for kind, of in kinds.items() if kind.endswith("+") for r in of.values()]
        no = [r for kind, of in kinds.items() if kind.endswith("-") for r in of.values()]
        out = {"first_right": float(np.mean([right for _, right in yes])), "n": len(yes) + len(no)}
        if no:
            out["auroc"] = auroc(np.array([s for s, _ in yes]), np.array([s for s, _ in no]))
    return {name: round(value, 4) for name, value in out.items()}


def auroc(yes: np.ndarray, no: np.ndarray) -> float:
    """The chance that one of `yes` has the higher score than one of `no`; ties count half."""
    ranks = rankdata(np.concatenate([yes, no]))[: len(yes)]
    return float((ranks.sum() - len(yes) * (len(yes) + 1) / 2) / (len(yes) * len(no)))


def _paired(yes: dict[str, tuple[float, bool]], no: dict[str, tuple[float, bool]]) -> float:
    both = [(yes[key][0], no[key][0]) for key in yes.keys() & no.keys()]
    return float(np.mean([(a > b) + 0.5 * (a == b) for a, b in both]))
