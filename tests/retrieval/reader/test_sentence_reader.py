from dataclasses import replace

import numpy as np
import pytest

from index.open import Opened
from retrieval.ranking.query import question_encoder
from retrieval.reader.sentence_reader import SENTENCES, SentenceReader, open_reader

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def reader(real: Opened) -> SentenceReader:
    found = open_reader(real, bank=False)
    assert found is not None
    return found


def rows_of(real: Opened, *starts: str) -> np.ndarray:
    """The rows of the sentences that begin so."""
    every = [s.text for p in real.index.passages for s in p.sentences]
    return np.array([next(n for n, text in enumerate(every) if text.startswith(start)) for start in starts])


def test_the_sentence_that_answers_is_read_as_the_likeliest(real: Opened, reader: SentenceReader) -> None:
    index = real.index
    encode = question_encoder(real.encoder)
    every = np.arange(len(index.sentence_passage))
    texts = [s.text for p in index.passages for s in p.sentences]
    asked = encode("can hypomagnesemia cause seizures")
    best = max(
        (float(p), texts[row])
        for start in range(0, len(every), SENTENCES)
        for row, p in zip(
            every[start : start + SENTENCES],
            reader.read(index, asked, every[start : start + SENTENCES]),
            strict=True,
        )
    )
    assert best[0] > 0.5
    assert "seizure" in best[1].lower()


def test_a_model_without_a_reader_has_none(real: Opened) -> None:
    recipe = real.manifest.recipe
    other = replace(real.manifest, recipe=replace(recipe, card=replace(recipe.card, reader_layer=0)))
    assert open_reader(replace(real, manifest=other), bank=False) is None


def test_beside_a_bank_none_is_opened(real: Opened) -> None:
    assert open_reader(real) is None


def test_the_order_of_sentences_changes_little(real: Opened, reader: SentenceReader) -> None:
    asked = question_encoder(real.encoder)("what are the symptoms of low magnesium")
    rows = np.array([3, 17, 40, 8])
    forward = reader.read(real.index, asked, rows)
    backward = reader.read(real.index, asked, rows[::-1])[::-1]
    np.testing.assert_allclose(forward, backward, atol=1e-4)
