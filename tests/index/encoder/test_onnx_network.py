"""Which of its two ways the network runs, with sessions that say their name; and that both give the same."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest

from index.encoder import onnx_network
from index.encoder.encode import Ints
from index.encoder.onnx_network import OnnxNetwork
from index.open import Opened

IDS = np.array([[101, 7592, 102]])


class Session:
    """Gives the number of its threads; `hold` makes a run wait."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self.entered, self.hold = Event(), Event()
        self.hold.set()

    def run(self, names: list[str], _: dict[str, Ints]) -> list[Any]:
        self.entered.set()
        assert self.hold.wait(5)
        return [np.full((1, 1), self.threads)] * len(names)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> OnnxNetwork:
    monkeypatch.setattr(onnx_network, "_open", lambda _, threads: Session(threads))
    return OnnxNetwork(Path("model.onnx"))


def threads(network: OnnxNetwork) -> int:
    return int(network.run(IDS, IDS).vectors[0, 0])


def test_one_thread_until_widened(network: OnnxNetwork) -> None:
    assert threads(network) == 1
    network.widen()
    assert [threads(network), threads(network)] == [2, 2]


def test_questions_that_meet_keep_to_one_thread_each_for_a_while(
    network: OnnxNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(onnx_network, "monotonic", lambda: now)
    network.widen()
    wide: Any = network._wide
    wide.hold.clear()
    first = Thread(target=network.run, args=(IDS, IDS))
    first.start()
    assert wide.entered.wait(5)
    assert threads(network) == 1  # beside the first
    wide.hold.set()
    first.join()
    assert threads(network) == 1
    now += onnx_network.CROWDED_SECONDS
    assert threads(network) == 1
    now += 0.001
    assert threads(network) == 2


def test_a_run_that_fails_frees_the_way(network: OnnxNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    network.widen()
    with monkeypatch.context() as patch:
        patch.setattr(Session, "run", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            network.run(IDS, IDS)
    assert threads(network) == 2


def test_both_ways_give_the_same(real: Opened) -> None:
    network = real.encoder.network
    assert isinstance(network, OnnxNetwork)
    narrow = network.run(IDS, np.ones_like(IDS))
    own = OnnxNetwork(network._path)
    own.widen()
    wide = own.run(IDS, np.ones_like(IDS))
    for a, b in zip((narrow.vectors, narrow.tokens), (wide.vectors, wide.tokens), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
