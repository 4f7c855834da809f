"""What is asked and what counts as right, in one form for every data set.

A `Corpus` is what one index is built from, together with the questions put to it. `group` names the article the
questions hang on: intervals are drawn by resampling whole groups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from corpus.article import Article, Passage
from retrieval.ranking.protocols import Ranker
from retrieval.result import Quote

Span = tuple[int, int]
Build = Callable[[Sequence[Article], Sequence[Passage]], Mapping[str, Ranker]]
"""Index articles and passages in memory and return the systems to be measured on them, by name."""


class Recall(Enum):
    """What `recall@k` counts.

    ANY is the share of questions with a gold passage among the first k (TREC's success@k): where passages overlap or
    several hold the answer, one of them is enough. SHARE is the share of all gold documents among the first k, which
    is how BEIR defines recall. With one gold passage a question, the two are equal.
    """

    ANY = "any"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a data set.

    `gold` maps passage ids to grades above 0; None where ranking passages for it cannot be judged, while an empty one
    is a question no passage answers as a whole, which every system misses. `spans` are the accepted answers in the
    article's text, `accepted` what to show a person as the right answer. `answerable` is False where the article is
    known not to answer.
    """

    id: str
    text: str
    gold: Mapping[str, int] | None
    spans: tuple[Span, ...] = ()
    accepted: tuple[str, ...] = ()
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class Corpus:
    """What one index is built from, its questions, and `strangers`: questions of other articles."""

    group: str
    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]
    questions: tuple[Question, ...]
    strangers: tuple[Question, ...] = ()


def never_judged(question: Question, sentence: Quote | None) -> bool | None:  # noqa: ARG001 (the form of a SentenceJudge)
    """Judge no sentence, for data sets that say nothing about sentences."""
    return None


SentenceJudge = Callable[[Question, Quote | None], bool | None]
"""Whether the sentence shown (None: none was) is right; None where the data set does not say."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set ready to be run: its corpora and its rules of judgement."""

    name: str
    corpora: tuple[Corpus, ...]
    recall: Recall = Recall.ANY
    sentence_right: SentenceJudge = never_judged
    notes: tuple[str, ...] = ()
