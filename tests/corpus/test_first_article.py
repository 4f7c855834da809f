"""The first article, as it is committed: its counts, and the sentences people will be shown."""

from __future__ import annotations

import hashlib

import pytest

from corpus.article import Article, Kind, Passage
from corpus.bank import bank_files, read_bank
from corpus.common.settings import ROOT
from corpus.readers.registry import read_article
from corpus.splitter import split

SAVED_PAGE_TEXT = "759bfe3e8d22cc6e5e6292d4c0f2eff7f9c574855cf0c06c17b76fa973f55b08"
PATH = ROOT / "corpus" / "articles" / "can-hypomagnesemia-cause-seizures.md"


@pytest.fixture(scope="module")
def article() -> Article:
    return read_article(PATH).article


@pytest.fixture(scope="module")
def passages(article: Article) -> list[Passage]:
    return split(article)


def test_counts(passages: list[Passage]) -> None:
    assert len(passages) == 30
    assert sum(len(p.sentences) for p in passages) == 93
    assert sum(p.question is not None for p in passages) == 5


def test_sections(article: Article) -> None:
    headings = [article.text[b.start : b.end] for b in article.blocks if b.kind is Kind.HEADING]
    assert headings == [
        "Hypomagnesemia and Its Effect on the Body",
        "General Impacts of Hypomagnesemia",
        "Hypomagnesemia and Its Impact on the Nervous System",
        "Uncovering the Potential Link Between Seizures and Hypomagnesemia",
        "Evidence from Case Studies",
        "Overview of Current Medical Research",
        "Can Hypomagnesemia Cause Seizures?",
        "Exploring Possible Mechanisms",
        "Clinical Observations",
    ]


def test_the_wording_is_that_of_the_saved_page(article: Article) -> None:
    assert hashlib.sha256(article.text.encode()).hexdigest() == SAVED_PAGE_TEXT


@pytest.mark.parametrize(
    "sentence",
    [
        "Well, the answer is yes, it can.",
        "In one study, conducted by Smith et al., 12 patients presenting with seizures were found to have "
        "significantly low levels of magnesium in their blood.",
        "In another case report by Johnson et al., a 16-year-old boy with a history of uncontrolled seizures was "
        "diagnosed with severe hypomagnesemia.",
        "Furthermore, a study conducted by Lee et al. investigated a group of 65 children with hypomagnesemia and "
        "epilepsy.",
        "The results demonstrated that 62% of these children experienced a decrease in seizure frequency after "
        "magnesium supplementation.",
        "Lee et al. study: 65 children with hypomagnesemia and epilepsy.",
        "To learn more about seizures related to hypomagnesemia, you can refer to the article Seizures Related to "
        "Hypomagnesemia – PMC.",
    ],
)
def test_a_sentence_is_whole(passages: list[Passage], sentence: str) -> None:
    assert sum(s.text == sentence for p in passages for s in p.sentences) == 1


def test_what_stands_after_a_break_belongs_to_no_section(passages: list[Passage]) -> None:
    assert next(p.headings for p in passages if p.text.startswith("Presently,")) == ()


def test_its_bank_points_at_its_own_sentences(article: Article, passages: list[Passage]) -> None:
    bank = read_bank(bank_files(ROOT / "corpus" / "questions", article.id), passages, article.title)
    assert len(bank) > 1000
    assert any(not asked.sentences for asked in bank)
    for asked in bank:
        for row, sentence in asked.sentences:
            assert sentence in passages[row].sentences
            assert article.text[sentence.start : sentence.end] == sentence.text
