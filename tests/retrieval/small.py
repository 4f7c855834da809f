"""Small indexes over the encoder one can check by hand (`tests.index.by_hand`)."""

from __future__ import annotations

from corpus.article import Article, Draft, Kind, Passage, Source, assemble
from corpus.splitter import split
from index.contents import Index
from retrieval.ranking.systems import index_in_memory
from tests.index import by_hand

TEXT = (
    ("Use", "Iron helps the blood. Beans hold much of it."),
    ("Food", "Eat beans with iron. Tea is not it."),
    ("Tea", "Tea lowers the uptake. It is safe for all."),
)


def article(sections: tuple[tuple[str, str], ...] = TEXT) -> Article:
    drafts = [d for h, p in sections for d in (Draft(Kind.HEADING, h, 2), Draft(Kind.PARAGRAPH, p))]
    return assemble("iron", Source("Iron"), drafts)


def passages(sections: tuple[tuple[str, str], ...] = TEXT) -> list[Passage]:
    return split(article(sections))


def index(sections: tuple[tuple[str, str], ...] = TEXT) -> Index:
    return index_in_memory([article(sections)], passages(sections), by_hand.encoder())
