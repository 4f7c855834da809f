"""Reads labelled messages: the examples learned from, and the batches held out in tests/retrieval/data."""

from pathlib import Path

from retrieval.safety.examples import EXAMPLES, read_examples

HELD_OUT = Path(__file__).parent / "data"


def read_sentences(name: str) -> list[tuple[str, str]]:
    """Return (section, message) pairs of an example file."""
    return read_examples(EXAMPLES / name)


def messages(*names: str) -> list[str]:
    """Return the messages of example files, without their sections."""
    return [message for name in names for _, message in read_sentences(name)]


def held_out(name: str) -> list[str]:
    """Return the messages of a file nothing was learned from or tuned on."""
    return [message for _, message in read_examples(HELD_OUT / name)]
