"""The one place where evaluation meets the real systems; everything else here takes a `Product`."""

from __future__ import annotations

import platform
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

import numpy as np
from tokenizers import Tokenizer

from corpus.article import Article, Passage
from corpus.common.settings import Settings
from corpus.splitter import Limits, split
from index.encoder.encode import Card, Encoder, Encoding, Role
from index.encoder.limits import limits
from index.encoder.weights import find_weights
from retrieval.answering.thresholds import Rule
from retrieval.evaluate.datasets import Build
from retrieval.evaluate.reading import AnswererOf
from retrieval.ranking.protocols import Answerer, Ranker
from retrieval.reader.sentence_reader import SentenceReader

LIBRARIES = ("ir-measures", "numpy", "scipy", "sentence-transformers", "torch", "bm25s", "faiss-cpu", "syntok")
KEPT = 256  # texts whose encoding is kept; a passage's token vectors take a few hundred kilobytes


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
    """Return the systems of this project; one encoder, loaded once, serves them all."""

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
    def caching() -> Encoder:
        return CachingEncoder(encoder())

    @cache
    def reader() -> SentenceReader | None:
        return reader_in_memory(encoder().card)

    @cache
    def rule() -> Rule:
        from retrieval.answering.thresholds import load_thresholds

        return load_thresholds(settings.index, encoder().card).without_bank

    def alone(article: Article) -> Answerer:
        return answerer_alone(article, caching(), reader(), rule(), settings.emergency_numbers)

    model = f"{settings.model} {settings.revision}".strip()
    return Product(
        lambda: limits(encoder()), full_and_baselines, reduced, answerer, alone, {**library_versions(), "model": model}
    )


def reader_in_memory(card: Card) -> SentenceReader | None:
    """The reader as an index would carry it; None where there is none for the model."""
    if not card.reader_layer:
        return None
    from index.building.reader_export import reader_onnx

    return SentenceReader(reader_onnx())


def answerer_alone(
    article: Article, encoder: Encoder, reader: SentenceReader | None, rule: Rule, numbers: str
) -> Answerer:
    """Answer from one article in memory, which has no question bank, as the product answers from a folder."""
    from retrieval.answerer import ArticleAnswerer
    from retrieval.answering.analysis import Analyser
    from retrieval.answering.suggestions import Suggestions
    from retrieval.ranking.systems import index_in_memory

    index = index_in_memory([article], split(article, limits(encoder)), encoder)
    nothing_offered = Suggestions([], np.empty((0, encoder.card.dim), dtype=np.float32), index)
    return ArticleAnswerer(Analyser(index, encoder, reader, bank=False), rule, nothing_offered, numbers)


class CachingEncoder(Encoder):
    """Encodes as another encoder does, each of the last `KEPT` texts once.

    Texts that differ in one sentence share most of their passages.
    """

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder.card, Tokenizer.from_str(encoder.tokenizer_json()), encoder.network)
        self._kept: OrderedDict[tuple[Role, str], Encoding] = OrderedDict()

    def encode(self, texts: Sequence[str], role: Role = "passage") -> list[Encoding]:
        """See `Encoder.encode`."""
        fresh = [text for text in dict.fromkeys(texts) if (role, text) not in self._kept]
        self._kept.update(((role, text), e) for text, e in zip(fresh, super().encode(fresh, role), strict=True))
        found = [self._kept[role, text] for text in texts]
        for text in texts:
            self._kept.move_to_end((role, text))
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found


def library_versions() -> dict[str, str]:
    """Return the versions figures depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}
