"""What is always there: the head with what this is and is not, the welcome, and the source in one line on a phone."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.article import Article
from web import texts
from web.markup import esc
from web.render_answer import chips
from web.render_article import source_line


def head(articles: Sequence[Article]) -> str:
    """Title, what this is and is not, the source in a line, and the way to the article on a phone."""
    what = texts.WHAT_THIS_IS if len(articles) == 1 else texts.WHAT_THIS_IS_MANY.format(count=len(articles))
    lines = "".join(
        f'<p class="source-brief" dir="auto"><cite>{esc(a.title)}</cite> <span>{esc(source_line(a.source))}</span></p>'
        for a in articles[:1]
    )
    return (
        f'<div class="top-text"><h1>{esc(texts.TITLE)}</h1><p class="what">{esc(what)}</p>{lines}</div>'
        f'<button type="button" id="open" class="solid" aria-expanded="false">{esc(texts.OPEN_ARTICLE)}</button>'
        f'<div class="unseen" role="status" aria-live="polite" id="say"></div>'
        f'<div class="unseen" role="alert" id="alarm"></div>'
    )


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
