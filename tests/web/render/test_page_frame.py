from __future__ import annotations

import html
import re
from dataclasses import replace

from corpus.article import Source
from corpus.readers.registry import read_article
from tests.web.fake import ARTICLE, hostile_answerer
from web.render.page_frame import article_pane, edition, source_card, source_line

SENTENCE = re.compile(r'<span class="s" data-article="(\d+)" data-start="(\d+)" data-end="(\d+)">(.*?)</span>')


def test_every_sentence_stands_where_it_says() -> None:
    article = read_article(ARTICLE).article
    found = SENTENCE.findall(article_pane([article]))
    assert len(found) > 80
    for number, start, end, words in found:
        assert number == "0"
        assert html.unescape(words) == article.text[int(start) : int(end)]


def test_no_word_of_the_article_is_lost_or_doubled() -> None:
    article = read_article(ARTICLE).article
    body = article_pane([article]).split("</nav>", 1)[1]
    body = re.sub(r'<span class="unseen">.*?</span>', "", body)
    shown = html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(p|li|h\d)>", " ", body)))
    expected = " ".join(article.text[b.start : b.end] for b in article.blocks)
    assert shown.split() == expected.split()


def test_headings_are_kept_under_the_title() -> None:
    pane = article_pane([read_article(ARTICLE).article])
    assert pane.count("<h2") == 1
    assert re.search(r"<h3 [^>]*>Clinical Observations</h3>", pane)
    assert 'href="#part-0-' in pane


def test_another_text_is_another_edition() -> None:
    article = read_article(ARTICLE).article
    assert edition([article]) == edition([article])
    assert edition([replace(article, text=article.text + " ")]) != edition([article])
    assert edition([article, article]) != edition([article])
    assert f'data-edition="{edition([article])}"' in article_pane([article])


def test_the_source_says_what_is_unknown() -> None:
    source = Source("T", kind="blog post", author="unknown", publisher="P", saved="2024-01-02")
    assert source_line(source) == "Blog post. Unknown: author."
    card = source_card(source)
    assert '<dt>Author</dt><dd class="unknown">not stated</dd>' in card
    assert '<dt>Publisher</dt><dd dir="auto">P</dd>' in card
    assert "caution" not in card


def test_a_hostile_article_leaves_no_markup() -> None:
    pane = article_pane(hostile_answerer().articles)
    assert "<img" not in pane
    assert "<script" not in pane
    assert "${" not in pane
    assert "{{" not in pane
