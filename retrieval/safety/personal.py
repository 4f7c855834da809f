"""Does a question ask for a decision about one person: a dose, a drug, a diagnosis, a result, seeing a doctor?

The principle: a decision is asked where somebody in particular ("I", "my son", "for her") stands as the subject of a
deciding verb ("should I take", "can he skip") or as the one it would be done to ("how much for my daughter", "safe
for me"), or where somebody's own finding is to be judged ("my magnesium is 1.4, is that bad?"). "I", "you" and "my"
as a manner of speech ("how do I know the symptoms", "what happens to my nerves", "what will my doctor test") have no
such verb, or stand behind how/why/when/if, see `data/personal/frames.txt`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from retrieval.safety.phrase_files import DATA
from retrieval.safety.phrases import PhraseBook, read_sections
from retrieval.safety.tokenise import read_words

DECISIONS = ("result", "combine", "stop", "dose", "fitness", "diagnosis", "start")
_MARKS = re.compile(r"[.?] ")


@dataclass(frozen=True, slots=True)
class Personal:
    """A decision about one person is asked for; `decision` is a section of `data/personal/decisions.txt`."""

    decision: str


def personal(question: str) -> Personal | None:
    """Return the kind of decision that `question` asks about one person, or None.

    Takes any string; time is linear in its length.
    """
    words = read_words(question)
    # "I have cramps. Is it magnesium?" asks across its full stop.
    joined = f" . {_MARKS.sub('', words.lean).strip()} . "
    for decision, book in _decisions().items():
        if any(_is_asked(book, line) for line in (words.lean, joined)):
            return Personal(decision)
    return None


def _is_asked(book: PhraseBook, line: str) -> bool:
    return any(not _is_manner_of_speech(line, match) for match in book.matches(line))


def _is_manner_of_speech(line: str, match: re.Match[str]) -> bool:
    frames = _frames()
    return frames["inside"].found_in(f" {match[0]}") or frames["before"].found_in(f"{line[: match.start()]}. ")


@cache
def _decisions() -> dict[str, PhraseBook]:
    return read_sections(DATA / "personal" / "decisions.txt")


@cache
def _frames() -> dict[str, PhraseBook]:
    return read_sections(DATA / "personal" / "frames.txt")
