"""What makes every question as fast as it can be, done while the first are already answered.

One question alone (`python -m retrieval.ask`) is over before this would pay.
"""

from __future__ import annotations

import logging
import time
from threading import Thread

from index.encoder.encode import Encoder
from index.encoder.onnx_network import OnnxNetwork
from retrieval.safety.phrases import every_phrase

_log = logging.getLogger("ask")
PAUSE = 0.001  # seconds between phrases: who asks meanwhile waits for one of them at most


def warm(encoder: Encoder, pause: float = 0.0) -> None:
    """Give the encoder a second way to run, and compile every phrase: a second of work and some 50 MB."""
    if isinstance(encoder.network, OnnxNetwork):
        encoder.network.widen()
    for phrase in every_phrase():
        phrase.compile()
        time.sleep(pause)


def warm_beside(encoder: Encoder) -> Thread:
    """The same in a thread of its own, which ends with the process. Where it fails, answers only stay slower."""

    def work() -> None:
        try:
            warm(encoder, PAUSE)
        except Exception as error:  # the edge of this thread: whatever it is, no traceback
            _log.warning("questions stay a little slower: %s while making ready", type(error).__name__)

    thread = Thread(target=work, name="warm", daemon=True)
    thread.start()
    return thread
