from __future__ import annotations

import gzip
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Article, Kind
from corpus.common.errors import DatasetError
from retrieval.evaluate.minimal_pairs import Insertion
from retrieval.evaluate.reading import Outcome, ReadingOutcomes, ask_articles, quote_accepted, read_reading
from retrieval.evaluate.reading_scores import Bin, Figures, reliability, score_reading
from retrieval.evaluate.resampling import Estimate
from retrieval.result import Answer, AnswerKind
from tests.retrieval.evaluate.fakes import answer, words

IRON = "## Use\n\nIron helps the blood. Beans hold iron. Tea is safe.\n"
TEA = "## Tea\n\nTea lowers uptake.\n"
ARTICLES: list[dict[str, Any]] = [
    {"id": "iron", "markdown": IRON},
    {"id": "unasked", "markdown": "Nobody asks this."},
    {"id": "tea", "markdown": TEA},
]


def near(id_: str, article: str, question: str, contrast: tuple[str, str], decoy: tuple[str, str]) -> dict[str, Any]:
    put = {name: {"after": after, "text": text} for name, (after, text) in (("contrast", contrast), ("decoy", decoy))}
    return {"id": id_, "article": article, "question": question, "answerable": False, "sentences": [], **put}


def answerable(id_: str, article: str, question: str, *sentences: str) -> dict[str, Any]:
    return {"id": id_, "article": article, "question": question, "answerable": True, "sentences": list(sentences)}


QUESTIONS: list[dict[str, Any]] = [
    answerable("i1", "iron", "iron helps", "Iron helps the blood."),
    answerable("t1", "tea", "uptake", "Tea lowers uptake."),
    answerable("i2", "iron", "hold iron safe tea", "Tea is safe."),
    near(
        "i3",
        "iron",
        "iron hurts skin bones",
        ("Beans hold iron.", "It hurts the skin and bones too."),
        ("", "Copper hurts."),
    ),
    near(
        "t2",
        "tea",
        "tea uptake heart",
        ("Tea lowers uptake.", "Your heart likes tea and uptake."),
        ("", "The heart beats."),
    ),
]


class Overlap:
    """Answers with the sentences that hold half the question's words, best first; as sure as the best one's share."""

    def __init__(self, article: Article) -> None:
        self._article = article
        said = [b for b in article.blocks if b.kind is not Kind.HEADING]
        self._sentences = [s for b in said for s in re.split(r"(?<=\.) ", article.text[b.start : b.end])]
        self.asked: list[str] = []

    @property
    def articles(self) -> tuple[Article, ...]:
        return (self._article,)

    @property
    def starters(self) -> tuple[str, ...]:
        return ()

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        assert history == ()
        wanted = words(question)
        share = {s: len(wanted & words(s)) / len(wanted) for s in self._sentences}
        best = sorted((s for s in share if share[s] >= 0.5), key=lambda s: -share[s])
        kind = AnswerKind.ANSWER if best else AnswerKind.NOT_COVERED
        return answer(kind, *best, confidence=max(share.values()))


def write(folder: Path, questions: Sequence[Any] = QUESTIONS, articles: Sequence[Any] = ARTICLES) -> tuple[Path, Path]:
    paths = folder / "questions.jsonl", folder / "articles.jsonl"
    for path, rows in zip(paths, (questions, articles), strict=True):
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return paths


def asked(folder: Path, questions: Sequence[Any] = QUESTIONS) -> ReadingOutcomes:
    return ask_articles(read_reading(*write(folder, questions)), Overlap, progress=False)


def values(figures: Figures | None) -> dict[str, Any]:
    assert figures is not None
    return {"n": figures.n, **{name: e and round(e.value, 6) for name, e in figures.table.items()}}


def third(thirds: int) -> float:
    return round(thirds / 3, 6)


def test_the_figures_as_given(tmp_path: Path) -> None:
    # Confidences: i1 1, i2 1/2 (a wrong quote before the right one), t1 1; near misses i3 1/4, held back, t2 2/3.
    scores = score_reading(asked(tmp_path))
    assert scores.articles == 2
    assert values(scores.given) == {
        "n": 5,
        "first_right": third(2),
        "any_right": 1.0,
        "coverage": 1.0,
        "near_held_back": 0.5,
        "wrong_among_answers": 0.5,  # i2 and t2 of four
        "auroc_answerable": round(5 / 6, 6),  # 1/2 loses to 2/3, every other pair is won
    }


def test_the_figures_of_two_texts_that_differ_in_a_sentence(tmp_path: Path) -> None:
    # Answering text and other: i1 1, 1/2; i2 1/2, 1/2; t1 1, 0 (nothing is left); i3 3/4, 1/4; t2 1, 2/3.
    scores = score_reading(asked(tmp_path))
    assert values(scores.with_without) == {
        "n": 6,
        "first_right": third(2),
        "any_right": 1.0,
        "coverage": 1.0,
        "held_back": third(1),
        "wrong_among_answers": 0.6,
        "auroc_answerable": round(8 / 9, 6),
        "paired": round(2.5 / 3, 6),
    }
    assert values(scores.contrast_decoy) == {
        "n": 4,
        "first_right": 1.0,
        "any_right": 1.0,
        "coverage": 1.0,
        "held_back": 0.5,
        "wrong_among_answers": third(1),
        "auroc_answerable": 1.0,
        "paired": 1.0,
    }
    assert values(scores.balanced) == {
        "n": 10,
        "first_right": 0.8,
        "any_right": 1.0,
        "coverage": 1.0,
        "held_back": 0.4,
        "wrong_among_answers": 0.5,
        "auroc_answerable": 0.92,  # 23 of 25
        "paired": 0.9,
    }


def test_intervals_are_drawn_over_articles(tmp_path: Path) -> None:
    table = score_reading(asked(tmp_path)).given.table
    # Iron alone: one of two right; tea alone: one of one.
    assert table["first_right"] == Estimate(2 / 3, 0.5, 1.0)
    assert table["near_held_back"] == Estimate(0.5, 0.0, 1.0)


def test_confidence_is_held_against_the_first_quote_of_an_answerable_question(tmp_path: Path) -> None:
    found = reliability(asked(tmp_path).given)
    assert [b.n for b in found.bins] == [0, 0, 1, 0, 0, 1, 1, 0, 0, 2]
    assert found.bins[5] == Bin(0.5, 0.6, 1, 0.5, 0.0)
    assert found.bins[9] == Bin(0.9, 1.0, 2, 1.0, 1.0)
    assert found.bins[0] == Bin(0.0, 0.1, 0, None, None)
    assert found.error == pytest.approx((0.25 + 0.5 + 2 / 3) / 5)


def test_a_right_quote_that_is_not_given_as_an_answer_counts_for_calibration_only() -> None:
    only = Outcome("a", "Q?", ("S.",), AnswerKind.RELATED, ("S.",), 0.25, first=True, some=True)
    scores = score_reading(ReadingOutcomes((only,), (), ()))
    assert values(scores.given) == {
        "n": 1,
        "first_right": 0.0,
        "any_right": 0.0,
        "coverage": 0.0,
        "near_held_back": None,
        "wrong_among_answers": None,
        "auroc_answerable": None,
    }
    assert (scores.balanced, scores.with_without, scores.contrast_decoy) == (None, None, None)
    assert scores.reliability.error == 0.75


def test_texts_are_told_apart_by_their_sentence(tmp_path: Path) -> None:
    seen: list[str] = []

    def listening(article: Article) -> Overlap:
        seen.append(article.text)
        return Overlap(article)

    ask_articles(read_reading(*write(tmp_path)), listening, progress=False)
    assert seen == [
        "Use\n\nIron helps the blood. Beans hold iron. Tea is safe.",
        "Use\n\nBeans hold iron. Tea is safe.",
        "Use\n\nIron helps the blood. Beans hold iron.",
        "Use\n\nIron helps the blood. Beans hold iron. It hurts the skin and bones too. Tea is safe.",
        "Use\n\nCopper hurts. Iron helps the blood. Beans hold iron. Tea is safe.",
        "Tea\n\nTea lowers uptake.",  # what is left without it is not asked
        "Tea\n\nTea lowers uptake. Your heart likes tea and uptake.",
        "Tea\n\nThe heart beats. Tea lowers uptake.",
    ]


def test_without_contrasts_nothing_is_asked_twice(tmp_path: Path) -> None:
    found = asked(tmp_path, QUESTIONS[:3])
    assert (len(found.given), found.with_without, found.contrast_decoy) == (3, (), ())


def test_half_a_pair_and_sentences_that_are_lost_are_told(tmp_path: Path) -> None:
    half = {name: value for name, value in QUESTIONS[3].items() if name != "decoy"}
    lost = answerable("lost", "tea", "uptake", "Tea raises uptake.")
    dataset = read_reading(*write(tmp_path, [half, lost, *QUESTIONS[4:]]))
    assert dataset.notes == (
        "accepted sentences that are not in the article, questions: lost",
        "one of contrast and decoy is missing, so not among the balanced figures: i3",
    )
    found = ask_articles(dataset, Overlap, progress=False)
    assert (len(found.given), len(found.with_without), len(found.contrast_decoy)) == (3, 0, 1)


def test_packed_files_read_the_same_and_fewer_articles_can_be_taken(tmp_path: Path) -> None:
    plain = write(tmp_path)
    packed = tuple(path.with_suffix(".jsonl.gz") for path in plain)
    for path, to in zip(plain, packed, strict=True):
        to.write_bytes(gzip.compress(path.read_bytes()))
    whole = read_reading(*plain)
    assert replace(read_reading(*packed), name=whole.name) == whole
    assert [(article.id, [q.id for q in own]) for article, own in whole.articles] == [
        ("iron", ["i1", "i2", "i3"]),
        ("tea", ["t1", "t2"]),
    ]
    assert whole.articles[0][1][2].contrast == Insertion("Beans hold iron.", "It hurts the skin and bones too.")
    assert [article.id for article, _ in read_reading(*plain, limit=1).articles] == ["iron"]
    assert [article.id for article, _ in read_reading(*plain, every=2).articles] == ["iron"]
    packed[0].write_bytes(packed[0].read_bytes()[:40])
    with pytest.raises(DatasetError, match=r"questions\.jsonl\.gz: cannot be unpacked .*; pack it again"):
        read_reading(*packed)


@pytest.mark.parametrize(
    ("quote", "right"),
    [
        ("Tea lowers uptake of iron, beans and all else.", True),
        ("So: “TEA lowers  uptake of iron; beans and all-else!” It does.", True),
        ("lowers uptake of iron, beans and", True),  # 26 letters, all of them inside
        ("lowers uptake of iron, beans an", False),
        ("lowers uptake of iron, beans and some", False),
        ("", False),
    ],
)
def test_what_counts_as_an_accepted_sentence(quote: str, right: bool) -> None:
    assert quote_accepted(quote, ["…", "Tea lowers uptake of iron, beans and all else."]) is right
    assert quote_accepted(quote, []) is False


def test_a_part_needs_more_than_25_letters() -> None:
    assert not quote_accepted("a" * 25, ["b" + "a" * 26])
    assert quote_accepted("a" * 26, ["b" + "a" * 26])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "questions.jsonl, line 2: not JSON"),
        (QUESTIONS[0], "line 2: id 'i1' was given before; give each question its own"),
        ({**QUESTIONS[1], "article": "coffee"}, "line 2: article 'coffee' is not in"),
        ({**QUESTIONS[1], "article": ["tea"]}, "line 2, article: a text was expected, found list ['tea']"),
        ({**QUESTIONS[1], "answerable": 1}, "line 2, answerable: true or false was expected, found int 1"),
        ({**QUESTIONS[1], "sentences": []}, "at least one sentence was expected where answerable is true, found 0"),
        ({**QUESTIONS[3], "sentences": ["S."]}, "no sentence was expected where answerable is false, found 1"),
        ({**QUESTIONS[1], "question": " "}, "line 2, question: a text was expected, found a blank one"),
        (
            near("x", "tea", "Q?", ("Tea is hot.", "S."), ("", "S.")),
            "after: article 'tea' has no sentence 'Tea is hot.'",
        ),
        (near("x", "tea", "Q?", ("", "S."), ("", " ")), "line 2, decoy.text: a text was expected, found a blank one"),
        (near("x", "tea", "Q?", ("", "\ud800"), ("", "S.")), "line 2, contrast.text: holds half a character"),
        ({**QUESTIONS[3], "contrast": "S."}, "line 2, contrast: an object was expected, found str 'S.'"),
    ],
)
def test_a_broken_question_is_named(tmp_path: Path, line: Any, message: str) -> None:
    with pytest.raises(DatasetError) as caught:
        read_reading(*write(tmp_path, [QUESTIONS[0], line]))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (ARTICLES[0], "articles.jsonl, line 2: id 'iron' was given before; give each article its own"),
        ({"id": "x"}, "line 2, markdown: a text was expected, found nothing"),
        ({"id": "x", "markdown": "## Heading"}, "line 2: no sentence found, so there is nothing to answer from"),
        ({"id": "x", "markdown": "---\ntitle"}, "line 2: the front matter is opened"),
        ({"id": "x", "markdown": "\ud800"}, "line 2, markdown: holds half a character"),
    ],
)
def test_a_broken_article_is_named(tmp_path: Path, line: Any, message: str) -> None:
    with pytest.raises(DatasetError) as caught:
        read_reading(*write(tmp_path, articles=[ARTICLES[0], line]))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_question_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="holds no question"):
        read_reading(*write(tmp_path, [""]))
