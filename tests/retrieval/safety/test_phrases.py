"""The phrase language does what its head says, and every phrase file keeps to it."""

from pathlib import Path

import pytest

from retrieval.safety.phrase_files import DATA, read_pairs, read_set
from retrieval.safety.phrases import PhraseBook, compile_phrase, read_sections
from retrieval.safety.tokenise import read_words

EMERGENCY_FILES = sorted((DATA / "emergency").glob("*.txt"))
PERSONAL_FILES = sorted((DATA / "personal").glob("*.txt"))
PHRASE_FILES = [*EMERGENCY_FILES, *PERSONAL_FILES, DATA / "smalltalk.txt", DATA / "injection.txt"]


def found(phrase: str, message: str) -> bool:
    return PhraseBook([compile_phrase(phrase)]).found_in(read_words(message).full)


@pytest.mark.parametrize(
    ("phrase", "message", "is_found"),
    [
        ("not breathing", "he is not breathing", True),
        ("not breathing", "breathing", False),
        ("breath", "breathing", False),
        ("lips|face blue", "her face blue", True),
        ("passed_out|fainted here", "she passed out here", True),
        ("passed_out|fainted here", "she passed here", False),
        ("took the? pills", "took pills", True),
        ("took the? pills", "took all pills", False),
        ("took ..2 pills", "took all the pills", True),
        ("took ..2 pills", "took all of the pills", False),
        ("took ..2 pills", "took. pills", False),
        ("took ..2 pills", "took not my pills", False),
        ("^ help", "help him", True),
        ("^ help", "well. help him", True),
        ("^ help", "i help him", False),
        ("help $", "please help", True),
        ("help $", "help him", False),
        ("took <n> pills", "took 2.5 pills", True),
        ("took <10+> pills", "took 40 pills", True),
        ("took <10+> pills", "took forty pills", True),
        ("took <10+> pills", "took 2 pills", False),
        ("took <10+> ..1 magnesium", "took 400 mg magnesium", False),
        ("in <year>", "in 2019", True),
        ("in <year>", "in 3019", False),
        ("@who fell", "my little sister fell", True),
        ("@who fell", "prices fell", False),
        ("@who|everyone fell", "everyone fell", True),
    ],
)
def test_elements(phrase: str, message: str, is_found: bool) -> None:
    assert found(phrase, message) is is_found


@pytest.mark.parametrize("line", ["took (all)", "@nobody here", "a.b", "..x pills"])
def test_an_unreadable_element_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=r"file\.txt, line 7"):
        compile_phrase(line, "file.txt, line 7")


def test_a_phrase_before_the_first_section_is_named(tmp_path: Path) -> None:
    file = tmp_path / "broken.txt"
    file.write_text("# comment\nnot breathing\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.txt, line 2"):
        read_sections(file)


def test_a_pair_without_its_mark_is_named(tmp_path: Path) -> None:
    file = tmp_path / "pairs.txt"
    file.write_text("a = b\nc d\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"pairs\.txt, line 2"):
        read_pairs(file)


def test_cutting_takes_every_match_out() -> None:
    assert PhraseBook([compile_phrase("so good")]).cut_from(" . so good so good it is . ") == " . it is . "


@pytest.mark.parametrize("file", PHRASE_FILES, ids=lambda file: file.name)
def test_every_phrase_is_indexed(file: Path) -> None:
    books = read_sections(file)
    assert books
    assert [phrase.line for book in books.values() for phrase in book.phrases if not phrase.anchors] == []


@pytest.mark.parametrize("file", EMERGENCY_FILES, ids=lambda file: file.name)
def test_no_phrase_waits_for_a_word_its_reading_never_has(file: Path) -> None:
    """Phrases searched in the lean reading must not need words it leaves out, nor spellings that are written out."""
    never = (read_set(DATA / "empty_words.txt") | set(read_pairs(DATA / "spellings.txt"))) - {"um"}
    for section, book in read_sections(file).items():
        if section in {"just", "cues"}:
            continue
        for phrase in book.phrases:
            words = {word for token in phrase.line.split() for word in token.replace("|", "_").split("_")}
            assert not words & never, f"{section}: {phrase.line}"
