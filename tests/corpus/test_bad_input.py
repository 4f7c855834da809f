"""Each kind of bad input gives one line that names the file, what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.common.errors import ArticleError
from corpus.readers.registry import MAX_BYTES, read_article, read_articles


def missing(folder: Path) -> Path:
    return folder / "none.md"


def a_folder(folder: Path) -> Path:
    (folder / "x.md").mkdir()
    return folder / "x.md"


def file(name: str, data: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(data)
        return path

    return write


CASES = {
    "missing": (missing, "no such file; check the path"),
    "below a file": (lambda f: file("a.md", b"Text.")(f) / "b.md", "no such file; check the path"),
    "folder": (a_folder, "cannot be read (Is a directory)"),
    "long name": (lambda f: f / ("x" * 300 + ".md"), "cannot be read (File name too long)"),
    "empty": (file("a.md", b""), "the file is empty"),
    "blank": (file("a.txt", b"\xef\xbb\xbf \r\n\t"), "the file is empty"),
    "binary": (file("a.txt", b"\x7fELF\x00\x01"), "a binary file (byte 0x00 at offset 4)"),
    "UTF-16": (file("a.txt", "Iron.".encode("utf-16")), "a binary file (byte 0x00 at offset 3)"),
    "Latin-1": (file("a.md", "Caf\u00e9 is no iron.".encode("latin-1")), "not UTF-8 (byte 0xe9 at offset 3)"),
    "after a BOM": (file("a.md", b"\xef\xbb\xbfabc\xff"), "not UTF-8 (byte 0xff at offset 6)"),
    "no sentence": (file("a.md", b"# Iron\n\n## Food\n\n***\n\n...\n"), "no sentence found"),
    "kind": (file("a.pdf", b"%PDF"), "articles end in .md, .markdown, .txt, .html or .htm, this one in “.pdf”"),
    "too large": (file("a.md", b"x" * (MAX_BYTES + 1)), "5,000,001 bytes, at most 5,000,000 are read"),
}


@pytest.mark.parametrize("case", CASES)
def test_one_line_says_it(tmp_path: Path, case: str) -> None:
    make, reason = CASES[case]
    path = make(tmp_path)
    with pytest.raises(ArticleError) as error:
        read_article(path)
    message = str(error.value)
    assert message.startswith(f"{path}: ")
    assert reason in message
    assert ";" in message  # the remedy follows
    assert "\n" not in message


def test_the_largest_file_is_read(tmp_path: Path) -> None:
    path = file("a.txt", b"Iron.\n".ljust(MAX_BYTES, b" "))(tmp_path)
    assert read_article(path).article.text == "Iron."


def test_two_articles_with_one_title(tmp_path: Path) -> None:
    one = file("one.md", b"# Iron\n\nText.")(tmp_path)
    two = file("two.md", b"# IRON\n\nOther text.")(tmp_path)
    with pytest.raises(ArticleError) as error:
        read_articles([one, two])
    assert str(error.value) == (
        f"{two}: its title “IRON” is that of {one} too; give one of them another title in its front matter"
    )


def test_two_files_of_one_name_get_ids_of_their_own(tmp_path: Path) -> None:
    paths = []
    for n in range(3):
        (tmp_path / str(n)).mkdir()
        paths.append(file("a b.md", f"# T{n}\n\nText.".encode())(tmp_path / str(n)))
    assert [r.article.id for r in read_articles(paths)] == ["a-b", "a-b-2", "a-b-3"]


def test_the_hash_is_that_of_the_bytes_read(tmp_path: Path) -> None:
    path = file("a.md", b"abc")(tmp_path)
    # FIPS 180-2, appendix B.1
    assert read_article(path).sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
