"""One table of formats: a suffix and what reads the file's bytes; nothing else knows the formats."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.article import Draft, Kind, Source
from corpus.readers import registry
from corpus.readers.parsed_page import Page


def read_shout(data: bytes) -> Page:
    """A format made up here: one paragraph, cried."""
    return Page(Source(title=""), (Draft(Kind.PARAGRAPH, data.decode("utf-16").upper()),))


def test_a_new_format_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.READERS, ".shout", f"{__name__}:read_shout")
    (tmp_path / "of_iron.SHOUT").write_bytes("Iron helps.".encode("utf-16"))
    article = registry.read_article(tmp_path / "of_iron.SHOUT").article
    assert (article.title, article.text) == ("of iron", "IRON HELPS.")


@pytest.mark.parametrize("suffix", registry.READERS)
def test_every_format_of_the_table_reads_an_article(tmp_path: Path, suffix: str) -> None:
    text = "Iron is found in many foods, and the blood needs it."
    html = f"<html><body><article><h2>Food</h2><p>{text}</p></article></body></html>"
    path = tmp_path / f"iron-in-food{suffix}"
    path.write_text(html if suffix.startswith(".htm") else f"{text}\n", encoding="utf-8")
    assert text in registry.read_article(path).article.text
