"""What speaks for and against answering a question, as a few numbers, and how they become one confidence.

The confidence is logistic (Platt 1999): 1 / (1 + exp(-(bias + Σ weight · feature))). Weights and thresholds are never
typed in; `python -m retrieval.evaluate.calibrate` fits them on questions with known answers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.bank_model import BankPrediction
from index.encoder.encode import Floats
from retrieval.answering.coverage import FAR, Word
from retrieval.ranking.maxsim import max_sim
from retrieval.ranking.search import Found

WITHOUT_BANK = ("topic", "late", "words", "strange", "far", "worst", "margin")
WITH_BANK = ("covered", "lead", "words", "strange", "margin")
READ = ("read",)  # beside either, where there is a reader
READ_MOST = 8.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """The features, by name.

    covered, taught, lead: what the bank says: covered at all, its best sentence, and by how much the nearest covered
    wording is nearer than the nearest that is not. topic: the best passage's score. late: how well the best sentence
    matches, token by token. words: the share of the question's content words that the article uses. strange: how many
    it does not use. far: how many of those have nothing near. worst: the best cosine of the worst of them. margin: how
    far the best sentence is ahead of the tenth. read: the logit of the reader's probability that its best sentence
    answers, between -READ_MOST and READ_MOST; 0 where there is no reader.
    """

    covered: float
    taught: float
    lead: float
    topic: float
    late: float
    words: float
    strange: float
    far: float
    worst: float
    margin: float
    read: float = 0.0

    def vector(self, names: Sequence[str]) -> list[float]:
        """The features named, in that order."""
        return [float(getattr(self, name)) for name in names]


def gather(found: Found, taught: BankPrediction | None, words: Sequence[Word], answers: Floats) -> Evidence:
    """Take the features of one question; `answers` (n,) are the probabilities of the sentences that were read."""
    unknown = [word for word in words if not word.used]
    scores = found.sentence_scores
    return Evidence(
        covered=taught.covered if taught else 0.0,
        taught=float(taught.sentences.max(initial=0.0)) if taught else 0.0,
        lead=taught.nearest_covered - taught.nearest_not if taught else 0.0,
        topic=float(found.scores[0]),
        late=float(max_sim(found.best, found.query.idf).max(initial=0.0)),
        words=1 - len(unknown) / max(1, len(words)),
        strange=min(3.0, float(len(unknown))),
        far=min(3.0, float(sum(word.best < FAR for word in unknown))),
        worst=min((word.best for word in unknown), default=1.0),
        margin=float(scores[0] - scores[min(9, len(scores) - 1)]),
        read=_logit(float(answers.max())) if len(answers) else 0.0,
    )


def _logit(probability: float) -> float:
    least = 1 / (1 + math.exp(READ_MOST))
    kept = min(1 - least, max(least, probability))
    return math.log(kept / (1 - kept))


def confidence(evidence: Evidence, weights: Mapping[str, float], bias: float) -> float:
    """From 0 to 1: how sure it is that the article answers."""
    total = bias + sum(
        weight * value for weight, value in zip(weights.values(), evidence.vector(list(weights)), strict=True)
    )
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))
