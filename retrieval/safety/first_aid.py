"""Does a question ask what to do when something happens to somebody, though nobody is in danger now?

An article seldom says, and a wrong sentence of it would be worse than none: so whatever it says, fixed first aid
(`safety_texts.py`) follows, labelled as no quote. What is asked stands in `data/first_aid.txt`, by sign.
"""

from __future__ import annotations

from functools import cache

from retrieval.safety.phrase_files import DATA
from retrieval.safety.phrases import PhraseBook, read_sections
from retrieval.safety.tokenise import read_words


def first_aid(question: str) -> str | None:
    """Return the sign, one of `SIGNS`, whose first aid `question` asks about in general, or None."""
    line = read_words(question).full
    return next((sign for sign, book in _phrase_books().items() if book.found_in(line)), None)


@cache
def _phrase_books() -> dict[str, PhraseBook]:
    return read_sections(DATA / "first_aid.txt")
