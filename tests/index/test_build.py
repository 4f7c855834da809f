"""What a build makes, what it takes over, and what it embeds again."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from corpus.article import Passage
from corpus.common.errors import ArticleError, QuestionFileError
from corpus.common.settings import Settings
from corpus.readers.registry import read_article
from corpus.splitter import split
from index import build as building
from index import contents
from index.build import Built, build, main
from index.building.shards import Earlier, Shards
from index.encoder.limits import limits
from index.folder import read_manifest
from index.open import Opened, open_index
from tests.index.by_hand import ARTICLE, BANK, DIM, Used, encoder, one_hot, rows, settle

PASSAGES, WORDINGS = 3, 3


def write(settings: Settings, text: str) -> None:
    settings.articles[0].write_text(text, encoding="utf-8")


def embedded(used: Used) -> int:
    """How many texts the last build gave to the network."""
    return rows(used.loaded[-1])


def test_the_folder_holds_what_the_manifest_names_and_no_pickle(place: Settings) -> None:
    build(place)
    manifest = read_manifest(place.index)
    root = place.index / manifest.generation
    files = {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()}
    assert files == set(manifest.files)
    assert {p.name for p in place.index.iterdir()} == {".lock", "manifest.json", manifest.generation}
    assert {Path(name).suffix for name in files} == {".jsonl", ".json", ".faiss", ".npy", ".onnx"}
    for name in (n for n in files if n.endswith(".npy")):
        np.load(root / name, allow_pickle=False)


def test_the_manifest_says_what_it_was_made_from(place: Settings) -> None:
    built = build(place)
    manifest = read_manifest(place.index)
    assert manifest == built.manifest
    assert (manifest.passages, built.embedded, built.asked) == (PASSAGES, PASSAGES, WORDINGS)
    assert (manifest.recipe.card.name, manifest.recipe.card.dim) == ("by-hand", DIM)
    (article,) = manifest.recipe.articles
    assert (article.file, article.id, article.title) == ("iron.md", "iron", "Iron")
    assert manifest.libraries["faiss-cpu"] == version("faiss-cpu")
    assert not manifest.exported


def test_rows_agree_everywhere(place: Settings) -> None:
    build(place)
    index = open_index(place).index
    sentences = [s for p in index.passages for s in p.sentences]
    assert len(index.passages) == len(index.dense) == index.lexical.n == PASSAGES
    assert len(sentences) == len(index.sentence_dense) == len(index.sentence_passage)
    for n, passage in enumerate(index.passages):
        own = slice(index.first_sentence[n], index.first_sentence[n + 1])
        assert tuple(sentences[own]) == passage.sentences
        assert set(index.sentence_passage[own].tolist()) == {n}


def test_vectors_by_hand(place: Settings) -> None:
    build(place)
    opened = open_index(place)
    first = opened.index.passages[0]
    assert contents.embedded_text(first) == "Use\nIron helps the blood. Beans hold much of it."
    # 4 words, a stop, 5 words, a stop; "Use", "." are unknown to the model: 3 of them share one column
    expected = np.zeros(DIM, np.float32)
    expected[[one_hot(w) for w in ["iron", "helps", "the", "blood", "beans", "hold", "much", "of", "it"]]] = 1
    expected[1] = 3
    np.testing.assert_allclose(opened.index.dense.rows(np.array([0]))[0], expected / 18**0.5, atol=1e-6)
    tokens = opened.index.tokens.of(0)
    assert tokens.spans[0].tolist() == [-4, -1]  # the heading stands before the passage
    assert [first.text[a:b] for a, b in tokens.spans[1:5]] == ["Iron", "helps", "the", "blood"]
    (sentence,) = opened.index.sentence_dense.rows(np.array([0]))
    assert sentence[one_hot("iron")] == pytest.approx(1 / 5**0.5, abs=1e-3)  # 4 words and the stop
    assert sentence[one_hot("beans")] == 0


def test_a_pair_is_embedded_without_its_question_twice(place: Settings) -> None:
    build(place)
    pair = open_index(place).index.passages[2]
    assert contents.embedded_text(pair) == pair.text
    assert pair.text.startswith("Q: Why")


def test_the_bank_lies_in_the_index(place: Settings) -> None:
    build(place)
    bank = open_index(place).index.bank
    assert [(a.question, a.topic, len(a.sentences)) for a in bank.asked] == [
        ("what helps the blood", "use", 1),
        ("is iron safe", "use", 1),
        ("what of tea", "other", 0),
    ]
    (vector,) = bank.dense.rows(np.array([2]))
    assert vector[[one_hot(w) for w in ("what", "of", "tea")]] == pytest.approx([3**-0.5] * 3)


def test_a_second_build_embeds_nothing(place: Settings, used: Used) -> None:
    first = build(place)
    assert embedded(used) == PASSAGES + WORDINGS
    before = opened_arrays(open_index(place))
    second = build(place)
    assert embedded(used) == 0
    assert second.embedded == 0
    assert second.manifest.generation != first.manifest.generation
    for a, b in zip(before, opened_arrays(open_index(place)), strict=True):
        np.testing.assert_array_equal(a, b)


def opened_arrays(opened: Opened) -> list[np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    index = opened.index
    every = np.arange(len(index.dense))
    tokens = [array for n in every.tolist() for array in (index.tokens.of(n).vectors, index.tokens.of(n).spans)]
    bank = index.bank.dense.rows(np.arange(len(index.bank.dense)))
    return [index.dense.rows(every), index.sentence_dense.rows(np.arange(len(index.sentence_dense))), bank, *tokens]


def test_only_what_changed_is_embedded_again(place: Settings, used: Used) -> None:
    build(place)
    write(place, ARTICLE.replace("Beans hold much of it.", "Beans hold it all."))
    (place.questions / "iron" / "bank.md").write_text(BANK + "- why eat beans\n", encoding="utf-8")
    built = build(place)
    assert (embedded(used), built.embedded) == (2, 1)


def test_what_is_taken_over_equals_what_would_be_embedded(place: Settings, tmp_path: Path) -> None:
    changed = "# Iron\n\nA new start.\n\n" + ARTICLE.removeprefix("# Iron\n\n").replace("Beans.", "Tea.")
    build(place)
    write(place, changed)
    build(place)
    fresh = settle(tmp_path / "fresh", changed)
    build(fresh)
    for a, b in zip(opened_arrays(open_index(place)), opened_arrays(open_index(fresh)), strict=True):
        np.testing.assert_array_equal(a, b)


def test_equal_text_under_another_heading_is_embedded_again(place: Settings, used: Used) -> None:
    build(place)
    write(place, ARTICLE.replace("## Use", "## Blood"))
    build(place)
    assert embedded(used) == 1


def test_another_model_takes_nothing_over(place: Settings, used: Used) -> None:
    build(place)
    Path(place.model, "config.json").write_text("{}", encoding="utf-8")
    build(place)
    assert embedded(used) == PASSAGES + WORDINGS


def test_nothing_is_taken_over_from_a_damaged_index(place: Settings, used: Used) -> None:
    manifest = build(place).manifest
    (place.index / manifest.generation / "passages.faiss").write_bytes(b"")
    build(place)
    assert embedded(used) == PASSAGES + WORDINGS
    open_index(place)


@pytest.mark.parametrize("broken", [False, True])
def test_a_killed_build_goes_on_where_it_was(place: Settings, used: Used, broken: bool) -> None:
    article = read_article(place.articles[0]).article
    passages = split(article, limits(used.load(place)))
    (shard,) = embed(place, passages)
    if broken:
        shard.write_bytes(shard.read_bytes()[:-40])
    build(place)
    assert embedded(used) == WORDINGS + (PASSAGES if broken else 0)
    assert not (place.index / "shards").exists()
    assert len(open_index(place).index.dense) == PASSAGES


def embed(place: Settings, passages: list[Passage]) -> list[Path]:
    """Embed without building, as a killed build has done."""
    place.index.mkdir()
    made = building._load(place)
    return Shards(place.index / "shards").embed_all(passages, made, Earlier(None), lambda _: None)


def test_many_passages_make_many_shards(place: Settings, used: Used, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.building.shards.SHARD", 2)
    build(place)
    assert embedded(used) == PASSAGES + WORDINGS
    index = open_index(place).index
    alone = encoder().encode([contents.embedded_text(p) for p in index.passages])
    for n, encoding in enumerate(alone):
        np.testing.assert_allclose(index.dense.rows(np.array([n]))[0], encoding.vector, atol=1e-6)
        assert len(index.tokens.of(n).vectors) == len(encoding.tokens)


def test_two_articles(place: Settings, tmp_path: Path) -> None:
    other = tmp_path / "tea.txt"
    other.write_text("Tea\n\nTea is safe. It is not for all.\n", encoding="utf-8")
    both = replace(place, articles=(*place.articles, other))
    build(both)
    index = open_index(both).index
    assert [a.title for a in index.articles] == ["Iron", "Tea"]
    assert [p.id for p in index.passages] == ["iron#1", "iron#2", "iron#3", "tea#1"]
    assert index.passages[3].sentences[0].text == "Tea is safe."


def test_a_bad_article_leaves_the_index_as_it_was(place: Settings) -> None:
    before = build(place).manifest
    write(place, "# Iron\n")
    with pytest.raises(ArticleError, match="no sentence found"):
        build(place)
    assert read_manifest(place.index) == before


def test_a_bad_bank_leaves_the_index_as_it_was(place: Settings) -> None:
    before = build(place).manifest
    (place.questions / "iron" / "bank.md").write_text("## a\n- b\n> Not there.\n", encoding="utf-8")
    with pytest.raises(QuestionFileError, match="line 3"):
        build(place)
    assert read_manifest(place.index) == before


def test_no_article_at_all(place: Settings) -> None:
    with pytest.raises(ArticleError, match="no article to build from"):
        build(replace(place, articles=()))


def test_the_command_says_what_it_built(
    place: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = place.articles[0].with_suffix(".txt")
    saved.write_text("web analytics\n\nIron\n\nIron helps the blood.\n", encoding="utf-8")
    monkeypatch.setenv("ASK_QUESTIONS", str(place.questions))
    (place.questions / "iron" / "bank.md").unlink()
    assert main([str(saved), "--out", str(place.index), "--model", place.model]) == 0
    size = sum(stamp.bytes for stamp in read_manifest(place.index).files.values())
    assert capsys.readouterr().out == (
        "read 'Iron', left out 1 lines of page noise\n"
        "  left out: web analytics\n"
        "embedded 1 passages with by-hand, took over 0 unchanged\n"
        "question bank: 0 wordings\n"
        f"index ready in {place.index} (1 passages, {size / 1e6:.1f} MB)\n"
    )
    assert main([str(place.articles[0]), "--out", str(place.index), "--model", place.model]) == 0
    assert capsys.readouterr().out.startswith(f"replaced the index of {saved.name}\n")


def test_lines_hold_the_article_to_the_character(place: Settings) -> None:
    built: Built = build(place)
    root = place.index / built.manifest.generation
    (line,) = (root / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["text"] == built.readings[0].article.text
    assert list(open_index(place).index.articles) == [built.readings[0].article]
