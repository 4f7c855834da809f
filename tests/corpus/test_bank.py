"""The question bank: what an owner writes, and what each broken line is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.article import Draft, Kind, Source, assemble
from corpus.bank import Asked, bank_files, bank_sha256, read_bank, read_wordings
from corpus.common.errors import QuestionFileError
from corpus.splitter import split

ARTICLE = assemble("iron", Source("Iron"), [Draft(Kind.PARAGRAPH, "Iron helps."), Draft(Kind.PARAGRAPH, "Eat beans.")])
OTHER = assemble("zinc", Source("Zinc"), [Draft(Kind.PARAGRAPH, "Zinc helps.")])
PASSAGES = [*split(OTHER), *split(ARTICLE)]
GOOD = "# A remark\n\n## use\n- what is it for\n- Does iron help?\n> Iron helps.\n> Eat beans.\n\n"
GOOD += "## price\n-  what does it cost \n"


def write(folder: Path, text: str, name: str = "bank.md") -> list[Path]:
    (folder / "iron").mkdir(exist_ok=True)
    (folder / "iron" / name).write_text(text, encoding="utf-8")
    return bank_files(folder, "iron")


@pytest.mark.parametrize("text", [GOOD, "\ufeff" + GOOD, GOOD.replace("\n", "\r\n")])
def test_wordings_point_at_sentences(tmp_path: Path, text: str) -> None:
    (iron,), (beans,) = PASSAGES[1].sentences, PASSAGES[2].sentences
    assert read_bank(write(tmp_path, text), PASSAGES, "Iron") == [
        Asked("what is it for", "use", ((1, iron), (2, beans))),
        Asked("Does iron help?", "use", ((1, iron), (2, beans))),
        Asked("what does it cost", "price", ()),
    ]
    assert read_wordings(bank_files(tmp_path, "iron")) == ["what is it for", "Does iron help?", "what does it cost"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- first\n", "line 1: stands before the first “## topic”"),
        ("## a\n> Iron helps.\n", "line 1: topic “a” has no “- question” line"),
        ("## a\n- b\n\n## c\n", "line 4: topic “c” has no “- question” line"),
        ("## a\n- b\n- B\n", "line 3: “B” already stands at bank.md, line 2"),
        ("## a\n- b\n> Iron helps\n", "line 3: “Iron helps” is not an exact sentence of the article"),
        ("## a\n- b\n> Zinc helps.\n", "line 3: “Zinc helps.” is not an exact sentence of the article"),
        ("## a\n- b\nfree text\n", "line 3: “free text” is neither “## topic”, “- question” nor “> sentence”"),
        ("## a\n-\n", "line 2: “-” is neither"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(QuestionFileError) as error:
        read_bank(write(tmp_path, text), PASSAGES, "Iron")
    assert str(error.value).startswith(f"bank.md, {reason}")


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    files = write(tmp_path, GOOD)
    files[0].write_bytes(b"## caf\xe9\n")
    with pytest.raises(QuestionFileError, match="not UTF-8 \\(byte at offset 6\\)"):
        read_bank(files, PASSAGES, "Iron")


def test_one_wording_in_two_files(tmp_path: Path) -> None:
    write(tmp_path, "## a\n- b\n", "1.md")
    files = write(tmp_path, "## c\n- B\n", "2.md")
    with pytest.raises(QuestionFileError, match=r"2\.md, line 2: “B” already stands at 1\.md, line 2"):
        read_bank(files, PASSAGES, "Iron")


def test_the_hash_follows_every_byte(tmp_path: Path) -> None:
    assert bank_sha256(bank_files(tmp_path, "iron")) == ""
    before = bank_sha256(write(tmp_path, GOOD))
    assert len(before) == 64
    assert bank_sha256(write(tmp_path, GOOD + " ")) != before
    assert bank_sha256(write(tmp_path, GOOD, "more.md")) != before
