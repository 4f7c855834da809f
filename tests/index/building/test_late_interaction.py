"""Late-interaction models: known by their files, their own token vectors served, a random projection never."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.common.errors import ModelError
from corpus.common.settings import Settings
from index.build import build
from index.contents import embedded_text
from index.encoder.encode import Encoder, Floats
from index.encoder.weights import Weights, find_weights
from index.folder import read_manifest
from index.open import open_index
from tests.index import by_hand
from tests.index.tiny import (
    LATE_DIM,
    MARKERS,
    save_tiny_late_model,
    save_tiny_model,
    save_tiny_pylate_model,
    save_tiny_stanford_model,
)

pytestmark = pytest.mark.model
MODULES = "sentence_transformers.multi_vector_encoder.modules"
TEXTS = ["iron helps the blood", "beans", "", "zebra, iron! Why?"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_late_model(tmp_path_factory.mktemp("late"))


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Settings:
    settings = replace(by_hand.settle(tmp_path_factory.mktemp("place")), model=str(model))
    build(settings)
    return settings


def load(model: Path) -> Encoder:
    from index.building.torch_network import load_torch_encoder

    return load_torch_encoder(find_weights(str(model)))


def library(model: Path, texts: list[str], query: bool = False) -> list[Floats]:
    """What sentence-transformers itself gives: (n, dim) a text, special tokens and prompt included."""
    from sentence_transformers import MultiVectorEncoder

    encoder: Any = MultiVectorEncoder(str(model), device="cpu")
    encode = encoder.encode_query if query else encoder.encode_document
    return list(encode(texts, convert_to_numpy=True))


def restate(file: Path, change: Callable[[Any], Any]) -> None:
    file.write_text(json.dumps(change(json.loads(file.read_text()))))


def test_the_manifest_says_what_it_is(late: Settings) -> None:
    manifest = read_manifest(late.index)
    card = manifest.recipe.card
    assert manifest.exported  # and so proved to agree
    assert (card.name, card.dim, card.window, card.token_layers) == ("late", LATE_DIM, 48, ())
    assert (card.query_prompt, card.passage_prompt) == ("what of ", "beans ")
    assert card.weights == find_weights(late.model).sha256


@pytest.mark.parametrize(("role", "prompt"), [("query", 2), ("passage", 1)])
def test_tokens_are_those_of_the_library(late: Settings, role: Any, prompt: int) -> None:
    served = open_index(late).encoder
    for text, found, every in zip(TEXTS, served.encode(TEXTS, role), library(Path(late.model), TEXTS, role == "query"),
                                  strict=True):  # fmt: skip
        inner = every[1 + prompt : -1]  # between [CLS], the words of the prompt, and [SEP]
        assert inner.shape == (len(found.spans), LATE_DIM), text
        np.testing.assert_allclose(found.tokens, inner, atol=1e-5)
        np.testing.assert_allclose(found.context, inner, atol=1e-5)
        mean = every.mean(axis=0)
        np.testing.assert_allclose(found.vector, mean / np.linalg.norm(mean), atol=1e-5)


def test_the_index_holds_the_vectors_of_the_library(late: Settings) -> None:
    index = open_index(late).index
    texts = [embedded_text(passage) for passage in index.passages]
    for n, every in enumerate(library(Path(late.model), texts)):
        mean = every.mean(axis=0)
        np.testing.assert_allclose(index.dense.rows(np.array([n]))[0], mean / np.linalg.norm(mean), atol=1e-5)
        np.testing.assert_allclose(index.tokens.of(n).vectors, every[2:-1], atol=4e-3)  # stored in a byte


def test_a_model_of_pylate_keeps_its_markers(tmp_path: Path) -> None:
    folder = save_tiny_pylate_model(tmp_path)
    made = load(folder)
    assert (made.card.query_prompt, made.card.passage_prompt, made.card.window) == (*MARKERS, 48)
    text = "iron helps the blood"
    (query,), (passage,) = made.encode([text], "query"), made.encode([text])
    (expanded,), (document,) = library(folder, [text], query=True), library(folder, [text])
    assert (len(expanded), len(document)) == (24, 7)  # [CLS], the marker, 4 words, [SEP]; queries are filled up
    np.testing.assert_allclose(query.tokens, expanded[2:6], atol=1e-5)
    np.testing.assert_allclose(passage.tokens, document[2:6], atol=1e-5)
    assert np.abs(query.tokens - passage.tokens).max() > 1e-4  # the marker tells


def test_a_model_of_stanford_has_its_own_projection(tmp_path: Path) -> None:
    folder = save_tiny_stanford_model(tmp_path)
    made = load(folder)
    assert (made.card.query_prompt, made.card.passage_prompt) == ("safe ", "all ")
    assert (made.card.dim, made.card.window) == (LATE_DIM, 40)
    text = "iron helps the blood"
    (query,), (passage,) = made.encode([text], "query"), made.encode([text])
    (expanded,), (document,) = library(folder, [text], query=True), library(folder, [text])
    assert (len(expanded), len(document)) == (24, 7)
    np.testing.assert_allclose(query.tokens, expanded[2:6], atol=1e-5)
    np.testing.assert_allclose(passage.tokens, document[2:6], atol=1e-5)


def test_a_plain_model_is_never_made_a_late_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from index.building import late_interaction

    monkeypatch.setattr(late_interaction, "MultiVectorEncoder", None)  # calling it would raise
    made = load(save_tiny_model(tmp_path))
    assert (made.card.dim, made.card.token_layers) == (32, (-1,))


def test_a_random_projection_is_refused(tmp_path: Path) -> None:
    folder = save_tiny_late_model(tmp_path)
    restate(folder / "modules.json", lambda modules: [m for m in modules if not m["type"].endswith("Dense")])
    restate(
        folder / "config_sentence_transformers.json", lambda config: {**config, "model_type": "SentenceTransformer"}
    )
    with pytest.raises(ModelError) as error:
        load(folder)
    assert str(error.value) == (
        "the late-interaction model 'late' brings 0 projections, sentence-transformers made 1 of them, one at random; "
        "name a model that was trained with its projection"
    )


def test_without_modules_it_would_be_random_too(tmp_path: Path) -> None:
    folder = save_tiny_late_model(tmp_path)
    (folder / "modules.json").unlink()
    with pytest.raises(ModelError, match="brings 0 projections, sentence-transformers made 1 of them"):
        load(folder)


def test_a_part_that_merges_tokens_is_refused(tmp_path: Path) -> None:
    folder = save_tiny_late_model(tmp_path)
    pooling = {"idx": 4, "name": "4", "path": "4_Pooling", "type": f"{MODULES}.HierarchicalTokenPooling"}
    restate(folder / "modules.json", lambda modules: [*modules, pooling])
    (folder / "4_Pooling").mkdir()
    (folder / "4_Pooling" / "config.json").write_text('{"pool_factor": 2.0}')
    with pytest.raises(ModelError, match="'late' has a part HierarchicalTokenPooling, which cannot be served"):
        load(folder)


@pytest.mark.parametrize(("revision", "found"), [("", "no revision"), ("main", "the revision 'main'")])
def test_one_from_the_hub_needs_a_commit(
    model: Path, monkeypatch: pytest.MonkeyPatch, revision: str, found: str
) -> None:
    from index.building import late_interaction
    from index.building.torch_network import load_torch_encoder

    asked = []

    def fetch(place: str, file: str, revision: str | None) -> str | None:
        asked.append((place, revision))
        return str(model / file)

    monkeypatch.setattr(late_interaction, "load_file_path", fetch)
    with pytest.raises(ModelError) as error:
        load_torch_encoder(Weights("an-org/late", revision, "an-org/late", ""))
    assert str(error.value) == (
        f"the late-interaction model 'an-org/late' is named with {found}; "
        "set ASK_MODEL_REVISION to the 40 digits of one of its commits on the hub"
    )
    assert set(asked) == {("an-org/late", revision or None)}
