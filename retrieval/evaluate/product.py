"""The one place where evaluation meets the real systems; everything else here takes a `Product`."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

import numpy as np

from corpus.article import Article, Passage
from corpus.common.settings import Settings
from corpus.splitter import Limits, split
from index.encoder.encode import Encoder
from index.encoder.limits import limits
from index.encoder.weights import find_weights
from retrieval.evaluate.cases import Build
from retrieval.evaluate.reading import AnswererOf
from retrieval.ranking.protocols import Answerer, Ranker

LIBRARIES = ("ir-measures", "numpy", "scipy", "sentence-transformers", "torch", "bm25s", "faiss-cpu", "syntok")


@dataclass(frozen=True, slots=True)
class Product:
    """What is evaluated; nothing is loaded before it is called, so that a broken file is named at once.

    `systems` and `ablations` index passages in memory and return rankers by name, `full` among them; `answerer` opens
    the product as people meet it, with its question bank (True) or without; `alone` answers from one article
    in memory that has no bank; `limits` are those of the encoder.
    """

    limits: Callable[[], Limits]
    systems: Build
    ablations: Build
    answerer: Callable[[bool], Answerer]
    alone: AnswererOf
    versions: Mapping[str, str]


def open_product(settings: Settings) -> Product:
    """Offer the systems of this project; one encoder, loaded once, serves them all."""

    @cache
    def encoder() -> Encoder:
        from index.building.torch_network import load_torch_encoder

        return load_torch_encoder(find_weights(settings.model, settings.revision))

    def full_and_baselines(articles: Sequence[Article], passages: Sequence[Passage]) -> Mapping[str, Ranker]:
        from retrieval.ranking.systems import systems

        return systems(articles, passages, encoder())

    def reduced(articles: Sequence[Article], passages: Sequence[Passage]) -> Mapping[str, Ranker]:
        from retrieval.ranking.systems import ablations

        return ablations(articles, passages, encoder())

    def answerer(bank: bool) -> Answerer:
        from retrieval.answerer import open_answerer

        return open_answerer(settings, bank=bank)

    @cache
    def remembering() -> Encoder:
        from retrieval.evaluate.remembering import Remembering

        return Remembering(encoder())

    def alone(article: Article) -> Answerer:
        return answerer_alone(article, remembering(), settings)

    model = f"{settings.model} {settings.revision}".strip()
    return Product(
        lambda: limits(encoder()), full_and_baselines, reduced, answerer, alone, {**library_versions(), "model": model}
    )


def answerer_alone(article: Article, encoder: Encoder, settings: Settings) -> Answerer:
    """Answer from one article in memory, which has no question bank, as the product answers from a folder.

    Raises:
        CalibrationError: there are no thresholds for the encoder's model.
    """
    from retrieval.answerer import ArticleAnswerer
    from retrieval.answering.analysis import Analyser
    from retrieval.answering.suggestions import Suggestions
    from retrieval.answering.thresholds import load_thresholds
    from retrieval.ranking.systems import index_in_memory

    index = index_in_memory([article], split(article, limits(encoder)), encoder)
    nothing_offered = Suggestions([], np.empty((0, encoder.card.dim), dtype=np.float32), index)
    rule = load_thresholds(settings.index, encoder.card).without_bank
    return ArticleAnswerer(Analyser(index, encoder, bank=False), rule, nothing_offered, settings.emergency_numbers)


def library_versions() -> dict[str, str]:
    """Return the versions figures depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}
