"""A small language for phrases, so that what is looked for stands in readable files and not in regular expressions.

A line of a phrase file is a row of elements; each matches whole words of a `Words` reading:

    word            that word                          a|b|two_words|@set   one of them
    word?  @set?    may be left out                    @set                 one entry of a set of classes.txt
    ..3             up to three words, no negation     <n> <10+> <year>     a number, one from ten up, a year
    ^               start of a sentence                $                    end of a sentence

`## name` starts a section, `#` with a space a comment. Gaps are bounded and never cross a sentence mark, so a
search costs at most a constant per word. Every phrase is indexed by words it cannot do without ("anchors"):
a message holding none of them is not searched at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from retrieval.safety.phrase_files import DATA, read_set
from retrieval.safety.tokenise import fold_accents

CLASSES = DATA / "classes.txt"
_FREQUENT = read_set(DATA / "frequent_words.txt")  # poor anchors
_TENS = "ten|eleven|twelve|fifteen|sixteen|eighteen|twenty|thirty|forty|fourty|fifty|sixty|eighty|ninety|hundred"
_FIXED = {
    "^": r"(?<=[.?] )",
    "$": r"(?=[.?] )",
    "<n>": r"\d+(?:[.,:]\d+)* ",
    "<10+>": rf"(?:[1-9]\d+|{_TENS}) (?!m?g |mcg |ml |milli)",
    "<year>": r"(?:19|20)\d\d ",
}


@dataclass(frozen=True, slots=True)
class Element:
    """One element as a regular expression, with one needed word for each way of matching it (none: no such word)."""

    pattern: str
    anchors: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Phrase:
    """A phrase; `line` is how its file writes it, `written` the same as a regular expression."""

    line: str
    written: str
    anchors: frozenset[str]

    @property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when first needed: most phrases never are, and all of them together take a second."""
        return _compiled(self.written)

    def compile(self) -> None:
        """Have the pattern ready."""
        _compiled(self.written)


@cache
def _compiled(written: str) -> re.Pattern[str]:
    return re.compile(written)


class PhraseBook:
    """Phrases searched together."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.phrases = tuple(phrases)
        self._by_word: dict[str, list[Phrase]] = {}
        self._always = [phrase for phrase in self.phrases if not phrase.anchors]
        for phrase in self.phrases:
            for word in phrase.anchors:
                self._by_word.setdefault(word, []).append(phrase)

    def candidates(self, words: Iterable[str]) -> list[Phrase]:
        """Return the phrases that `words` do not rule out, each once."""
        found = {id(phrase): phrase for word in words for phrase in self._by_word.get(word, ())}
        return [*self._always, *found.values()]

    def matches(self, line: str) -> Iterator[re.Match[str]]:
        """Yield every match in `line`, a reading of `Words`, phrase by phrase."""
        for phrase in self.candidates(line.split()):
            yield from phrase.pattern.finditer(line)

    def found_in(self, line: str) -> bool:
        """Tell whether any phrase is in `line`."""
        return any(phrase.pattern.search(line) for phrase in self.candidates(line.split()))

    def cut_from(self, line: str) -> str:
        """Return `line` with every match taken out."""
        for phrase in self.candidates(line.split()):
            line = phrase.pattern.sub("", line)
        return line


def read_sections(path: Path) -> dict[str, PhraseBook]:
    """Read a phrase file into its sections, in the file's order.

    Raises:
        ValueError: an element cannot be read, or a phrase stands before the first section; names file and line.
    """
    sections: dict[str, list[Phrase]] = {}
    name = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{path.name}, line {number}"
        if line.startswith("## "):
            name = line[3:].strip()
            sections.setdefault(name, [])
        elif line.strip() and not line.startswith("# "):
            if name not in sections:
                raise ValueError(f"{where}: a phrase before the first section; add '## name' above it")
            sections[name].append(compile_phrase(line, where))
    return {name: PhraseBook(phrases) for name, phrases in sections.items()}


def every_phrase() -> Iterator[Phrase]:
    """Every phrase of every file of phrases, for who would rather compile them beforehand."""
    for path in sorted(DATA.rglob("*.txt")):
        if path != CLASSES and "\n## " in "\n" + path.read_text(encoding="utf-8"):
            for book in read_sections(path).values():
                yield from book.phrases


def compile_phrase(line: str, where: str = "phrase") -> Phrase:
    """Read one phrase line; `where` names it in errors.

    Raises:
        ValueError: an element is none of the kinds above.
    """
    try:
        elements = [_element(token) for token in fold_accents(line.casefold()).split()]
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error
    return Phrase(line, r"(?<= )" + "".join(e.pattern for e in elements), _best_anchors(elements))


@cache
def _element(token: str) -> Element:
    if token in _FIXED:
        return Element(_FIXED[token])
    if token.startswith(".."):
        return Element(rf"(?:(?!not |no |never |without )[^ .?]+ ){{0,{int(token[2:])}}}?")
    if token.endswith("?"):
        return Element(f"(?:{_element(token[:-1]).pattern})?")
    return _any_of([_choice(choice) for choice in token.split("|")])


def _choice(choice: str) -> Element:
    if choice in _FIXED:
        return Element(_FIXED[choice])
    if choice.startswith("@"):
        return _set(choice[1:])
    words = choice.split("_")
    if not all(re.fullmatch(r"\w+", word) for word in words):
        raise ValueError(f"{choice!r} is not a word, a set, a gap or a number; see the head of phrases.py")
    return Element("".join(f"{re.escape(word)} " for word in words), frozenset({max(words, key=_rarity)}))


def _any_of(elements: Iterable[Element]) -> Element:
    longest_first = sorted(elements, key=lambda element: -len(element.pattern))
    sure = all(element.anchors for element in longest_first)
    anchors = frozenset(word for element in longest_first for word in element.anchors if sure)
    return Element(f"(?:{'|'.join(element.pattern for element in longest_first)})", anchors)


@cache
def _set(name: str) -> Element:
    entries = _sets().get(name)
    if entries is None:
        raise ValueError(f"no set @{name} in classes.txt; add it or use one of {', '.join(sorted(_sets()))}")
    rows = [[_element(token) for token in entry.split()] for entry in entries]
    return _any_of([Element("".join(e.pattern for e in row), _best_anchors(row)) for row in rows])


@cache
def _sets() -> Mapping[str, list[str]]:
    """Read classes.txt: `## name` lines, each followed by its entries, one a line or between commas."""
    sets: dict[str, list[str]] = {}
    name = ""
    for line in CLASSES.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            name = line[3:].strip()
            sets[name] = []
        elif line.strip() and not line.startswith("#"):
            sets[name].extend(entry.strip() for entry in fold_accents(line).split(",") if entry.strip())
    return sets


def _rarity(word: str) -> tuple[bool, int]:
    return (word not in _FREQUENT, len(word))


def _best_anchors(elements: Iterable[Element]) -> frozenset[str]:
    """Choose the element that rules out most messages: no frequent words first, then the fewest alternatives."""
    choices = [element.anchors for element in elements if element.anchors]
    return min(choices, key=lambda words: (bool(words & _FREQUENT), len(words)), default=frozenset())
