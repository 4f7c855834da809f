"""How long a passage may be for a given encoder: it must fit the window, heading included."""

from __future__ import annotations

from corpus.splitter import Limits
from index.encoder.encode import Encoder

HEADING_ROOM = 40


def limits(encoder: Encoder) -> Limits:
    """Limits under which no passage is longer than the encoder's window."""
    return Limits(pieces=max(16, encoder.room - HEADING_ROOM), measure=encoder.count)
