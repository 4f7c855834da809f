"""What is done beside the first answers is all done, and changes none."""

from __future__ import annotations

from corpus.common.settings import Settings
from index.encoder.onnx_network import OnnxNetwork
from index.open import open_index
from retrieval.answering.warm import warm, warm_beside
from retrieval.safety import phrases
from retrieval.safety.emergency import emergency
from retrieval.safety.phrase_files import DATA
from retrieval.safety.phrases import every_phrase, read_sections
from tests.index import by_hand


def test_every_phrase_of_every_file_is_compiled() -> None:
    phrases._compiled.cache_clear()
    warm(by_hand.encoder())
    assert phrases._compiled.cache_info().currsize == len({phrase.written for phrase in every_phrase()})
    before = phrases._compiled.cache_info().misses
    assert emergency("my son is having a seizure right now") is not None
    assert phrases._compiled.cache_info().misses == before


def test_files_of_phrases_are_known_by_their_sections() -> None:
    written = {phrase.written for phrase in every_phrase()}
    for name in ("injection.txt", "first_aid.txt", "emergency/stroke.txt", "personal/frames.txt"):
        for book in read_sections(DATA / name).values():
            assert {phrase.written for phrase in book.phrases} <= written


def test_the_served_encoder_is_widened_in_a_thread(real_index: Settings) -> None:
    encoder = open_index(real_index).encoder
    assert isinstance(encoder.network, OnnxNetwork)
    assert encoder.network._wide is None
    warm_beside(encoder).join(30)
    assert encoder.network._wide is not None
