from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus.common.errors import DatasetError
from corpus.splitter import Limits
from retrieval.evaluate.datasets import Dataset
from retrieval.evaluate.squad import read_squad

FIRST = "Magnesium is a mineral. The body needs 300 mg a day."
SECOND = "Kidneys keep it. "  # white space at the end must stay


def entry(title: str | None, *paragraphs: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    found: dict[str, Any] = {"paragraphs": [{"context": text, "qas": qas} for text, qas in paragraphs]}
    return found if title is None else {"title": title, **found}


def asked(id_: str | int, question: str, *answers: tuple[str, int], impossible: bool = False) -> dict[str, Any]:
    texts = [{"text": text, "answer_start": start} for text, start in answers]
    return {"id": id_, "question": question, "answers": texts, "is_impossible": impossible}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def put(*entries: Any) -> Path:
        path = tmp_path / "set.json"
        path.write_text(json.dumps({"data": entries}), encoding="utf-8")
        return path

    return put


def two_paragraphs(write: Callable[..., Path]) -> Dataset:
    return read_squad(
        write(
            entry(
                "On magnesium",
                (FIRST, [asked(7, "How much?", ("300 mg", FIRST.index("300"))), asked("x", "Why?", impossible=True)]),
                (SECOND, [asked("k y", "Who keeps it?", ("Kidneys", 0), ("Kidneys ", 0))]),
            )
        )
    )


def test_each_paragraph_is_one_passage_exactly_as_it_stands(write: Callable[..., Path]) -> None:
    (corpus,) = two_paragraphs(write).corpora
    (article,) = corpus.articles
    assert [p.text for p in corpus.passages] == [FIRST, SECOND]
    assert [article.text[p.start : p.end] for p in corpus.passages] == [FIRST, SECOND]
    assert [[s.text for s in p.sentences] for p in corpus.passages] == [
        ["Magnesium is a mineral.", "The body needs 300 mg a day."],
        ["Kidneys keep it."],
    ]


def test_gold_is_the_questions_paragraph_and_spans_point_into_the_article(write: Callable[..., Path]) -> None:
    (corpus,) = two_paragraphs(write).corpora
    text = corpus.articles[0].text
    how, why, who = corpus.questions
    assert [list(q.gold or ()) for q in (how, why, who)] == [["On_magnesium#1"], ["On_magnesium#1"], ["On_magnesium#2"]]
    assert [text[a:b] for a, b in how.spans + who.spans] == ["300 mg", "Kidneys"]
    assert why.spans == ()
    assert [q.answerable for q in (how, why, who)] == [True, False, True]
    assert [q.id for q in (how, why, who)] == ["7", "x", "k_y"]


def test_a_sentence_must_hold_the_whole_span_unless_split(write: Callable[..., Path]) -> None:
    from retrieval.result import Quote

    path = write(entry("T", (FIRST, [asked("a", "What is needed?", ("a mineral. The", 13))])))
    start, middle = 13, 24
    first = Quote("", "T", "", 0, middle, 1.0)  # holds 10 of the 14 characters
    whole, half = read_squad(path), read_squad(path, Limits())
    assert start + 10 < middle
    assert whole.sentence_right(whole.corpora[0].questions[0], first) is False
    assert half.sentence_right(half.corpora[0].questions[0], first) is True
    assert half.sentence_right(half.corpora[0].questions[0], None) is False


def test_split_makes_each_paragraph_an_article_whose_gold_holds_half_the_answer(write: Callable[..., Path]) -> None:
    path = write(
        entry(
            "Two",
            (FIRST, [asked(1, "How much?", ("300 mg", FIRST.index("300"))), asked(2, "None?", impossible=True)]),
            (SECOND, []),
        )
    )
    dataset = read_squad(path, Limits(words=4, pieces=40))
    assert [c.articles[0].title for c in dataset.corpora] == ["Two, part 1", "Two, part 2"]
    assert {c.group for c in dataset.corpora} == {"Two"}
    how, none = dataset.corpora[0].questions
    gold = [p.text for p in dataset.corpora[0].passages if p.id in (how.gold or ())]
    assert gold == ["The body needs 300 mg a day."]
    assert none.gold is None


def test_an_answer_torn_into_small_pieces_has_no_gold_but_is_still_ranked(write: Callable[..., Path]) -> None:
    text = "aaaa bbbb cccc"
    dataset = read_squad(write(entry("T", (text, [asked(1, "All?", (text, 0))]))), Limits(words=1, pieces=1))
    assert [p.text for p in dataset.corpora[0].passages] == ["aaaa", "bbbb", "cccc"]
    assert dataset.corpora[0].questions[0].gold == {}


def test_questions_of_other_articles_are_drawn_as_many_as_answerable_ones_and_always_the_same(
    write: Callable[..., Path],
) -> None:
    qas = [[asked(f"{a}{n}", f"{a} {n}?", impossible=n == 0) for n in range(6)] for a in "abc"]
    path = write(*(entry(a, (a * 3, q)) for a, q in zip("abc", qas, strict=True)))
    corpora = read_squad(path).corpora
    assert [len(c.off_topic) for c in corpora] == [5, 5, 5]
    for corpus in corpora:
        assert not {q.id for q in corpus.off_topic} & {q.id for q in corpus.questions}
        assert len({q.id for q in corpus.off_topic}) == 5
    assert corpora == read_squad(path).corpora


def test_one_article_alone_is_asked_nothing_off_topic(write: Callable[..., Path]) -> None:
    assert two_paragraphs(write).corpora[0].off_topic == ()


def test_repeated_and_missing_names_get_their_own(write: Callable[..., Path]) -> None:
    one = entry("T", ("aaa", [asked("q", "A?"), asked("q", "B?")]))
    two = entry("T", ("bbb", [{"question": "C?"}]))
    corpora = read_squad(write(one, two, entry(None, ("ccc", [])))).corpora
    assert [q.id for c in corpora for q in c.questions] == ["q", "q~2", "3"]
    assert [c.articles[0].title for c in corpora] == ["T", "T~2", "article 3"]
    assert len({p.id for c in corpora for p in c.passages}) == 3


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"data": []}, "set.json.data: at least one entry"),
        ([], "set.json: an object was expected, found list []"),
        (
            {"data": [{"paragraphs": [{"qas": []}]}]},
            "data[0].paragraphs[0].context: a text was expected, found nothing",
        ),
        ({"data": [{"paragraphs": [{"context": " ", "qas": []}]}]}, "data[0].paragraphs[0].context: a text was"),
        ({"data": [entry("T", ("abc", [{"id": 1}]))]}, "paragraphs[0].qas[0].question"),
        (
            {"data": [entry("T", ("abc", [asked(1, "Q?", ("bc", 0))]))]},
            "answer_start 0 points at 'ab', its text is 'bc'",
        ),
        ({"data": [entry("T", ("abc", [asked(1, "Q?", ("abc", -3))]))]}, "answer_start -3 points at ''"),
        ({"data": [entry("T", ("abc", []))]}, "none of its questions can be ranked"),
    ],
)
def test_what_is_not_squad_is_named(tmp_path: Path, data: Any, place: str) -> None:
    path = tmp_path / "set.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        read_squad(path)
    assert place in str(caught.value)
    assert "\n" not in str(caught.value)


def test_split_without_any_answer_span_says_so(write: Callable[..., Path]) -> None:
    with pytest.raises(DatasetError, match="without --split they need no answer spans"):
        read_squad(write(entry("T", ("abc", [asked(1, "Q?")]))), Limits())


def test_no_file_and_no_json_are_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no such file"):
        read_squad(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    with pytest.raises(DatasetError, match="not JSON"):
        read_squad(tmp_path / "bad.json")
