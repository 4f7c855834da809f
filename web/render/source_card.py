"""“Why this?”: how sure the product is, and the passages it looked at with the matched words underlined.

Numbers are said in words; no similarity is ever shown to people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from corpus.article import Article
from retrieval.result import Answer, SourceHit
from web import page_texts as texts
from web.render.escaping import esc
from web.render.places import Span, locate

Mark = tuple[int, int, str]  # start and end inside the text, and the element's name


def why(answer: Answer, articles: Sequence[Article]) -> str:
    """Return the folded part under an answer; nothing where there are no sources."""
    if not answer.sources:
        return ""
    sources = "".join(_source(source, answer, articles) for source in answer.sources)
    return (
        f'<details class="why"><summary>{esc(texts.WHY)}</summary>'
        f'<p class="certainty"><strong>{esc(texts.HOW_SURE)}</strong> {esc(certainty(answer.confidence))}</p>'
        f'<p class="small">{esc(texts.SOURCES)}</p><ol class="sources">{sources}</ol></details>'
    )


def _source(source: SourceHit, answer: Answer, articles: Sequence[Article]) -> str:
    place = locate(source, articles)
    heading = esc(source.heading or source.article)
    title = f'<a class="place" href="#{place.address}">{heading}</a>' if place else heading
    words = strength(source, answer)
    match = f' <span class="strength">{esc(words)}</span>' if words else ""
    return (
        f'<li><p class="source-head" dir="auto">{title}{match}</p>'
        f'<p class="source-text" dir="auto">{_passage(source, answer)}</p></li>'
    )


def _passage(source: SourceHit, answer: Answer) -> str:
    if len(source.passage) != source.end - source.start:
        return esc(source.passage)  # not the span it claims: shown, but nothing in it can be pointed at
    marks = [(q.start, q.end, "mark") for q in answer.quotes if _inside(q, source)]
    marks += [(m.start, m.end, "u") for m in answer.matches if _inside(m, source)]
    return decorate(source.passage, [(a - source.start, b - source.start, name) for a, b, name in marks])


def _inside(span: Span, source: SourceHit) -> bool:
    return span.article == source.article and source.start <= span.start and span.end <= source.end


def decorate(text: str, marks: Iterable[Mark]) -> str:
    """Return text with elements around spans, which may overlap: each piece is in all that cover it."""
    marks = list(marks)
    edges = sorted({0, len(text), *(a for a, _, _ in marks), *(b for _, b, _ in marks)})
    out = []
    for a, b in pairwise(edges):
        names = sorted({name for start, end, name in marks if start <= a and b <= end})
        out.append("".join(f"<{n}>" for n in names) + esc(text[a:b]) + "".join(f"</{n}>" for n in reversed(names)))
    return "".join(out)


def certainty(confidence: float) -> str:
    """Return how sure the product is, in words; `confidence` runs from 0 to 1."""
    return _step(texts.CERTAINTY, confidence)


def strength(source: SourceHit, answer: Answer) -> str:
    """Return how much of the question a source answers to, in words.

    Each question word counts by the best similarity it found in this source, and not at all where it found none; the
    share is their mean over all words matched anywhere and those no passage accounts for. The text is empty where no
    word was matched at all.
    """
    return _step(texts.STRENGTH, _share(source, answer)) if answer.matches else ""


def _share(source: SourceHit, answer: Answer) -> float:
    words = {m.word for m in answer.matches} | set(answer.uncovered)
    found: dict[str, float] = {}
    for match in answer.matches:
        if _inside(match, source):
            found[match.word] = max(found.get(match.word, 0.0), match.similarity)
    return sum(found.values()) / len(words)


def _step(steps: Sequence[tuple[float, str]], value: float) -> str:
    return next(words for least, words in steps if value >= least or least == 0.0)
