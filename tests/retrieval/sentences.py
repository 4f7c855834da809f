"""Reads the sentence files of tests/retrieval/data: one message a line, `## name` opens a section, `#` a comment."""

from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_sentences(name: str) -> list[tuple[str, str]]:
    """Return (section, message) pairs of a file."""
    section, sentences = "", []
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line[3:]
        elif line.strip() and not line.startswith("# "):
            sentences.append((section, line))
    return sentences


def messages(*names: str) -> list[str]:
    """Return the messages of files, without their sections."""
    return [message for name in names for _, message in read_sentences(name)]
