"""One page, three files: as a browser saves it, as Markdown, as HTML."""

from __future__ import annotations

import pytest

from corpus.article import Passage
from corpus.readers.registry import ReadArticle, read_article
from corpus.splitter import split
from tests.corpus.drafts import PAGES, blocks

TITLE = "Iron in food – What the body needs – How much iron is enough?"


@pytest.fixture(scope="module", params=["txt", "md", "html"])
def reading(request: pytest.FixtureRequest) -> ReadArticle:
    return read_article(PAGES / f"iron.{request.param}")


@pytest.fixture(scope="module")
def passages(reading: ReadArticle) -> list[Passage]:
    return split(reading.article)


def test_blocks_are_the_same(reading: ReadArticle) -> None:
    assert blocks(reading.article) == [
        (
            "p",
            "Iron is a mineral that the body needs to make haemoglobin. A study by Brown et al. followed 40 adults and "
            "found that 12.5% of them had too little. Is that a lot? It’s more than in the year before, e.g. in women.",
        ),
        ("p", "Good sources:"),
        ("li", "Lentils, beans and peas."),
        ("li", "Liver, which is the richest of all."),
        ("li", "Bread and cereals with added iron for those who eat no meat."),
        ("h2", "How much is needed?"),
        (
            "p",
            "Needs differ by age and sex. A 16-year-old girl needs 15 mg a day, as Green et al. report. Men need less.",
        ),
        ("li", "Age | Need"),
        ("li", "4 to 8 | 10 mg"),
        ("li", "14 to 18 | 15 mg"),
        ("h2", "Getting it into the body"),
        ("li", "Eat something with vitamin C beside it."),
        ("li", "Leave an hour between tea and iron."),
        ("p", "Some medicines lower the uptake as well."),
        ("hr", ""),
        ("p", "In the end, most people get what they need from food. More is said in Iron and You – A Guide."),
        ("hr", ""),
        ("q", "Can iron be harmful?"),
        ("a", "Yes, too much of it can harm the liver. Keep tablets away from children."),
        ("q", "Is tea a problem?"),
        ("a", "Tea lowers the uptake of iron. Wait for an hour."),
    ]


def test_the_whole_text_is_the_same() -> None:
    texts = {read_article(PAGES / f"iron.{suffix}").article.text for suffix in ("txt", "md", "html")}
    assert len(texts) == 1


def test_passages_stand_under_their_headings(passages: list[Passage]) -> None:
    assert [(p.id, p.heading, p.text.split()[0], len(p.sentences)) for p in passages] == [
        ("iron#1", "", "Iron", 4),
        ("iron#2", "", "Good", 4),
        ("iron#3", "How much is needed?", "Needs", 3),
        ("iron#4", "How much is needed?", "•", 3),
        ("iron#5", "Getting it into the body", "•", 2),
        ("iron#6", "Getting it into the body", "Some", 1),
        ("iron#7", "", "In", 2),
        ("iron#8", "Can iron be harmful?", "Q:", 2),
        ("iron#9", "Is tea a problem?", "Q:", 2),
    ]


def test_a_list_stays_with_its_lead_in(passages: list[Passage]) -> None:
    assert passages[1].text.splitlines() == [
        "Good sources:",
        "",
        "• Lentils, beans and peas.",
        "• Liver, which is the richest of all.",
        "• Bread and cereals with added iron for those who eat no meat.",
    ]


def test_faq_pairs(passages: list[Passage]) -> None:
    pairs = [(p.question.text, [s.text for s in p.sentences]) for p in passages if p.question]
    assert pairs == [
        (
            "Can iron be harmful?",
            ["Yes, too much of it can harm the liver.", "Keep tablets away from children."],
        ),
        ("Is tea a problem?", ["Tea lowers the uptake of iron.", "Wait for an hour."]),
    ]


def test_the_title_is_the_same(reading: ReadArticle) -> None:
    assert reading.article.title == TITLE


def test_page_noise_is_reported() -> None:
    again = "How much iron is enough"
    assert read_article(PAGES / "iron.txt").dropped == ("web analytics", again, again, "418 qbpaste7 zrx")


def test_a_page_says_of_itself_only_what_stands_in_it() -> None:
    web = read_article(PAGES / "iron.html").article.source
    assert (web.author, web.publisher, web.address, web.saved) == ("Jane Roe", "Kitchen Notes", "unknown", "unknown")
    assert web.reviewed == "unknown"  # a copyright year is no date of review
    markdown = read_article(PAGES / "iron.md").article.source
    assert (markdown.author, markdown.saved, markdown.reviewed) == ("unknown", "2024-05-17", "unknown")
    assert (markdown.kind, markdown.caution) == ("test page", "It cites Brown et al. without a reference.")
