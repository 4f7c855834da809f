"""What of the page is the same whatever is asked: its head, the welcome, and the articles beside the conversation.

Rendered once, when the page is built. An article has its source card, contents and every sentence in a place of its
own. A sentence is `<span class="s" data-article data-start data-end>`, which the
script finds by offset and marks. The words between and around sentences are shown to the letter.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby

from corpus.article import UNKNOWN, Article, Block, Kind, Sentence, Source
from corpus.splitter import split
from web import page_texts as texts
from web.render.answer_card import chips
from web.render.escaping import esc, hidden


def head(articles: Sequence[Article]) -> str:
    """Return title, what this is and is not, the sources, and the button that opens the article on a phone."""
    what = texts.WHAT_THIS_IS if len(articles) == 1 else texts.WHAT_THIS_IS_MANY.format(count=len(articles))
    return (
        f"<h1>{esc(texts.TITLE)}</h1>"
        f'<button type="button" id="open" class="solid" aria-expanded="false">{esc(texts.OPEN_ARTICLE)}</button>'
        f'<p class="what">{esc(what)}</p>{_sources(articles)}'
        f'<div class="unseen" role="status" aria-live="polite" id="say"></div>'
        f'<div class="unseen" role="alert" id="alarm"></div>'
    )


def _sources(articles: Sequence[Article]) -> str:
    """Return the source cards, folded to one line, which is seen even when folded."""
    brief = source_line(articles[0].source) if len(articles) == 1 else texts.SOURCES_MANY.format(count=len(articles))
    cards = "".join(
        f'<p class="source-title" dir="auto"><cite>{esc(a.title)}</cite></p>{source_card(a.source)}' for a in articles
    )
    summary = f'<summary><span class="source-line">{esc(brief)}</span> <span>{esc(texts.ABOUT_SOURCE)}</span></summary>'
    return f'<details class="source" id="source">{summary}<div class="source-cards">{cards}</div></details>'


def welcome(starters: Sequence[str]) -> str:
    """Return what an empty conversation shows."""
    questions = f'<p class="small">{esc(texts.STARTERS)}</p>{chips(starters)}' if starters else ""
    return f'<div class="welcome"><h2>{esc(texts.WELCOME)}</h2><p>{esc(texts.WELCOME_TEXT)}</p>{questions}</div>'


def busy() -> str:
    """Return what is shown while an answer takes longer than a moment, or failed; the script fills in the question."""
    return (
        f'<div id="busy" hidden><span class="dots"></span> <span>{esc(texts.BUSY)}</span></div>'
        f'<div id="failed" role="alert" hidden>{esc(texts.FAILED)}</div>'
    )


def article_pane(articles: Sequence[Article]) -> str:
    """Return the whole pane, one `<article>` after another."""
    bodies = "".join(_article(article, number) for number, article in enumerate(articles))
    ways_out = _button("back", texts.BACK_TO_ANSWER, "hidden") + _button("close", texts.CLOSE_ARTICLE)
    return (
        f'<section id="pane" class="pane" data-edition="{edition(articles)}" '
        f'aria-label="{esc(texts.ARTICLE)}" tabindex="-1">'
        f'<div class="pane-bar">{ways_out}</div>{bodies}</section>'
    )


def edition(articles: Sequence[Article]) -> str:
    """Return what tells these articles from others, or from themselves once changed: places hold in one edition."""
    return hashlib.sha256("\0".join(article.text for article in articles).encode()).hexdigest()[:12]


def _button(name: str, label: str, state: str = "") -> str:
    return f'<button type="button" class="quiet" id="{name}" {state}>{esc(label)}</button>'


def source_line(source: Source) -> str:
    """Return a source in one line: what kind it is, and what of author, publisher and dates is not known."""
    missing = [
        label
        for label, fields in texts.UNKNOWN_IN_BRIEF.items()
        if all(getattr(source, field) == UNKNOWN for field in fields)
    ]
    kind = "" if source.kind == UNKNOWN else f"{source.kind[:1].upper()}{source.kind[1:]}. "
    return kind + (texts.UNKNOWN_LIST.format(fields=", ".join(missing)) if missing else "")


def source_card(source: Source) -> str:
    """Return all that is known of a source, what is not, and what to beware of."""
    rows = "".join(
        f"<div><dt>{esc(label)}</dt><dd{_known(getattr(source, field))}</dd></div>"
        for field, label in texts.SOURCE_FIELDS.items()
    )
    caution = f'<p class="caution"><strong>{esc(texts.CAUTION)}</strong> {esc(source.caution)}</p>'
    return f'<div class="source-card">{caution if source.caution else ""}<dl>{rows}</dl></div>'


def _known(value: str) -> str:
    return f' class="unknown">{esc(texts.NOT_STATED)}' if value == UNKNOWN else f' dir="auto">{esc(value)}'


def _article(article: Article, number: int) -> str:
    title = f'<h2 class="article-title" dir="auto" tabindex="-1">{esc(article.title)}</h2>'
    parts = [title, source_card(article.source), _contents(article, number), *_blocks(article, number)]
    return f'<article id="article-{number}">{"".join(parts)}</article>'


def _contents(article: Article, number: int) -> str:
    links = "".join(
        f'<li><a href="#part-{number}-{b.start}">{esc(_words(article, b))}</a></li>'
        for b in article.blocks
        if b.kind is Kind.HEADING
    )
    if not links:
        return ""
    label = esc(texts.CONTENTS)
    folded = f"<details><summary>{label}</summary><ul>{links}</ul></details>"
    return f'<nav class="contents" aria-label="{label}">{folded}</nav>'


def _blocks(article: Article, number: int) -> Iterator[str]:
    sentences = [s for passage in split(article) for s in passage.sentences]
    for kind, run in groupby(article.blocks, key=lambda block: block.kind):
        parts = [_block(article, number, block, sentences) for block in run]
        yield f"<ul>{''.join(parts)}</ul>" if kind is Kind.ITEM else "".join(parts)


def _block(article: Article, number: int, block: Block, sentences: Sequence[Sentence]) -> str:
    if block.kind is Kind.BREAK:
        return "<hr>"
    if block.kind is Kind.HEADING:
        name, part = f"h{min(6, block.level + 1)}", f"part-{number}-{block.start}"
        return f'<{name} id="{part}" dir="auto" tabindex="-1">{esc(_words(article, block))}</{name}>'
    inner = _marked_up(article, number, block, _within(block, sentences))
    if block.kind is Kind.ITEM:
        return f'<li dir="auto">{inner}</li>'
    if block.kind is Kind.QUESTION:
        return f'<p class="faq-q" dir="auto">{hidden(texts.QUESTION_MARK + ": ")}{inner}</p>'
    if block.kind is Kind.ANSWER:
        return f'<p class="faq-a" dir="auto">{hidden(texts.ANSWER_MARK + ": ")}{inner}</p>'
    return f'<p dir="auto">{inner}</p>'


def _within(block: Block, sentences: Sequence[Sentence]) -> Sequence[Sentence]:
    """Return the sentences of a block; they come in reading order and never cross a block's edge."""
    first = bisect_left(sentences, block.start, key=lambda s: s.start)
    return sentences[first : bisect_left(sentences, block.end, key=lambda s: s.start)]


def _marked_up(article: Article, number: int, block: Block, sentences: Sequence[Sentence]) -> str:
    """Return the block's words with a span around each sentence; nothing between them is lost."""
    out, at = [], block.start
    for s in sentences:
        span = f'<span class="s" data-article="{number}" data-start="{s.start}" data-end="{s.end}">{esc(s.text)}</span>'
        out += [esc(article.text[at : s.start]), span]
        at = s.end
    return "".join(out) + esc(article.text[at : block.end])


def _words(article: Article, block: Block) -> str:
    return article.text[block.start : block.end]
