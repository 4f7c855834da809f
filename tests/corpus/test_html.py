"""Web pages: main content only, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.common.errors import ArticleError
from tests.corpus.drafts import read, read_blocks

LONG = " ".join(["Iron is a mineral that the body needs to make haemoglobin, which not all have enough of."] * 4)


def body(folder: Path, inner: str) -> list[tuple[str, str]]:
    found = read_blocks(
        folder, "a.html", f"<html><body><article><h1>T</h1><p>{LONG}</p>{inner}</article></body></html>"
    )
    assert found[0] == ("p", LONG)
    return found[1:]


def test_text_that_looks_like_markdown_is_kept_to_the_letter(tmp_path: Path) -> None:
    inner = "<p>Take 2*3*4 mg, a_b_c and [1](x) of &amp;lt;b&amp;gt;. # 5</p><p>- no list, just text here</p>"
    inner += "<p>1. Neither is this</p>"
    assert body(tmp_path, inner) == [
        ("p", "Take 2*3*4 mg, a_b_c and [1](x) of &lt;b&gt;. # 5"),
        ("p", "- no list, just text here"),
        ("p", "1. Neither is this"),
    ]


def test_headings_lists_tables_and_rules(tmp_path: Path) -> None:
    inner = (
        "<h2>Sources</h2><ul><li>Beans<ul><li>White beans.</li></ul></li><li>Peas, <b>fresh</b> ones.</li></ul>"
        "<h3>By age</h3><table><tr><th>Age</th><th>Need</th></tr><tr><td>4 to 8</td><td>10 mg</td></tr></table>"
        "<hr><p>The end is near, as they say.</p><pre>x = 1\ny = 2</pre>"
        "<details><summary>Tea</summary><p>Black tea binds iron.</p></details>"
    )
    assert body(tmp_path, inner) == [
        ("h2", "Sources"),
        ("li", "Beans"),
        ("li", "White beans."),
        ("li", "Peas, fresh ones."),
        ("h3", "By age"),
        ("li", "Age | Need"),
        ("li", "4 to 8 | 10 mg"),
        ("hr", ""),
        ("p", "The end is near, as they say."),
        ("p", "x = 1 y = 2"),
        ("h6", "Tea"),
        ("p", "Black tea binds iron."),
    ]


def test_scripts_comments_and_menus_are_not_read(tmp_path: Path) -> None:
    inner = "<script>var a = 'script text'</script><!-- a comment --><nav><a href=/>Menu text</a></nav>"
    assert body(tmp_path, inner) == []


def test_the_title_comes_from_the_page_else_from_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, "a.html", f"<title>Iron</title><p>{LONG}</p>").article.title == "Iron"
    assert read(tmp_path, "iron-page.html", f"<html><body><p>{LONG}</p></body></html>").article.title == "iron page"


@pytest.mark.parametrize("text", ["no markup at all", "<p>hi</p>", "<html><body></body></html>", "<", "<!-- -->"])
def test_a_page_without_main_content(tmp_path: Path, text: str) -> None:
    with pytest.raises(ArticleError, match=r"a\.htm: no (main content|sentence) found"):
        read(tmp_path, "a.htm", text)
