"""An `Answer` ▶ what the chatbot shows. Pure: equal answers give equal markup.

Each kind has its own card, told apart by a label and an edge, never by colour alone. The chatbot's sanitiser keeps
classes, ids, roles and links but drops `data-*` and `aria-*`, so places travel as links and labels as unseen words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.article import Article
from retrieval.result import Advice, Answer, AnswerKind, Quote
from web import page_texts as texts
from web.render.escaping import esc, hidden
from web.render.places import Place, locate
from web.render.source_card import why

_QUOTED = (AnswerKind.ANSWER, AnswerKind.RELATED, AnswerKind.PERSONAL)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the renderer must know beside the answer: the articles on the page, feedback or not."""

    articles: Sequence[Article]
    feedback: bool = False


def question_html(question: str) -> str:
    """What the person typed, as the heading of its answer."""
    words = question.strip() or texts.NOTHING_TYPED
    return f'<h2 class="asked">{hidden(texts.YOU_ASKED)} <bdi>{esc(words)}</bdi></h2>'


def answer_html(answer: Answer, shown: Shown) -> str:
    """The card for one answer."""
    parts = (
        _call(answer),
        _label(answer),
        _searched_for(answer),
        _lead(answer),
        _quotes(answer, shown),
        *map(_advice, answer.advice),
        _note(answer),
        why(answer, shown.articles),
        _suggestions(answer),
        _feedback(answer) if shown.feedback else "",
    )
    return f'<div class="answer kind-{answer.kind.value}">{"".join(parts)}</div>'


def spoken(answer: Answer) -> str:
    """What a screen reader announces when the answer arrives, in reading order, without the folded part."""
    quotes = [f"{texts.QUOTE.format(number=n)}: {q.text}" for n, q in enumerate(_shown_quotes(answer), start=1)]
    advice = [line for piece in answer.advice for line in piece.lines]
    return " ".join([*lead(answer), *quotes, *advice, answer.disclaimer]).strip()


def places(answer: Answer, articles: Sequence[Article]) -> list[Place]:
    """Where the quotes stand, in their order."""
    return [place for quote in _shown_quotes(answer) if (place := locate(quote, articles))]


def lead(answer: Answer) -> list[str]:
    """What is said before the quotes: the answer's own words, or the page's where it has none.

    What is said to one person is told apart from what is quoted, which is not about that person.
    """
    in_general = [texts.IN_GENERAL] if answer.kind is AnswerKind.PERSONAL and answer.quotes else []
    return [answer.lead or texts.LEAD[answer.kind], *in_general]


def _shown_quotes(answer: Answer) -> Sequence[Quote]:
    return answer.quotes if answer.kind in _QUOTED else ()


def _label(answer: Answer) -> str:
    label = texts.LABEL.get(answer.kind)
    return f'<p class="label">{esc(label)}</p>' if label else ""


def _call(answer: Answer) -> str:
    """The call instruction of an emergency and the numbers to call, before anything else is read."""
    if answer.kind is not AnswerKind.EMERGENCY:
        return ""
    links = "".join(
        f'<a class="call" href="tel:{esc(n.replace(" ", ""))}">{esc(texts.CALL_ONE.format(number=n))}</a>'
        for n in answer.numbers
    )
    instruction = " ".join(lead(answer))
    return f'<p class="call-now"><strong>{esc(instruction)}</strong></p><p class="calls">{links}</p>'


def _searched_for(answer: Answer) -> str:
    if not answer.searched_for:
        return ""
    return f'<p class="small searched" dir="auto">{esc(texts.SEARCHED_FOR)} <bdi>{esc(answer.searched_for)}</bdi></p>'


def _lead(answer: Answer) -> str:
    """The lead, unless it stands at the very top already."""
    return "" if answer.kind is AnswerKind.EMERGENCY else "".join(map(_paragraph, lead(answer)))


def _advice(piece: Advice) -> str:
    items = "".join(f'<li dir="auto">{esc(item)}</li>' for item in piece.items)
    tag = "ol" if piece.numbered else "ul"
    return _paragraph(piece.text) + (f'<{tag} class="lead steps">{items}</{tag}>' if items else "")


def _paragraph(line: str) -> str:
    return f'<p class="lead" dir="auto">{esc(line)}</p>'


def _quotes(answer: Answer, shown: Shown) -> str:
    return "".join(_quote(n, q, shown.articles) for n, q in enumerate(_shown_quotes(answer), start=1))


def _quote(number: int, quote: Quote, articles: Sequence[Article]) -> str:
    place = locate(quote, articles)
    badge = _badge(number, place)
    heading = f'<span class="quote-place" dir="auto">{esc(quote.heading or quote.article)}</span>'
    actions = _actions(number, place)
    source = f"“{quote.text}” — {' › '.join(dict.fromkeys(filter(None, (quote.article, quote.heading))))}"
    return (
        f'<figure class="quote">{badge}<blockquote dir="auto"><p>{esc(quote.text)}</p></blockquote>'
        f'<figcaption>{heading}<span class="actions">{actions}</span></figcaption>'
        f'<span class="copy-text" hidden>{esc(source)}</span></figure>'
    )


def _badge(number: int, place: Place | None) -> str:
    if place is None:
        return f'<span class="cite">{number}</span>'
    label = texts.SHOW_QUOTE.format(number=number)
    return f'<a class="cite place" href="#{place.address}" title="{esc(label)}">{hidden(label)}{_seen(str(number))}</a>'


def _actions(number: int, place: Place | None) -> str:
    show = f'<a class="place quiet" href="#{place.address}">{esc(texts.SHOW)}</a>' if place else ""
    copy = _button("do-copy", texts.COPY, texts.COPY_QUOTE.format(number=number))
    link = _button("do-link", texts.LINK, texts.LINK_TO_QUOTE.format(number=number)) if place else ""
    return show + copy + link


def _seen(words: str) -> str:
    return f'<span class="seen">{esc(words)}</span>'


def _button(name: str, label: str, spoken_label: str) -> str:
    return f'<button type="button" class="quiet {name}" title="{esc(spoken_label)}">{esc(label)}</button>'


def _note(answer: Answer) -> str:
    return f'<p class="disclaimer" role="note">{esc(answer.disclaimer)}</p>' if answer.disclaimer else ""


def _suggestions(answer: Answer) -> str:
    if not answer.suggestions:
        return ""
    title = esc(_suggestions_title(answer))
    return f'<div class="suggestions"><p class="small">{title}</p>{chips(answer.suggestions)}</div>'


def _suggestions_title(answer: Answer) -> str:
    if answer.kind in (AnswerKind.SMALLTALK, AnswerKind.INVALID):  # nothing was asked of the article yet
        return texts.SUGGESTIONS_FIRST
    answered = answer.quotes and answer.kind is not AnswerKind.RELATED
    return texts.SUGGESTIONS if answered else texts.SUGGESTIONS_INSTEAD


def chips(questions: Sequence[str]) -> str:
    """Questions to choose from; choosing one asks it."""
    items = "".join(f'<li><button type="button" class="chip" dir="auto">{esc(q)}</button></li>' for q in questions)
    return f'<ul class="chips">{items}</ul>'


def _feedback(answer: Answer) -> str:
    if not answer.quotes and answer.kind is not AnswerKind.NOT_COVERED:
        return ""
    buttons = "".join(
        f'<button type="button" class="quiet do-rate" value="{name}">{esc(label)}</button>'
        for name, label in texts.RATINGS.items()
    )
    return (
        f'<div class="feedback"><p class="small">{esc(texts.FEEDBACK)} {buttons}</p>'
        f'<p class="small stored">{esc(texts.FEEDBACK_STORED)}</p></div>'
    )
