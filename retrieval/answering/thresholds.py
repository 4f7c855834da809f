"""When to answer: the fitted weights of the confidence and the points at which it answers, or at least quotes.

They belong to one model and one version of the ranking. `retrieval/answering/thresholds.json` holds those of the
packaged model; `python -m retrieval.evaluate.calibrate` writes others beside an index, which then count for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.common.errors import CalibrationError
from index.encoder.encode import Card
from retrieval.ranking.search import RANKING_VERSION

SHIPPED = Path(__file__).with_name("thresholds.json")
FILE = "thresholds.json"
MEND = "run: python -m retrieval.evaluate.calibrate"


@dataclass(frozen=True, slots=True)
class Rule:
    """One fitted rule: `weights` by feature and `bias` give the confidence; from `answer_at` on it is an answer.

    Below it, what is found is quoted as related from `related_at` on (compared with the best passage's score).
    """

    weights: Mapping[str, float]
    bias: float
    answer_at: float
    related_at: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The rule for an article with a question bank and the one for an article without, and what they belong to."""

    model: str
    ranking: int
    with_bank: Rule
    without_bank: Rule
    chosen_on: str

    def to_json(self) -> str:
        """Return the thresholds as they are written."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


def model_key(card: Card) -> str:
    """What thresholds belong to: the weights themselves, the layers taken from them, and the reader's weights."""
    key = f"{card.weights[:16]}/{','.join(map(str, card.token_layers))}"
    return f"{key}/{card.reader[:16]}" if card.reader else key


def load_thresholds(index: Path, card: Card) -> Thresholds:
    """Read the thresholds beside an index, or else those shipped.

    Raises:
        CalibrationError: there are none for this model and ranking, or the file is broken.
    """
    own = index / FILE
    path = own if own.is_file() else SHIPPED
    try:
        found = _read(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CalibrationError(f"{path.name} cannot be read ({type(error).__name__}: {error}); {MEND}") from error
    key = model_key(card)
    if found.model != key:
        raise CalibrationError(
            f"the thresholds are for model {found.model}, the index is of {key} ({card.name}); {MEND}"
        )
    if found.ranking != RANKING_VERSION:
        raise CalibrationError(f"the thresholds are for ranking {found.ranking}, this is {RANKING_VERSION}; {MEND}")
    return found


def _read(data: dict[str, Any]) -> Thresholds:
    rules = {name: Rule(**data[name]) for name in ("with_bank", "without_bank")}
    return Thresholds(data["model"], data["ranking"], rules["with_bank"], rules["without_bank"], data["chosen_on"])
