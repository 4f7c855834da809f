"""Twins of an article: the same text less the sentences that answer a question, or with one sentence more.

A model can learn to tell a question that is not answered by its mere wording. It cannot where the same question is put
to two texts that differ in one sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from corpus.article import Article, Block, Draft, Kind, assemble
from retrieval.evaluate.golden import fold

_SILENT = (Kind.HEADING, Kind.QUESTION, Kind.BREAK)  # what says nothing by itself


@dataclass(frozen=True, slots=True)
class Insertion:
    """A sentence to put behind the sentence `after`, at the start of the first paragraph where that is empty."""

    after: str
    text: str


def stands(article: Article, sentence: str) -> bool:
    """Whether a sentence stands in one block of an article, white space and a leading list mark aside."""
    return any(_written(block, sentence) for block in _texts(article))


def without(article: Article, sentences: Iterable[str]) -> Article:
    """Return the article less every occurrence of the sentences; what is empty then goes altogether."""
    drafts = _drafts(article)
    for sentence in sorted(sentences, key=len, reverse=True):  # one may be part of another
        drafts = [replace(draft, text=_less(draft.text, sentence)) for draft in drafts]
    kept = [draft for draft in drafts if draft.text or draft.kind is Kind.BREAK]
    return assemble(article.id, article.source, kept)


def with_inserted(article: Article, insertion: Insertion) -> Article:
    """Return the article with one sentence more, put behind the first occurrence of the sentence named.

    Raises:
        ValueError: the article has no such sentence, or no paragraph.
    """
    drafts = _drafts(article)
    place = _place(drafts, insertion.after)
    text = drafts[place].text
    found = _written(text, insertion.after)
    end = text.index(found) + len(found)
    parts = (text[:end].strip(), " ".join(insertion.text.split()), text[end:].strip())
    drafts[place] = replace(drafts[place], text=" ".join(part for part in parts if part))
    return assemble(article.id, article.source, drafts)


def says_nothing(article: Article) -> bool:
    """Whether nothing but headings is left."""
    return all(block.kind in _SILENT for block in article.blocks)


def _place(drafts: list[Draft], after: str) -> int:
    """The draft to put a sentence into: what is said before what is merely above it."""
    said = [n for n, draft in enumerate(drafts) if draft.kind not in _SILENT]
    if not after:
        paragraphs = [n for n in said if drafts[n].kind is Kind.PARAGRAPH]
        found = paragraphs or said
    else:
        found = [n for n in (*said, *range(len(drafts))) if _written(drafts[n].text, after)]
    if not found:
        raise ValueError(after)
    return found[0]


def _drafts(article: Article) -> list[Draft]:
    return [Draft(block.kind, text, block.level) for block, text in zip(article.blocks, _texts(article), strict=True)]


def _texts(article: Article) -> list[str]:
    def text(block: Block) -> str:
        return article.text[block.start : block.end]

    return [text(block) for block in article.blocks]


def _written(text: str, sentence: str) -> str:
    """The sentence as a text of single blanks holds it; empty where it does not."""
    return next((form for form in (" ".join(sentence.split()), fold(sentence)) if form in text), "")


def _less(text: str, sentence: str) -> str:
    written = _written(text, sentence)
    return " ".join(text.replace(written, " ").split()) if written else text
