"""An `Answer` ▶ what the chatbot shows. Pure: equal answers give equal markup.

Each kind has its own card, told apart by a label and an edge, never by colour alone. The chatbot's sanitiser keeps
classes, ids, roles and links but drops `data-*` and `aria-*`, so places travel as links and labels as unseen words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress, groupby

from corpus.article import Article
from retrieval.result import Answer, AnswerKind, Quote
from web import page_texts as texts
from web.render.escaping import esc, hidden
from web.render.places import Place, locate
from web.render.source_card import why

LOUD = 80  # characters that can be set large
_LISTED = re.compile(r"(?:\d+\.|-) ")
_QUOTED = (AnswerKind.ANSWER, AnswerKind.RELATED, AnswerKind.PERSONAL)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the renderer must know beside the answer: the articles on the page, the numbers to call, feedback or not."""

    articles: Sequence[Article]
    emergency_numbers: str
    feedback: bool = False


def question_html(question: str) -> str:
    """What the person typed, as the heading of its answer."""
    words = question.strip() or texts.NOTHING_TYPED
    return f'<h2 class="asked">{hidden(texts.YOU_ASKED)} <bdi>{esc(words)}</bdi></h2>'


def answer_html(answer: Answer, shown: Shown) -> str:
    """The card for one answer."""
    parts = (
        _call(answer, shown),
        _label(answer),
        _searched_for(answer),
        _lead(answer, shown),
        _quotes(answer, shown),
        _words(after(answer)),
        _uncovered(answer),
        _note(answer),
        why(answer, shown.articles),
        _suggestions(answer),
        _feedback(answer) if shown.feedback else "",
    )
    return f'<div class="answer kind-{answer.kind.value}">{"".join(parts)}</div>'


def spoken(answer: Answer, shown: Shown) -> str:
    """What a screen reader announces when the answer arrives, in reading order, without the folded part."""
    instruction = _instruction(answer, shown) if answer.kind is AnswerKind.EMERGENCY else ""
    call = [instruction.rstrip(".") + "."] if instruction else []
    quotes = [f"{texts.QUOTE.format(number=n)}: {q.text}" for n, q in enumerate(_shown_quotes(answer), start=1)]
    own = [line for line in lead(answer) if line != instruction]
    return " ".join([*call, *own, *quotes, *after(answer), answer.disclaimer]).strip()


def places(answer: Answer, articles: Sequence[Article]) -> list[Place]:
    """Where the quotes stand, in their order."""
    return [place for quote in _shown_quotes(answer) if (place := locate(quote, articles))]


def lead(answer: Answer) -> list[str]:
    """The lines of the answer's own words before its quotes; the page's words if there are none.

    What is said to one person is told apart from what is quoted, which is not about that person.
    """
    own = _own_lines(answer)[0]
    if own and answer.kind is AnswerKind.PERSONAL and answer.quotes and not own[-1].endswith(":"):
        own.append(texts.IN_GENERAL)
    return own or [texts.LEAD[answer.kind]]


def after(answer: Answer) -> list[str]:
    """The lines of the answer's own words after its quotes."""
    return _own_lines(answer)[1]


def _own_lines(answer: Answer) -> tuple[list[str], list[str]]:
    """The lines of the text that repeat no quote, nor the disclaimer: before the last of the quotes, and after it."""
    lines = [line for p in re.split(r"\n+", answer.text) if (line := p.strip())]
    quoted = [any(q.text in line for q in answer.quotes) for line in lines]
    end = len(lines) - quoted[::-1].index(True) if any(quoted) else len(lines)
    own = [not repeats and line != answer.disclaimer for line, repeats in zip(lines, quoted, strict=True)]
    return list(compress(lines[:end], own)), list(compress(lines[end:], own[end:]))


def _shown_quotes(answer: Answer) -> Sequence[Quote]:
    return answer.quotes if answer.kind in _QUOTED else ()


def _label(answer: Answer) -> str:
    label = texts.LABEL.get(answer.kind)
    return f'<p class="label">{esc(label)}</p>' if label else ""


def _call(answer: Answer, shown: Shown) -> str:
    """The call instruction comes first, before anything else is read."""
    if answer.kind is not AnswerKind.EMERGENCY:
        return ""
    numbers = re.findall(r"\+?\d[\d ]*\d", shown.emergency_numbers)
    links = "".join(
        f'<a class="call" href="tel:{esc(n.replace(" ", ""))}">{esc(texts.CALL_ONE.format(number=n))}</a>'
        for n in numbers
    )
    instruction = esc(_instruction(answer, shown))
    return f'<p class="call-now"><strong>{instruction}</strong></p><p class="calls">{links}</p>'


def _instruction(answer: Answer, shown: Shown) -> str:
    """The answer's own line that names the numbers where it has one of its own, so that it is not said twice."""
    own = (line for line in lead(answer) if shown.emergency_numbers in line and len(line) <= LOUD)
    return next(own, texts.CALL.format(numbers=shown.emergency_numbers))


def _searched_for(answer: Answer) -> str:
    if not answer.searched_for:
        return ""
    return f'<p class="small searched" dir="auto">{esc(texts.SEARCHED_FOR)} <bdi>{esc(answer.searched_for)}</bdi></p>'


def _lead(answer: Answer, shown: Shown) -> str:
    said = _instruction(answer, shown) if answer.kind is AnswerKind.EMERGENCY else ""
    return _words(line for line in lead(answer) if line != said)


def _words(lines: Iterable[str]) -> str:
    """Lines as paragraphs; those next to each other that open with "1. " or "- " as one list."""
    groups = groupby(lines, key=_list_kind)
    return "".join(_list(tag, list(rows)) if tag else "".join(map(_paragraph, rows)) for tag, rows in groups)


def _list_kind(line: str) -> str:
    mark = _LISTED.match(line)
    return "" if mark is None else "ul" if mark[0] == "- " else "ol"


def _list(tag: str, lines: Sequence[str]) -> str:
    items = "".join(f'<li dir="auto">{esc(_LISTED.sub("", line))}</li>' for line in lines)
    return f'<{tag} class="lead steps">{items}</{tag}>'


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


def _uncovered(answer: Answer) -> str:
    """The words nothing was found on, unless the answer's own words name them."""
    if answer.kind is not AnswerKind.NOT_COVERED or all(word in answer.text for word in answer.uncovered):
        return ""
    words = "".join(f"<li><bdi>{esc(word)}</bdi></li>" for word in answer.uncovered)
    return f'<div class="uncovered"><p>{esc(texts.NOTHING_ON)}</p><ul>{words}</ul></div>'


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
