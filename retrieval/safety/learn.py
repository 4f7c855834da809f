"""Learn the second opinions from the examples: `python -m retrieval.safety.learn`.

The threshold is chosen out of fold: the lowest probability at which at most `--false-alarms` of the other examples
would be taken for something else. Repeating it on the same examples gives the same files.
Needs scikit-learn, which serving does not.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.model_selection import StratifiedKFold  # type: ignore[import-untyped]

from retrieval.safety.emergency import SIGNS, may_be_told
from retrieval.safety.examples import EXAMPLES, read_examples
from retrieval.safety.learned import NONE, Model, features
from retrieval.safety.personal import DECISIONS, may_ask
from retrieval.safety.phrase_files import DATA
from retrieval.safety.tokenise import Words, read_words

_log = logging.getLogger(__name__)
_FOLDS = 10
_STRENGTH = 30.0  # inverse of the L2 penalty
_RARE = 2  # a feature seen in fewer examples is left out
_SMALL = 0.3  # a weight nearer zero is left out


@dataclass(frozen=True, slots=True)
class Task:
    """One model: the file of examples of its kinds, the files that are none of them, and when it may guess."""

    name: str
    kinds: Collection[str]
    kinds_from: str
    none_from: tuple[str, ...]
    may_guess: Callable[[Words], bool]


TASKS = (
    Task(
        "emergency",
        SIGNS,
        "emergencies.txt",
        ("informational.txt", "general.txt", "personal.txt", "smalltalk.txt", "injections.txt", "not_injections.txt"),
        may_be_told,
    ),
    Task(
        "personal",
        DECISIONS,
        "personal.txt",
        ("general.txt", "smalltalk.txt", "not_smalltalk.txt", "not_injections.txt"),
        may_ask,
    ),
)


def learn(task: Task, false_alarms: float) -> Model:
    """Return the model of `task`."""
    kinds, messages = _examples(task)
    threshold = _choose_threshold(task, kinds, messages, false_alarms)
    columns, model = _fit(kinds, messages)
    order = [NONE, *sorted(set(kinds) - {NONE})]
    rows = [list(model.classes_).index(kind) for kind in order]
    weights = {
        feature: {
            kind: round(float(model.coef_[row, column]), 2)
            for kind, row in zip(order, rows, strict=True)
            if abs(model.coef_[row, column]) >= _SMALL
        }
        for feature, column in sorted(columns.vocabulary_.items())
    }
    return Model(
        kinds=order,
        bias=[round(float(model.intercept_[row]), 3) for row in rows],
        weights={feature: found for feature, found in weights.items() if found},
        threshold=round(threshold, 3),
    )


def _examples(task: Task) -> tuple[list[str], list[str]]:
    labelled = [(kind, text) for kind, text in read_examples(EXAMPLES / task.kinds_from) if kind in task.kinds]
    plain = [(NONE, text) for name in task.none_from for _, text in read_examples(EXAMPLES / name)]
    kinds, messages = zip(*labelled, *plain, strict=True)
    return list(kinds), list(messages)


def _fit(kinds: Sequence[str], messages: Iterable[str]) -> tuple[DictVectorizer, LogisticRegression]:
    rows = [_row(text) for text in messages]
    seen = Counter(feature for row in rows for feature in row)
    kept = [{feature: value for feature, value in row.items() if seen[feature] >= _RARE} for row in rows]
    columns = DictVectorizer()
    counts = Counter(kinds)
    even = (len(kinds) - counts[NONE]) and counts[NONE] / (len(kinds) - counts[NONE])
    balance = [1.0 if kind == NONE else even for kind in kinds]
    model = LogisticRegression(C=_STRENGTH, max_iter=5000)
    model.fit(columns.fit_transform(kept), kinds, sample_weight=balance)
    return columns, model


def _row(text: str) -> dict[str, float]:
    found = features(read_words(text))
    return dict.fromkeys(found, 1 / (len(found) or 1) ** 0.5)


def _choose_threshold(task: Task, kinds: Sequence[str], messages: Sequence[str], false_alarms: float) -> float:
    probability = _out_of_fold(kinds, messages) * [task.may_guess(read_words(text)) for text in messages]
    calm = np.array([kind == NONE for kind in kinds])
    threshold = _quantile(probability[calm], 1 - false_alarms)
    _log.info(
        "%s: %d examples; out of fold %.3f caught at threshold %.3f, %.4f of the others taken for it",
        task.name, len(kinds), float((probability[~calm] > threshold).mean()), threshold,
        float((probability[calm] > threshold).mean()),
    )  # fmt: skip
    return threshold


def _out_of_fold(kinds: Sequence[str], messages: Sequence[str]) -> NDArray[np.float64]:
    probability = np.zeros(len(kinds))
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    for learned, judged in folds.split(messages, [kind == NONE for kind in kinds]):
        columns, model = _fit([kinds[i] for i in learned], [messages[i] for i in learned])
        given = model.predict_proba(columns.transform([_row(messages[i]) for i in judged]))
        probability[judged] = 1 - given[:, list(model.classes_).index(NONE)]
    return probability


def _quantile(values: NDArray[np.float64], share: float) -> float:
    return float(np.quantile(values, share, method="higher"))


def write(model: Model, path: Path) -> None:
    """Write a model with one feature a line, so that a change can be read."""
    head = {"kinds": model.kinds, "bias": model.bias, "threshold": model.threshold}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    rows = [f"{json.dumps(feature, ensure_ascii=False)}: {json.dumps(w)}" for feature, w in model.weights.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{" + ",\n".join([*lines, '"weights": {' + ",\n".join(rows) + "}"]) + "}\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn and write all models."""
    parser = argparse.ArgumentParser(prog="python -m retrieval.safety.learn", description=__doc__)
    parser.add_argument("--false-alarms", type=float, default=0.006, help="share of the other examples (default 0.006)")
    parser.add_argument("--out", type=Path, default=DATA / "learned", help="folder to write to")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    for task in TASKS:
        write(learn(task, options.false_alarms), options.out / f"{task.name}.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
