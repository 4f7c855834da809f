from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.common.errors import DatasetError
from retrieval.evaluate.beir import read_beir
from retrieval.evaluate.datasets import Recall

DOCS = [
    {"_id": "d1", "title": "Magnesium", "text": "It is a mineral. It is needed."},
    {"_id": "d2", "title": "", "text": "Kidneys."},
    {"_id": "d3", "title": " ", "text": ""},
]
QUERIES = [{"_id": "q1", "text": "mineral"}, {"_id": "q2", "text": "never judged"}]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t1\nq1\td9\t1\nq2\td1\t0\n"


def write(folder: Path, docs: Any = DOCS, queries: Any = QUERIES, qrels: str = QRELS, split: str = "test") -> Path:
    (folder / "qrels").mkdir(exist_ok=True)
    (folder / "qrels" / f"{split}.tsv").write_text(qrels, encoding="utf-8")
    for name, rows in (("corpus", docs), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


def test_documents_become_passages_with_their_title(tmp_path: Path) -> None:
    dataset = read_beir(write(tmp_path))
    (corpus,) = dataset.corpora
    assert [(p.id, p.text) for p in corpus.passages] == [
        ("d1", "Magnesium\n\nIt is a mineral. It is needed."),
        ("d2", "Kidneys."),
    ]
    assert [s.text for s in corpus.passages[0].sentences] == ["Magnesium", "It is a mineral.", "It is needed."]
    assert all(a.text[p.start : p.end] == p.text for a, p in zip(corpus.articles, corpus.passages, strict=True))
    assert dataset.notes == ("1 documents without any text were left out",)


def test_only_queries_with_a_relevant_document_are_asked_and_missing_ones_stay_in_the_gold(tmp_path: Path) -> None:
    dataset = read_beir(write(tmp_path))
    (question,) = dataset.corpora[0].questions
    assert (question.id, question.text, question.gold) == ("q1", "mineral", {"d1": 2, "d2": 1, "d9": 1})
    assert dataset.recall is Recall.SHARE


def test_dev_is_read_where_there_is_no_test(tmp_path: Path) -> None:
    assert read_beir(write(tmp_path, split="dev")).name.endswith("(dev)")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"docs": [DOCS[0], DOCS[0]]}, "corpus.jsonl, line 2: document 'd1' was given before"),
        ({"docs": [{"_id": "a b", "text": "x"}]}, "line 1, _id: an id without white space"),
        ({"docs": [DOCS[2]]}, "holds no document with text"),
        ({"queries": [{"_id": "q9", "text": "x"}]}, "query 'q1' is not in"),
        ({"qrels": "q1\td1\n"}, "test.tsv, line 1: query-id, corpus-id and score were expected, found 2 columns"),
        ({"qrels": "q1\td1\tyes\n"}, "line 1: a whole number was expected as score, found 'yes'"),
        ({"qrels": "q1\td1\t0\n"}, "no query has a relevant document"),
        ({"qrels": "q1\td8\t1\n"}, "none of its documents is in"),
    ],
)
def test_what_is_not_beir_is_named(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(DatasetError) as caught:
        read_beir(write(tmp_path, **change))
    assert message in str(caught.value)


def test_a_missing_folder_or_qrels_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no such folder"):
        read_beir(tmp_path / "none")
    with pytest.raises(DatasetError, match=r"none of test\.tsv, dev\.tsv and train\.tsv"):
        read_beir(tmp_path)
