"""What the question bank teaches: which sentences answer a question, and whether any does.

Kernel ridge regression (Saunders, Gammerman & Vovk 1998) from the wordings' vectors to their sentences, fitted in
closed form when an index is built: k(x, y) = exp(GAMMA · (cos(x, y) - 1)), weights = (K + RIDGE · I)⁻¹ Y. Column 0 of
Y is +1 for a covered wording and -1 for one that is not; column 1 + j is 1 where sentence j is a wording's best answer,
`ALSO` where it is a further one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.bank import Asked
from index.encoder.encode import Doubles, Floats

GAMMA = 3.0
RIDGE = 0.1
ALSO = 0.7
NAMES = ("weights", "targets", "covers")


@dataclass(frozen=True, slots=True)
class BankPrediction:
    """What the bank says of one question.

    `covered` is near 1 where the article answers and near -1 where it does not; `sentences` (n_targets,) says how much
    each of `BankModel.targets` answers it, near 1 for a sure answer; `nearest_covered` and
    `nearest_not` are the cosines of the nearest wordings of either kind, 0 where there is none.
    """

    covered: float
    sentences: Floats
    nearest_covered: float
    nearest_not: float


@dataclass(frozen=True, slots=True)
class BankModel:
    """Fitted weights: `wordings` (n, dim) unit rows, `weights` (n, 1 + n_targets), `targets` sentence numbers.

    `covers` (n,) says of each wording whether the article answers it.
    """

    wordings: Floats
    weights: Floats
    targets: NDArray[np.int64]
    covers: NDArray[np.bool_]

    @classmethod
    def fit(cls, wordings: Floats, bank: Sequence[Asked], sentence_number: dict[tuple[int, int], int]) -> BankModel:
        """Fit on the bank; `sentence_number` maps (passage, start) to the sentence's row in the index."""
        targets, wanted = _targets(bank, sentence_number)
        if not bank:
            return cls(wordings, np.empty((0, 1), np.float32), targets, np.empty(0, bool))
        gram = _kernel(wordings, wordings)
        weights = np.linalg.solve(gram + RIDGE * np.eye(len(gram)), wanted)
        covers = np.array([bool(asked.sentences) for asked in bank])
        return cls(wordings, weights.astype(np.float32), targets, covers)

    def __len__(self) -> int:
        return len(self.wordings)

    def predict(self, vector: Floats) -> BankPrediction:
        """Say what the bank teaches of a question's vector (dim,)."""
        cosines = self.wordings @ vector
        out = np.exp(GAMMA * (cosines - 1)) @ self.weights
        return BankPrediction(
            covered=float(out[0]),
            sentences=np.asarray(out[1:], dtype=np.float32),
            nearest_covered=float(cosines[self.covers].max(initial=0.0)),
            nearest_not=float(cosines[~self.covers].max(initial=0.0)),
        )

    def save(self, root: Path) -> None:
        """Write three plain numpy files; the wordings' vectors lie in FAISS."""
        for name in NAMES:
            np.save(root / f"bank-{name}.npy", getattr(self, name), allow_pickle=False)

    @classmethod
    def load(cls, root: Path, wordings: Floats) -> BankModel:
        """Read them."""
        return cls(wordings, *(np.load(root / f"bank-{name}.npy", allow_pickle=False) for name in NAMES))


def _kernel(a: Floats, b: Floats) -> Doubles:
    return np.exp(GAMMA * (a.astype(np.float64) @ b.T.astype(np.float64) - 1))


def _targets(bank: Sequence[Asked], number: dict[tuple[int, int], int]) -> tuple[NDArray[np.int64], Doubles]:
    """Which sentences are pointed at at all, and the matrix Y above."""
    rows = [[number[passage, sentence.start] for passage, sentence in asked.sentences] for asked in bank]
    targets = np.array(sorted({row for each in rows for row in each}), dtype=np.int64)
    column = {int(row): 1 + j for j, row in enumerate(targets)}
    wanted = np.zeros((len(bank), 1 + len(targets)))
    for n, each in enumerate(rows):
        wanted[n, 0] = 1 if each else -1
        for place, row in enumerate(each):
            wanted[n, column[row]] = 1 if place == 0 else ALSO
    return targets, wanted
