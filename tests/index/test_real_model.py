"""The packaged MiniLM and the first article: golden numbers, agreement with sentence-transformers, nothing cut off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.common.settings import Settings
from index.contents import embedded_text
from index.encoder.weights import PACKAGED_SHA256, find_weights
from index.folder import read_manifest
from index.open import Opened

pytestmark = pytest.mark.model

# SentenceTransformer("sentence-transformers/all-MiniLM-L6-v2").encode(text, normalize_embeddings=True)[:6]
GOLDEN = {
    "Can hypomagnesemia cause seizures?": [0.012260, 0.021560, -0.052735, 0.042075, 0.002047, -0.013704],
    "16-year-old boy": [-0.003262, 0.138545, 0.008106, -0.055562, -0.052018, -0.056737],
}
HOSTILE = [
    "",
    " ",
    "\u0000",
    "a" * 5000,
    "☃" * 300,
    "é\u0301",
    "[SEP] [CLS] [PAD]",
    "ﬁ ½ 铁 ﷺ",
    "x\u200by",
    "\ud83d\ude00",
]


def test_golden_vectors(real: Opened) -> None:
    for text, first in GOLDEN.items():
        (found,) = real.encoder.encode([text], "query")
        np.testing.assert_allclose(found.vector[:6], first, atol=2e-6)
        assert np.linalg.norm(found.vector) == pytest.approx(1, abs=1e-6)


def test_spans_are_those_of_the_text(real: Opened) -> None:
    text = "A 16-year-old boy’s Hypomagnesemia"
    (found,) = real.encoder.encode([text])
    pieces = [text[a:b] for a, b in found.spans]
    assert pieces == ["A", "16", "-", "year", "-", "old", "boy", "’", "s", "H", "yp", "oma", "gne", "se", "mia"]
    assert "".join(pieces) == re.sub(r"\s", "", text)


def test_the_manifest(real: Opened) -> None:
    card = real.manifest.recipe.card
    assert (card.weights, card.dim, card.window) == (PACKAGED_SHA256, 384, 256)
    assert (real.manifest.exported, real.manifest.passages) == (True, 30)


def test_the_nearest_passages_are_known(real: Opened) -> None:
    def nearest(question: str) -> str:
        (query,) = real.encoder.encode([question], "query")
        return real.index.passages[int(real.index.dense.search(query.vector, 1).rows[0])].text

    assert nearest("What are the symptoms of low magnesium levels?").startswith("Q: What are the symptoms of low")
    assert nearest("How is hypomagnesemia diagnosed?").startswith("Q: How is hypomagnesemia diagnosed?")
    assert nearest("What did Lee et al. find?").startswith(("Furthermore, a study conducted by Lee", "• Smith et al."))


def test_every_passage_fits_the_window(real: Opened) -> None:
    lengths = [real.encoder.count(embedded_text(p)) + 2 for p in real.index.passages]
    assert 0 < max(lengths) <= 256


def test_every_sentence_has_tokens_of_its_own(real: Opened) -> None:
    for n, passage in enumerate(real.index.passages):
        spans = real.index.tokens.of(n).spans + passage.start
        for sentence in passage.sentences:
            inside = (spans[:, 0] >= sentence.start) & (spans[:, 1] <= sentence.end)
            letters = "".join(real.index.articles[0].text[a:b] for a, b in spans[inside])
            assert letters == re.sub(r"\s", "", sentence.text)


def test_the_twin_agrees_on_texts_it_was_not_proved_on(real: Opened) -> None:
    from index.building.export import prove
    from index.building.torch_network import load_torch_encoder

    texts = [*(a.question for a in real.index.bank.asked[:60]), *(p.text * 3 for p in real.index.passages[:4])]
    proof = prove(load_torch_encoder(find_weights()), real.encoder, [*texts, *_printable(HOSTILE)])
    assert min(proof.vectors, proof.tokens) >= 0.99999


def _printable(texts: Sequence[str]) -> list[str]:
    return [text.encode("utf-16", "surrogatepass").decode("utf-16") for text in texts]


def test_the_index_holds_the_vectors_of_the_library(real: Opened) -> None:
    from sentence_transformers import SentenceTransformer

    library = SentenceTransformer(find_weights().place, device="cpu")
    rows = real.index.dense.rows(np.arange(30))
    expected = library.encode([embedded_text(p) for p in real.index.passages], normalize_embeddings=True)
    assert np.sum(rows * expected, axis=1).min() >= 0.99999


def test_hostile_texts_have_finite_vectors(real: Opened) -> None:
    for found in real.encoder.encode(_printable(HOSTILE)):
        assert np.isfinite(found.vector).all()
        assert np.isfinite(found.tokens).all()


def test_nothing_of_a_long_text_is_dropped(real: Opened) -> None:
    text = real.index.articles[0].text
    (found,) = real.encoder.encode([text])
    assert "".join(text[a:b] for a, b in found.spans) == re.sub(r"\s", "", text)


def test_the_folder_holds_no_pickle(real_index: Settings) -> None:
    manifest = read_manifest(real_index.index)
    suffixes = {Path(name).suffix for name in manifest.files}
    assert suffixes == {".json", ".jsonl", ".faiss", ".npy", ".onnx", ".data"}
    for name in (n for n in manifest.files if n.endswith(".npy")):
        np.load(real_index.index / manifest.generation / name, allow_pickle=False)
