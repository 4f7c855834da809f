"""Does a question ask for a decision about one person: a dose, a drug, a diagnosis, a result, seeing a doctor?

The principle: a decision is asked where somebody in particular ("I", "my son", "for her") stands as the subject of a
deciding verb ("should I take", "can he skip") or as the one it would be done to ("how much for my daughter", "safe
for me"), or where somebody's own finding is to be judged ("my magnesium is 1.4, is that bad?"). "I", "you" and "my"
as a manner of speech ("how do I know the symptoms", "what happens to my nerves", "what will my doctor test") have no
such verb, or stand behind how/why/when/if, which is the last section of `data/personal.txt`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from retrieval.safety.lists import DATA
from retrieval.safety.phrases import PhraseBook, read_sections
from retrieval.safety.words import read_words

_MARKS = re.compile(r"[.?] ")


@dataclass(frozen=True, slots=True)
class Personal:
    """A decision about one person is asked for; `decision` is a section of `data/personal.txt`."""

    decision: str


def personal(question: str) -> Personal | None:
    """Return the kind of decision that `question` asks about one person, or None.

    Takes any string; time is linear in its length.
    """
    lean = read_words(question).lean
    # "I have cramps. Is it magnesium?" asks across its full stop.
    joined = f" . {_MARKS.sub('', lean).strip()} . "
    decisions, *_ = _phrase_books()
    for decision, book in decisions.items():
        if any(_is_asked(book, line) for line in (lean, joined)):
            return Personal(decision)
    return None


def _is_asked(book: PhraseBook, line: str) -> bool:
    return any(not _is_manner_of_speech(line, match) for match in book.matches(line))


def _is_manner_of_speech(line: str, match: re.Match[str]) -> bool:
    _, before, inside = _phrase_books()
    return inside.found_in(f" {match[0]}") or before.found_in(f"{line[: match.start()]}. ")


@cache
def _phrase_books() -> tuple[dict[str, PhraseBook], PhraseBook, PhraseBook]:
    sections = read_sections(DATA / "personal.txt")
    manner, inside = sections.pop("manner"), sections.pop("inside")
    return sections, manner, inside
