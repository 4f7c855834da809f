"""Puts every question to every system, once each, and keeps what is needed to judge it.

The systems stand in the inner loop: they see one question after the other, so whatever encodes it may keep the last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from tqdm import tqdm

from retrieval.evaluate.cases import Build, Corpus, Dataset, Question
from retrieval.ranking.protocols import Ranker, RankingResult

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Seen:
    """What one system did with one question: passage ids best first, the sentence it would show, how sure it is."""

    question: Question
    group: str
    ranked: tuple[str, ...]
    first: str
    sentence: str
    sentence_right: bool | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Stranger:
    """How sure a system was of a question from another article."""

    group: str
    confidence: float


@dataclass(frozen=True, slots=True)
class SystemRun:
    """All that one system did, in the order of the data set."""

    name: str
    seen: tuple[Seen, ...]
    strangers: tuple[Stranger, ...]

    @property
    def ranked(self) -> tuple[Seen, ...]:
        """The questions whose passages can be judged."""
        return tuple(s for s in self.seen if s.question.gold is not None)


def run_systems(dataset: Dataset, build: Build, *, progress: bool | None = None) -> tuple[SystemRun, ...]:
    """Index every corpus and ask; every corpus must give systems of the same names.

    `progress` None shows a bar where standard error is a terminal.
    """
    seen: dict[str, list[Seen]] = {}
    strangers: dict[str, list[Stranger]] = {}
    total = sum(len(c.questions) + len(c.strangers) for c in dataset.corpora)
    with tqdm(total=total, unit="question", disable=None if progress is None else not progress) as bar:
        for corpus in dataset.corpora:
            systems = build(corpus.articles, corpus.passages)
            _ask_own(dataset, corpus, systems, seen, bar)
            _ask_strangers(corpus, systems, strangers, bar)
    return tuple(SystemRun(name, tuple(looks), tuple(strangers.get(name, ()))) for name, looks in seen.items())


def _ask_own(
    dataset: Dataset, corpus: Corpus, systems: Mapping[str, Ranker], seen: dict[str, list[Seen]], bar: tqdm[NoReturn]
) -> None:
    k = min(DEPTH, len(corpus.passages))
    for question in corpus.questions:
        for name, system in systems.items():
            seen.setdefault(name, []).append(_seen(dataset, corpus, question, system.look(question.text, k)))
        bar.update()


def _ask_strangers(
    corpus: Corpus, systems: Mapping[str, Ranker], strangers: dict[str, list[Stranger]], bar: tqdm[NoReturn]
) -> None:
    k = min(DEPTH, len(corpus.passages))
    for question in corpus.strangers:
        for name, system in systems.items():
            strangers.setdefault(name, []).append(Stranger(corpus.group, system.look(question.text, k).confidence))
        bar.update()


def _seen(dataset: Dataset, corpus: Corpus, question: Question, look: RankingResult) -> Seen:
    return Seen(
        question,
        corpus.group,
        tuple(hit.passage.id for hit in look.hits),
        look.hits[0].passage.text if look.hits else "",
        look.sentence.text if look.sentence else "",
        dataset.sentence_right(question, look.sentence),
        look.confidence,
    )
