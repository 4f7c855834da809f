"""Is the whole message small talk (hello, thanks, who are you), with nothing asked of the article?

A message is small talk only when the units of `data/smalltalk.txt` cover every word of it, filler words aside:
"hi, what is hypomagnesemia?" leaves words over and is a question. Emoji count where no words are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from corpus.common.caching import remembered
from retrieval.safety.phrase_files import DATA, read_pairs
from retrieval.safety.phrases import PhraseBook, read_sections
from retrieval.safety.tokenise import read_words

ENDS_AN_EMERGENCY = frozenset({"relief", "thanks", "bye", "who_are_you", "privacy", "source", "trust"})
_LONGEST = 120  # characters; small talk is short, and covering is tried phrase by phrase
_WORD = re.compile(r"[^ .?]")
_SENTENCE = re.compile(r"[^.?]+[.?]")
_UNSURE_WORDS = (
    "until till when if unless whether think hope hoping hopefully pray wish know sure not never still again before "
    "once maybe perhaps might may soon will would could can should here"
)
_UNSURE = frozenset(_UNSURE_WORDS.split())


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """Nothing is asked of the article; `kind` is a section of `data/smalltalk.txt`."""

    kind: str


@remembered(texts=32, longest=_LONGEST)  # asked of a message as it is answered, and of it again as what came before
def smalltalk(question: str) -> SmallTalk | None:
    """Return the kind of small talk that `question` is as a whole, or None."""
    if len(question) > _LONGEST:
        return None
    line = read_words(question).full
    if not _WORD.search(line):
        return _emoji_talk(question)
    kinds, filler = _phrase_books()
    found = [kind for kind, book in kinds.items() if book.found_in(line)]
    if not found:
        return None
    left = _cover(line, [kinds[kind] for kind in found])
    return None if _WORD.search(filler.cut_from(left)) else SmallTalk(found[0])


def tells_relief(message: str) -> bool:
    """Tell whether a sentence of `message` says outright that a danger is over ("he is fine now").

    One that asks, hopes, doubts or looks ahead does not ("until it is over", "I hope she is safe").
    """
    kinds, _ = _phrase_books()
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(read_words(message).full)]
    outright = (s for s in sentences if not s.endswith("?") and not _UNSURE.intersection(s.split()))
    return any(kinds["relief"].found_in(f" . {sentence} ") for sentence in outright)


def _cover(line: str, books: list[PhraseBook]) -> str:
    """Return `line` with every word that is part of some unit blanked; units may overlap."""
    covered = {place for book in books for match in book.matches(line) for place in range(*match.span())}
    return "".join(" " if place in covered else letter for place, letter in enumerate(line))


def _emoji_talk(question: str) -> SmallTalk | None:
    kinds = [kind for emoji, kind in _emoji().items() if emoji in question]
    return SmallTalk(kinds[0]) if kinds else None


@cache
def _emoji() -> Mapping[str, str]:
    return read_pairs(DATA / "emoji.txt")


@cache
def _phrase_books() -> tuple[dict[str, PhraseBook], PhraseBook]:
    kinds = read_sections(DATA / "smalltalk.txt")
    filler = kinds.pop("filler")
    return kinds, filler
