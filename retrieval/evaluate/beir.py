"""BEIR folders (Thakur et al. 2021): `corpus.jsonl`, `queries.jsonl` and `qrels/test.tsv` (else dev, else train).

Each document is a passage, its title before its text, and all are in one index. Only queries with a relevant
document are asked; a relevant document missing from the corpus stays in the qrels and is a miss for everyone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.article import Article, Passage, Sentence
from corpus.common.errors import DatasetError
from corpus.readers.registry import plain_article
from corpus.sentences import sentence_spans
from retrieval.evaluate.datasets import (
    Corpus,
    Dataset,
    Question,
    Recall,
    read_lines,
    read_text,
    require,
    require_text,
)

SPLITS = ("test", "dev", "train")

Qrels = dict[str, dict[str, int]]


def read_beir(folder: Path) -> Dataset:
    """Return the data set of a BEIR folder.

    Raises:
        DatasetError: a file is missing or not in BEIR's form; the message names file and line.
    """
    qrels_path = _qrels_path(folder)
    documents, empty = _documents(folder / "corpus.jsonl")
    questions = tuple(_questions(folder / "queries.jsonl", _qrels(qrels_path), qrels_path))
    if not any(id_ in documents for q in questions for id_ in q.gold or ()):
        raise DatasetError(f"{qrels_path}: none of its documents is in {folder / 'corpus.jsonl'}; check the folder")
    notes = (f"{empty} documents without any text were left out",) if empty else ()
    articles, passages = zip(*documents.values(), strict=True)
    corpus = Corpus(folder.name, articles, passages, questions)
    return Dataset(f"{folder.resolve().name} ({qrels_path.stem})", (corpus,), Recall.SHARE, notes=notes)


def _qrels_path(folder: Path) -> Path:
    if not folder.is_dir():
        raise DatasetError(f"{folder}: no such folder; a BEIR folder holds corpus.jsonl, queries.jsonl and qrels/")
    for name in SPLITS:
        path = folder / "qrels" / f"{name}.tsv"
        if path.is_file():
            return path
    raise DatasetError(f"{folder / 'qrels'}: holds none of test.tsv, dev.tsv and train.tsv; add one")


def _documents(path: Path) -> tuple[dict[str, tuple[Article, Passage]], int]:
    """Return documents by id, and how many had no text at all."""
    found: dict[str, tuple[Article, Passage]] = {}
    empty = 0
    for place, raw in read_lines(path, DatasetError):
        id_ = _id(raw, place)
        if id_ in found:
            raise DatasetError(f"{place}: document {id_!r} was given before; remove one of them")
        parts = [require(raw.get(field) or "", str, f"{place}, {field}", DatasetError) for field in ("title", "text")]
        text = "\n\n".join(part for part in parts if part.strip())
        if text:
            found[id_] = _document(id_, text)
        else:
            empty += 1
    if not found:
        raise DatasetError(f"{path}: holds no document with text; check the file")
    return found, empty


def _document(id_: str, text: str) -> tuple[Article, Passage]:
    """Make a document an article of one passage, named by its id, since titles repeat."""
    article = plain_article(id_, id_, text)
    sentences = tuple(Sentence(a, b, text[a:b]) for a, b in sentence_spans(text, 0, len(text)))
    return article, Passage(id_, id_, (), 0, len(text), text, sentences)


def _qrels(path: Path) -> Qrels:
    """Read the relevant documents (grade above 0) by query."""
    qrels: Qrels = {}
    rows = csv.reader(read_text(path, DatasetError).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    for number, row in enumerate(rows, start=1):
        if not row or (number == 1 and row[0] == "query-id"):
            continue
        place = f"{path}, line {number}"
        if len(row) != 3:
            raise DatasetError(
                f"{place}: query-id, corpus-id and score were expected, found {len(row)} columns; mend it"
            )
        grade = _grade(row[2], place)
        if grade > 0:
            qrels.setdefault(row[0], {})[row[1]] = grade
    if not qrels:
        raise DatasetError(f"{path}: no query has a relevant document; check the file")
    return qrels


def _grade(text: str, place: str) -> int:
    try:
        return int(text)
    except ValueError as problem:
        raise DatasetError(f"{place}: a whole number was expected as score, found {text!r}; mend it") from problem


def _questions(path: Path, qrels: Qrels, qrels_path: Path) -> Iterator[Question]:
    texts: dict[str, str] = {}
    for place, raw in read_lines(path, DatasetError):
        id_ = _id(raw, place)
        if id_ in qrels:
            texts[id_] = require_text(raw.get("text"), f"{place}, text", DatasetError)
    for id_, gold in qrels.items():
        if id_ not in texts:
            raise DatasetError(f"{qrels_path}: query {id_!r} is not in {path}; add it or remove its rows")
        yield Question(id_, texts[id_], gold)


def _id(raw: dict[str, Any], place: str) -> str:
    id_ = require_text(raw.get("_id"), f"{place}, _id", DatasetError)
    if len(id_.split()) != 1:
        raise DatasetError(f"{place}, _id: an id without white space was expected, found {id_!r}; rename it")
    return id_
