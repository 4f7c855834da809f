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
from corpus.common.errors import BelowTarget, DatasetError, SettingError
from corpus.common.settings import Settings
from corpus.readers.registry import markdown_article
from retrieval.evaluate.minimal_pairs import Insertion
from retrieval.evaluate.product import Product, open_product
from retrieval.evaluate.reading import Outcome, ReadingOutcomes, ask_articles, quote_accepted, read_reading
from retrieval.evaluate.reading_scores import Bin, Figures, reliability, score_reading
from retrieval.evaluate.resampling import Estimate
from retrieval.evaluate.subcommands import main
from retrieval.result import Answer, AnswerKind
from tests.retrieval.evaluate.fakes import answer, product, words

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


def open_fake(_settings: Settings) -> Product:
    return replace(product(), alone=Overlap)


def run(*arguments: str | Path) -> int:
    return main([str(a) for a in arguments], open_fake)


def test_the_json_holds_the_contract(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert run("reading", *write(tmp_path), "--json", out) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    whole = [
        "n",
        "first_right",
        "any_right",
        "coverage",
        "held_back",
        "wrong_among_answers",
        "auroc_answerable",
        "paired",
    ]
    given = ["articles", "n", "first_right", "any_right", "coverage", "near_held_back", "wrong_among_answers"]
    assert list(found)[:9] == [*given, "auroc_answerable", "balanced"]
    assert list(found["balanced"]) == ["articles", *whole, "with_without", "contrast_decoy"]
    assert list(found["balanced"]["with_without"]) == ["articles", *whole]
    assert (found["articles"], found["n"], found["first_right"]) == (2, 5, 0.666667)
    assert (found["balanced"]["n"], found["balanced"]["paired"]) == (10, 0.9)
    assert found["balanced"]["contrast_decoy"]["wrong_among_answers"] == 0.333333
    assert found["intervals"]["first_right"] == [0.5, 1.0]
    assert set(found["intervals"]["balanced"]["with_without"]) == set(whole) - {"n"}
    assert found["calibration"]["given"]["expected_calibration_error"] == 0.283333
    assert found["calibration"]["given"]["bins"][9] == {
        "low": 0.9,
        "high": 1.0,
        "n": 2,
        "confidence": 1.0,
        "right": 1.0,
    }
    assert found["dataset"]["bootstrap"] == {"rounds": 10000, "unit": "article", "units": 2}
    assert found["versions"] == {"fake": "1"}


def test_the_json_without_contrasts_has_nothing_balanced(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert run("reading", *write(tmp_path, QUESTIONS[:3]), "--json", out) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert (found["balanced"], found["intervals"]["balanced"], found["calibration"]["balanced"]) == (None, None, None)
    assert (found["near_held_back"], found["auroc_answerable"]) == (None, None)


def test_the_table_is_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("reading", *write(tmp_path)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "reading questions.jsonl"
    table = {line.split("  ")[0]: line for line in lines}
    assert "0.667 (0.500–1.000)" in table["first_right"]
    assert "0.900" in table["paired"]
    assert lines[-1].startswith("In brackets: 95% intervals, 10,000 bootstrap draws of 2 articles.")


def test_the_report_shows_the_errors_as_text(tmp_path: Path) -> None:
    evil = near("x", "tea", "tea <script>?", ("", "S."), ("", "Tea script."))
    out = tmp_path / "report.html"
    assert run("reading", *write(tmp_path, [*QUESTIONS, evil]), "--report", out) == 0
    page = out.read_text(encoding="utf-8")
    assert "tea &lt;script&gt;?" in page
    assert "<script" not in page
    assert "Expected calibration error" in page


def test_parts_can_be_held_to_bounds(tmp_path: Path) -> None:
    files = write(tmp_path)
    assert run("reading", *files, "--fail-under", "coverage=1", "--fail-under", "balanced.paired=0.9") == 0
    with pytest.raises(BelowTarget, match=r"with_without\.wrong_among_answers is 0\.6000, at most 0\.5 was demanded"):
        run("reading", *files, "--fail-over", "with_without.wrong_among_answers=0.5")
    with pytest.raises(SettingError, match=r"near_held_back is not measured on questions\.jsonl"):
        run("reading", *files, "--fail-under", "balanced.near_held_back=0.5")


@pytest.mark.model
def test_the_product_answers_from_one_article_in_memory(tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "nowhere")
    alone = open_product(settings).alone
    text = "## Use\n\nIron carries oxygen in the blood.\n\n## Food\n\nBeans and lentils hold much iron."
    answerer = alone(markdown_article("iron", "Iron", text))
    assert [article.title for article in answerer.articles] == ["Iron"]
    assert answerer.starters == ()
    found = answerer.ask("Which foods hold much iron?")
    assert (found.kind, found.quotes[0].text) == (AnswerKind.ANSWER, "Beans and lentils hold much iron.")
    assert found.suggestions == ()
    assert not settings.index.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--limit", "0"], "--limit 0: a whole number from 1 on was expected"),
        (["--every", "-1"], "--every -1: a whole number from 1 on was expected"),
        (["--every", "x"], "--every: invalid"),
        (["--run", "somewhere"], "unrecognized arguments: --run"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(SettingError) as caught:
        run("reading", *write(tmp_path), *arguments)
    assert message in str(caught.value)
