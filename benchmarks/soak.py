"""Memory over many questions, in a process that does nothing else: it must not grow with them."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from benchmarks.processes import held_megabytes, result_of
from corpus.common.settings import read_settings
from index.open import open_index
from retrieval.answerer import answerer_of
from retrieval.answering.warm import warm
from retrieval.ranking.protocols import Answerer

SEED = 20


@dataclass(frozen=True, slots=True)
class Soaked:
    """Resident MB after each tenth of the questions, no two of which are the same."""

    questions: int
    megabytes: tuple[float, ...]


def soak_apart(questions: int) -> dict[str, object]:
    """Soak in a process of its own."""
    return result_of("benchmarks.soak", str(questions))


def soak(answerer: Answerer, wordings: Sequence[str], questions: int) -> Soaked:
    """Ask so many questions: wordings in a random order, each numbered."""
    chance = random.Random(SEED)
    held: list[float] = []
    for number in range(1, questions + 1):
        answerer.ask(f"{chance.choice(wordings)} {number}")
        if number * 10 // questions > len(held):
            held.append(round(held_megabytes(), 1))
    return Soaked(questions, tuple(held))


if __name__ == "__main__":
    settings = read_settings()
    opened = open_index(settings)
    warm(opened.encoder)  # as a server does
    wordings = [asked.question for asked in opened.index.bank.asked]
    sys.stdout.write(json.dumps(asdict(soak(answerer_of(opened, settings), wordings, int(sys.argv[1])))))
