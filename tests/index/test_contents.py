"""What an index holds: written, read back, and the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from corpus.article import Draft, Passage
from corpus.bank import Asked
from corpus.readers.registry import plain_article
from corpus.splitter import split
from index import contents
from index import line_tables as lines
from index.bank_model import ALSO, GAMMA, RIDGE, BankModel
from index.encoder.encode import Floats, unit_rows
from index.tokens import Tokens
from tests.corpus.test_sentences import ANY_TEXT
from tests.corpus.test_splitter import DRAFTS, article
from tests.index.by_hand import DIM, encoder, one_hot


def index_of(text: str) -> contents.Index:
    made, source = encoder(), plain_article("a", "A", text)
    passages = split(source)
    encodings = made.encode([contents.embedded_text(p) for p in passages])
    embedded = contents.stack([contents.embed(p, e) for p, e in zip(passages, encodings, strict=True)], DIM)
    return contents.assemble(made, [source], passages, embedded)


def test_an_index_in_memory_by_hand() -> None:
    index = index_of("Iron helps. Beans hold it.")
    assert len(index.passages) == len(index.dense) == 1
    first, second = index.sentence_dense.rows(np.arange(2))
    assert first[[one_hot("iron"), one_hot("helps"), 1]] == pytest.approx([3**-0.5] * 3)
    assert second[[one_hot("beans"), one_hot("hold"), one_hot("it"), 1]] == pytest.approx([0.5] * 4)
    assert index.sentence_passage.tolist() == [0, 0]
    assert index.first_sentence.tolist() == [0, 2]
    assert index.lexicon.counts["iron"] == 1
    assert index.first_token.tolist() == [0, 3]
    assert index.piece_frequencies[one_hot("iron")] == 1


def test_every_sentence_is_found_by_its_row() -> None:
    index = index_of("Iron helps. Beans hold it.\n\nTea lowers it.")
    wanted = [(passage, sentence) for passage in index.passages for sentence in passage.sentences]
    assert len(wanted) == len(index.sentence_dense) == 3
    assert [index.sentence(row) for row in range(3)] == wanted


@pytest.mark.parametrize("text", ["Iron helps.", "\u200b", "zebra \u0301 ☃"])
def test_any_index_can_be_written_and_read(tmp_path: Path, text: str) -> None:
    index = index_of(text)
    tokens = (index.tokens.of(n) for n in range(len(index.passages)))
    Tokens.write(tmp_path, np.diff(index.tokens.starts).tolist(), DIM, tokens)
    contents.save(index, tmp_path)
    opened = contents.load(tmp_path, index.card)
    assert list(opened.passages) == index.passages
    assert list(opened.articles) == index.articles
    assert opened.lexicon == index.lexicon
    every = np.arange(len(index.passages))
    np.testing.assert_array_equal(opened.dense.rows(every), index.dense.rows(every))
    np.testing.assert_array_equal(opened.lexical.scores(["iron"]), index.lexical.scores(["iron"]))
    np.testing.assert_array_equal(opened.tokens.ids, index.tokens.ids)


@settings(max_examples=100, deadline=None)
@given(drafts=DRAFTS, question=ANY_TEXT)
def test_lines_keep_every_character(
    tmp_path_factory: pytest.TempPathFactory, drafts: list[Draft], question: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "lines.jsonl"
    source = article(*drafts)
    passages = split(source)
    lines.write(path, [source])
    assert list(lines.Lines(path, lines.article)) == [source]
    lines.write(path, passages)
    assert list(lines.Lines(path, lines.passage)) == passages
    asked = [Asked(question, "topic", tuple((n, s) for n, p in enumerate(passages) for s in p.sentences))]
    lines.write(path, asked)
    assert list(lines.Lines(path, lines.asked)) == asked


def bank_of(n: int) -> tuple[list[Asked], dict[tuple[int, int], int], list[Passage]]:
    """A bank of n wordings about 4 sentences; each third one is not covered, each fourth has two sentences."""
    passages = split(plain_article("a", "A", "Iron helps. Beans hold it.\n\nTea lowers it. It is safe."))
    places = [(row, s) for row, p in enumerate(passages) for s in p.sentences]
    number = {(row, s.start): n for n, (row, s) in enumerate(places)}
    asked = []
    for i in range(n):
        first, second = places[i % 4], places[(i + 1) % 4]
        chosen = () if i % 3 == 0 else (first, second) if i % 4 == 0 else (first,)
        asked.append(Asked(f"q{i}", "t", chosen))
    return asked, number, passages


def random_rows(n: int) -> Floats:
    return unit_rows(np.random.default_rng(5).standard_normal((n, 6)).astype(np.float32))


def test_a_bank_of_one_wording_by_hand() -> None:
    asked, number, _ = bank_of(2)
    model = BankModel.fit(np.eye(2, dtype=np.float32)[:1], asked[1:], number)
    # one wording: K = exp(0) = 1, so its weight is 1 / (1 + RIDGE); orthogonal to it the kernel is exp(-GAMMA)
    own, other = model.predict(np.array([1, 0], np.float32)), model.predict(np.array([0, 1], np.float32))
    assert own.covered == pytest.approx(1 / (1 + RIDGE))
    assert other.covered == pytest.approx(np.exp(-GAMMA) / (1 + RIDGE))
    assert [own.nearest_covered, own.nearest_not, other.nearest_covered] == [1, 0, 0]
    assert model.targets.tolist() == [1]
    assert own.sentences.tolist() == pytest.approx([1 / (1 + RIDGE)])


def test_a_bank_against_plain_linear_algebra(tmp_path: Path) -> None:
    asked, number, _ = bank_of(24)
    rows = random_rows(25)
    known, new = rows[:24].astype(np.float64), rows[24].astype(np.float64)
    kernel = np.exp(GAMMA * (known @ known.T - 1))
    wanted = np.zeros((24, 5))
    for n, each in enumerate(asked):
        wanted[n, 0] = 1 if each.sentences else -1
        for place, (row, sentence) in enumerate(each.sentences):
            wanted[n, 1 + number[row, sentence.start]] = ALSO if place else 1
    expected = np.exp(GAMMA * (known @ new - 1)) @ np.linalg.inv(kernel + RIDGE * np.eye(24)) @ wanted
    fitted = BankModel.fit(rows[:24], asked, number)
    fitted.save(tmp_path)
    for model in (fitted, BankModel.load(tmp_path, rows[:24])):
        taught = model.predict(rows[24])
        np.testing.assert_allclose([taught.covered, *taught.sentences], expected, atol=1e-5)
        cosines = known @ new
        covers = np.array([bool(a.sentences) for a in asked])
        assert taught.nearest_covered == pytest.approx(cosines[covers].max(), abs=1e-6)
        assert taught.nearest_not == pytest.approx(cosines[~covers].max(), abs=1e-6)


def test_no_bank_teaches_nothing() -> None:
    taught = BankModel.fit(np.empty((0, 6), np.float32), [], {}).predict(random_rows(1)[0])
    assert (taught.covered, taught.sentences.tolist()) == (0, [])
