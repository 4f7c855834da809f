"""What is always there: the head with what this is and is not and the source card; and the welcome."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.article import Article
from web import page_texts as texts
from web.render.answer_card import chips
from web.render.article_pane import source_card, source_line
from web.render.escaping import esc


def head(articles: Sequence[Article]) -> str:
    """Title, what this is and is not, the sources, and the way to the article on a phone."""
    what = texts.WHAT_THIS_IS if len(articles) == 1 else texts.WHAT_THIS_IS_MANY.format(count=len(articles))
    return (
        f"<h1>{esc(texts.TITLE)}</h1>"
        f'<button type="button" id="open" class="solid" aria-expanded="false">{esc(texts.OPEN_ARTICLE)}</button>'
        f'<p class="what">{esc(what)}</p>{_sources(articles)}'
        f'<div class="unseen" role="status" aria-live="polite" id="say"></div>'
        f'<div class="unseen" role="alert" id="alarm"></div>'
    )


def _sources(articles: Sequence[Article]) -> str:
    """The source card, folded to its line; what it says of the source is seen even when folded."""
    brief = source_line(articles[0].source) if len(articles) == 1 else texts.SOURCES_MANY.format(count=len(articles))
    cards = "".join(
        f'<p class="source-title" dir="auto"><cite>{esc(a.title)}</cite></p>{source_card(a.source)}' for a in articles
    )
    summary = f'<summary><span class="source-line">{esc(brief)}</span> <span>{esc(texts.ABOUT_SOURCE)}</span></summary>'
    return f'<details class="source" id="source">{summary}<div class="source-cards">{cards}</div></details>'


def welcome(starters: Sequence[str]) -> str:
    """What an empty conversation shows."""
    questions = f'<p class="small">{esc(texts.STARTERS)}</p>{chips(starters)}' if starters else ""
    return f'<div class="welcome"><h2>{esc(texts.WELCOME)}</h2><p>{esc(texts.WELCOME_TEXT)}</p>{questions}</div>'


def busy() -> str:
    """Shown while an answer takes longer than a moment; the script fills in the question."""
    return (
        f'<div id="busy" hidden><span class="dots"></span> <span>{esc(texts.BUSY)}</span></div>'
        f'<div id="failed" role="alert" hidden>{esc(texts.FAILED)}</div>'
    )
