from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.render.escaping import esc, hidden

PRINTABLE = st.text(st.characters(exclude_categories=["Cs", "Cc"]))


def test_what_any_reader_acts_on_becomes_an_entity() -> None:
    assert esc("<b>") == "&#60;b&#62;"
    assert esc("${x} {{y}} `z`") == "&#36;&#123;x&#125; &#123;&#123;y&#125;&#125; &#96;z&#96;"
    assert esc("![a](b) *c* _d_ # e") == "&#33;&#91;a&#93;&#40;b&#41; &#42;c&#42; &#95;d&#95; &#35; e"
    assert esc("\"'&") == "&#34;&#39;&#38;"


def test_plain_words_stay_readable() -> None:
    assert esc("Can’t low magnesium – say 0.5 – cause fits?") == "Can’t low magnesium – say 0.5 – cause fits?"


@pytest.mark.parametrize("bad", ["\x00", "\x1b", "\x7f", "\x85", "\ud800"])
def test_what_no_page_can_show_is_replaced(bad: str) -> None:
    assert esc(f"a{bad}b") == "a\N{REPLACEMENT CHARACTER}b"


@given(PRINTABLE)
def test_a_browser_reads_back_the_same_words(words: str) -> None:
    assert html.unescape(esc(words)) == words


@given(st.text())
def test_nothing_structural_is_left(words: str) -> None:
    assert set(esc(words)) & set("<>\"'`{}$\\*_[]()!~|@=\n\r\t") == set()


def test_hidden_words_are_escaped_too() -> None:
    assert hidden("<i>") == '<span class="unseen">&#60;i&#62;</span>'
