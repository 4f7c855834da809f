"""Markdown with front matter, in the shapes people write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.common.errors import ArticleError
from tests.corpus.drafts import read, read_blocks


def body(folder: Path, text: str) -> list[tuple[str, str]]:
    return read_blocks(folder, "a.md", f"---\ntitle: T\n---\n\n{text}")


def test_nested_lists_in_order(tmp_path: Path) -> None:
    text = "Foods:\n\n- Beans\n  - White beans.\n    1. Boil them.\n- Peas\n\n  Fresh ones.\n"
    assert body(tmp_path, text) == [
        ("p", "Foods:"),
        ("li", "Beans"),
        ("li", "White beans."),
        ("li", "Boil them."),
        ("li", "Peas"),
        ("li", "Fresh ones."),
    ]


def test_tables_row_by_row(tmp_path: Path) -> None:
    text = "| Age | Need |\n|---|---|\n| 4 to 8 | **10** mg |\n| 9 | |\n"
    assert body(tmp_path, text) == [("li", "Age | Need"), ("li", "4 to 8 | 10 mg"), ("li", "9 |")]


def test_inline_marks_go_and_words_stay(tmp_path: Path) -> None:
    text = "**Bold** *it* ~~no~~ [Brown et al.](https://x.org/a_b) <https://x.org> ![A chart](c.png) "
    text += "`a < b` &amp; 2\\*3 x^2"
    assert body(tmp_path, text) == [("p", "Bold it ~~no~~ Brown et al. https://x.org A chart a < b & 2*3 x^2")]


def test_html_is_text_and_comments_are_left_out_but_not_from_code(tmp_path: Path) -> None:
    text = "One <b>bold</b> <!-- hidden\n\nlines --> line.\n\n<div>Two.</div>\n\nUse `<!-- x -->`.\n\n"
    text += "```\na <!-- b -->\n  c\n```\n"
    assert body(tmp_path, text) == [
        ("p", "One <b>bold</b> line."),
        ("p", "<div>Two.</div>"),
        ("p", "Use <!-- x -->."),
        ("p", "a <!-- b --> c"),
    ]


def test_headings_quotes_and_rules(tmp_path: Path) -> None:
    text = "Setext\n------\n\n> Quoted text.\n\n### Deep #\n\nText.\n\n***\n\nAfter."
    assert body(tmp_path, text) == [
        ("h2", "Setext"),
        ("p", "Quoted text."),
        ("h3", "Deep"),
        ("p", "Text."),
        ("hr", ""),
        ("p", "After."),
    ]


def test_pairs_may_be_bold_or_headings(tmp_path: Path) -> None:
    text = "**Q: Is it safe?**\n**A:** Mostly.\n\n### Q: Why?\n\nA: So. And so.\n\nNot Q: a pair."
    assert body(tmp_path, text) == [
        ("q", "Is it safe?"),
        ("a", "Mostly."),
        ("q", "Why?"),
        ("a", "So. And so."),
        ("p", "Not Q: a pair."),
    ]


def test_hard_breaks_and_wrapped_lines_are_blanks(tmp_path: Path) -> None:
    assert body(tmp_path, "One  \ntwo\\\nthree\nfour.") == [("p", "One two three four.")]


def test_invisible_break_marks_go(tmp_path: Path) -> None:
    assert body(tmp_path, "magne\u00adsium and\u00a0zinc\u200b.") == [("p", "magnesium and zinc.")]


def test_the_first_heading_is_the_title_where_front_matter_has_none(tmp_path: Path) -> None:
    article = read(tmp_path, "a.md", "# Iron\n\nText.\n\n# More\n\nText.").article
    assert article.title == "Iron"
    assert "Iron" not in article.text
    assert "More" in article.text


def test_the_file_names_an_article_without_title(tmp_path: Path) -> None:
    assert read(tmp_path, "iron-in_food.md", "Text.").article.title == "iron in food"
    assert read(tmp_path, "b.md", "---\ntitle: iron-in_food\n---\nText.").article.title == "iron-in_food"


@pytest.mark.parametrize("lead", ["", "\ufeff", "\n\n", "\ufeff\r\n"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_front_matter_of_other_systems(tmp_path: Path, lead: str, newline: str) -> None:
    text = lead + "---\ntitle: 'Iron: a guide'\nsaved: 2024-05-17\nreviewed:\nodd: 1\n---\n\nText.\n".replace(
        "\n", newline
    )
    article = read(tmp_path, "a.md", text).article
    assert (article.title, article.source.saved, article.source.reviewed) == ("Iron: a guide", "2024-05-17", "unknown")
    assert article.text == "Text."


def test_a_rule_further_down_is_no_front_matter(tmp_path: Path) -> None:
    assert read_blocks(tmp_path, "a.md", "Text.\n\n---\n\nMore.") == [("p", "Text."), ("hr", ""), ("p", "More.")]


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("---\ntitle: [x\n---\nText.", "not valid YAML"),
        ("---\nsaved: 2024-13-45\n---\nText.", "month must be in 1..12"),
        ("---\nThis would be lost.\n---\nText.", "“This would be lost.”, not lines of “field: value”"),
        ("---\ntitle: x\n\nText.", "never closed"),
    ],
)
def test_broken_front_matter(tmp_path: Path, head: str, reason: str) -> None:
    with pytest.raises(ArticleError, match="the front matter is") as error:
        read(tmp_path, "a.md", head)
    assert reason in str(error.value)
    assert str(tmp_path / "a.md") in str(error.value)
    assert "\n" not in str(error.value)
