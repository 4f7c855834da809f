"""The vectors of the bank's wordings: most of a build's work, so those an earlier index holds are taken from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from corpus.bank import Asked
from index.contents import Index
from index.encoder.encode import Encoder, Floats

AT_ONCE = 256


def unknown_wordings(asked: Sequence[Asked], earlier: Index | None) -> list[str]:
    """The wordings that an earlier index does not hold, each once."""
    known = {a.question for a in earlier.bank.asked} if earlier else set()
    return list(dict.fromkeys(a.question for a in asked if a.question not in known))


def wording_vectors(
    asked: Sequence[Asked], encoder: Encoder, earlier: Index | None, progress: Callable[[int], object]
) -> Floats:
    """Return (len(asked), dim) unit rows; `progress` is told how many more wordings were encoded.

    `earlier` must be of the encoder's own card.
    """
    rows: dict[str, Floats] = {}
    if earlier and earlier.bank.asked:
        stored = earlier.bank.dense.rows(np.arange(len(earlier.bank.asked)))
        rows = {a.question: row for a, row in zip(earlier.bank.asked, stored, strict=True)}
    fresh = unknown_wordings(asked, earlier)
    for start in range(0, len(fresh), AT_ONCE):
        part = fresh[start : start + AT_ONCE]
        rows.update((text, e.vector) for text, e in zip(part, encoder.encode(part, "query"), strict=True))
        progress(len(part))
    nothing = np.empty((0, encoder.card.dim), dtype=np.float32)
    return np.concatenate([nothing, *(rows[a.question][None, :] for a in asked)])
