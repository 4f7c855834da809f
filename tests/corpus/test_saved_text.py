"""Pages saved as text: what is a heading, an item, a pair, noise; and that no text of the article is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.readers.parsed_page import fold
from corpus.readers.saved_text import read_saved_text
from tests.corpus.drafts import read, read_blocks

BODY = "Iron is a mineral. It is found in food."


def page(text: str) -> tuple[list[tuple[str, str]], tuple[str, ...], str]:
    found = read_saved_text(text.encode())
    return [(d.kind.value, d.text) for d in found.drafts], found.dropped, found.source.title


def test_text_without_empty_lines(tmp_path: Path) -> None:
    text = f"Iron in food\n{BODY * 3}\nGood sources\nBeans are good, and so are peas and lentils.\n"
    text += "• Beans\n• Peas\nWhy?\nNo reason."
    assert read_blocks(tmp_path, "a.txt", text) == [
        ("p", BODY * 3),
        ("h2", "Good sources"),
        ("p", "Beans are good, and so are peas and lentils."),
        ("li", "Beans"),
        ("li", "Peas"),
        ("h2", "Why?"),
        ("p", "No reason."),
    ]


def test_hard_wrapped_lines_are_put_together() -> None:
    wrapped = (
        "Iron in food\n\n"
        "Iron is a mineral that the body needs to make haemoglobin, which\n"
        "carries oxygen in the blood. Without enough of it people grow\n"
        "tired. A study by Brown et al. found that 12.5% of adults have\n"
        "too little.\n\n"
        "How much is needed?\n"
        "Needs differ by age and sex, and so nobody can name one number\n"
        "for all.\n\n"
        "  * Beans, lentils and peas are good sources for all those who\n"
        "    eat no meat.\n"
        "  * Liver.\n"
    )
    assert page(wrapped)[0] == [
        (
            "paragraph",
            "Iron is a mineral that the body needs to make haemoglobin, which carries oxygen in the blood. Without "
            "enough of it people grow tired. A study by Brown et al. found that 12.5% of adults have too little.",
        ),
        ("heading", "How much is needed?"),
        ("paragraph", "Needs differ by age and sex, and so nobody can name one number for all."),
        ("item", "Beans, lentils and peas are good sources for all those who eat no meat."),
        ("item", "Liver."),
    ]


def test_short_sentences_on_lines_of_their_own_stay_apart() -> None:
    text = f"Iron\n{BODY}\nIt is good for the blood and for the brain.\nBeans hold much of it.\n"
    assert [kind for kind, _ in page(text)[0]] == ["paragraph"] * 3


@pytest.mark.parametrize("mark", list("•●▪◦‣○■□·➢*-–—+"))
def test_bullets(mark: str) -> None:
    assert page(f"Iron\n\n{BODY}\n\n  {mark} Beans\n\t{mark}\tPeas and lentils\n")[0][1:] == [
        ("item", "Beans"),
        ("item", "Peas and lentils"),
    ]


def test_a_bullet_on_a_line_of_its_own() -> None:
    assert page(f"Iron\n\n{BODY}\n\n•\nBeans\n•\nPeas\n")[0][1:] == [("item", "Beans"), ("item", "Peas")]


def test_numbered_lists_are_items_but_numbered_headings_are_not() -> None:
    text = f"Iron\n\n1. What it is\n\n{BODY}\n\n2. What to do\n\n{BODY}\n\n1. Eat beans.\n2. Eat peas.\n\n3) Wait."
    assert page(text)[0] == [
        ("heading", "1. What it is"),
        ("paragraph", BODY),
        ("heading", "2. What to do"),
        ("paragraph", BODY),
        ("item", "Eat beans."),
        ("item", "Eat peas."),
        ("item", "Wait."),
    ]


def test_questions_and_answers_on_one_line_or_many(tmp_path: Path) -> None:
    text = (
        f"Iron\n\n{BODY}\n\nQ: What is it? A: A mineral. Q: Is it safe? A: Mostly.\n\n"
        "Q: Why?\nA: The blood needs it.\n\nQ: How much?\n\nA: It depends."
    )
    assert read_blocks(tmp_path, "a.txt", text)[1:] == [
        ("q", "What is it?"),
        ("a", "A mineral."),
        ("q", "Is it safe?"),
        ("a", "Mostly."),
        ("q", "Why?"),
        ("a", "The blood needs it."),
        ("q", "How much?"),
        ("a", "It depends."),
    ]


@pytest.mark.parametrize(
    "line",
    ["web analytics", "935 tbpaste4 qfx", "Skip to content", "Loading…", "Advertisement.", "2041", "Sign in"],
)
def test_noise_is_left_out_and_reported(line: str) -> None:
    drafts, dropped, _ = page(f"Iron\n\n{BODY}\n\n{line}\n\nMore of it. Yes.")
    assert [text for _, text in drafts] == [BODY, "More of it. Yes."]
    assert dropped == (line,)


@pytest.mark.parametrize(
    "line", ["CT", "B12", "HDL", "Q10", "Étude", "MRI and CT", "Sources (in order)", "“Low” iron", "Mg²⁺", "铁"]
)
def test_a_short_heading_is_no_noise(line: str) -> None:
    drafts, dropped, _ = page(f"Iron\n\n{BODY}\n\n{line}\n\nMore of it. Yes.")
    assert drafts == [("paragraph", BODY), ("heading", line), ("paragraph", "More of it. Yes.")]
    assert dropped == ()


def test_only_the_title_itself_counts_as_its_repetition() -> None:
    drafts, dropped, title = page(f"Iron in food – A guide\nIron in food\n\nIron\n\n{BODY}\n\nA guide\n\n{BODY}")
    assert title == "Iron in food – A guide"
    assert dropped == ("Iron in food",)
    assert [text for kind, text in drafts if kind == "heading"] == ["Iron", "A guide"]


@pytest.mark.parametrize("rule", ["---", "* * *", "————", "  ___", "=====", "~~~"])
def test_a_drawn_rule_leaves_the_section(rule: str) -> None:
    drafts, dropped, _ = page(f"Iron\n\n{BODY}\n\nNeeds\n\n{BODY}\n\n{rule}\n\n{BODY}")
    assert [kind for kind, _ in drafts] == ["paragraph", "heading", "paragraph", "break", "paragraph"]
    assert dropped == ()


def test_without_a_bare_first_line_there_is_no_title() -> None:
    assert page(f"{BODY}\n\nNeeds\n\n{BODY}")[2] == ""


def test_bare_lines_after_a_lead_in_are_items() -> None:
    assert page(f"Iron\n\n{BODY}\n\nGood sources:\n\nBeans\nPeas\n\nHow much\n\n{BODY}")[0][1:] == [
        ("paragraph", "Good sources:"),
        ("item", "Beans"),
        ("item", "Peas"),
        ("heading", "How much"),
        ("paragraph", BODY),
    ]


def test_a_heading_over_a_heading_is_a_section_over_a_section(tmp_path: Path) -> None:
    text = f"Iron\n\n{BODY}\n\nTreatment\n\nTablets\n\n{BODY}"
    assert read_blocks(tmp_path, "a.txt", text)[1:3] == [("h2", "Treatment"), ("h3", "Tablets")]


def test_bare_lines_that_head_nothing_are_text() -> None:
    assert page(f"Iron\n\n{BODY}\n\nBeans\n\nPeas\n\nLentils\n\n{BODY}\n\nSee your doctor")[0][1:] == [
        ("paragraph", "Beans"),
        ("paragraph", "Peas"),
        ("heading", "Lentils"),
        ("paragraph", BODY),
        ("paragraph", "See your doctor"),
    ]


def test_a_wide_gap_below_a_heading_parts_nothing() -> None:
    drafts = page(f"Iron\n\n{BODY}\n\n{BODY}\n\nNeeds\n\n\n\n{BODY}\n\n\n{BODY}")[0]
    assert [kind for kind, _ in drafts] == ["paragraph", "paragraph", "heading", "paragraph", "break", "paragraph"]


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\u2028"])
def test_other_newlines_and_a_byte_order_mark(tmp_path: Path, newline: str) -> None:
    text = f"Iron\n\n{BODY}\n\n• Beans\n• Peas\n"
    plain = read(tmp_path, "a.txt", text).article
    assert read(tmp_path, "b.txt", "\ufeff" + text.replace("\n", newline)).article.text == plain.text


_line = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60),
    st.sampled_from(["", "• Beans", "1. Eat", "2. Drink", "Q: Why? A: So.", "A: No.", ":", "web analytics", BODY]),
    st.lists(st.sampled_from(["iron", "Is", "food.", "B12", "tbpaste4", "why?"]), min_size=1, max_size=9).map(" ".join),
)  # fmt: skip


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(_line, min_size=1, max_size=14).filter(lambda lines: any(fold(line) for line in lines)))
def test_every_word_is_in_the_text_the_title_or_reported(lines: list[str]) -> None:
    found = read_saved_text("\n".join(lines).encode())
    kept = " ".join([found.source.title, *(d.text for d in found.drafts), *found.dropped])
    marks = set("•●▪◦‣○■□·➢➤✓✔→*+-–—o|")
    for word in fold(" ".join(lines)).split():
        assert word in kept or set(word) <= marks or word.rstrip(".)").isdigit(), word
