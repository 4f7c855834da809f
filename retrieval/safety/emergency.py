"""Is someone in danger now? Runs before anything else, on every message.

The principle is grammar, not a list of alarming words. Danger that is happening is *told*: in the present tense, of
somebody in particular ("my son is not breathing", "I can't feel my face"), as an act just done ("I took 40
tablets"), as a wish ("I don't want to be here any more") or as a bare cry ("not breathing"). Danger that is asked
about stands in another form: an infinitive after can/could/will ("can low magnesium cause chest pain"), a noun
phrase ("symptoms of an overdose"), a subject that is nobody in particular ("patients", "you"), or no present at all
("had a seizure last year"). So the phrases of `data/emergency/` are finite clauses, and a match is dropped only when
its surroundings (`surroundings.py`) put it elsewhere: hypothetical, long ago, habitual, from a film or a text, or when
it is a figure of speech (`idioms.txt`).

A weak sign ("is shaking", "pale") is not enough by itself; two of them, or one with a mark of now ("right now",
"what do I do": `cues.txt`), are. In doubt it says emergency: a needless card costs a glance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from retrieval.safety.phrase_files import DATA
from retrieval.safety.phrases import PhraseBook, read_sections
from retrieval.safety.surroundings import is_voided
from retrieval.safety.tokenise import Words, read_words

# In the order in which the first one found names the emergency.
SIGNS = (
    "seizure_now", "self_harm", "overdose", "poisoning", "allergic", "stroke", "chest_pain",
    "not_breathing", "unconscious", "bleeding", "danger",
)  # fmt: skip
_ENOUGH = 2  # weak signs, a mark of now counting as one
_MOST_LOOKS = 400  # around matches, in one message: a message of 1,000 characters has far fewer
_WHAT_NOW = re.compile(r"(?<= )what (?:(?:do|should|can|must|shall|could) (?:i|we) do|to do|now) ")


@dataclass(frozen=True, slots=True)
class Emergency:
    """Someone is in danger now: the sign that names it and all signs found, each one of `SIGNS`."""

    sign: str
    signs: tuple[str, ...]

    @property
    def seizure_first_aid(self) -> bool:
        """Whether first aid for a seizure belongs with the answer."""
        return "seizure_now" in self.signs


def emergency(question: str) -> Emergency | None:
    """Return what is wrong when `question` says that someone is in danger now, else None.

    Takes any string; time is linear in its length.
    """
    words = read_words(question)
    told = list(_told(words))
    strong = {sign.name for sign in told if not sign.weak}
    if not strong and (not told or _weight_of(told, words) < _ENOUGH):
        return None
    named = (strong or {sign.name for sign in told}) | ({"seizure_now"} & {sign.name for sign in told})
    signs = tuple(name for name in SIGNS if name in named)
    # A weak sign of a seizure ("shaking") names it only beside what a seizure explains.
    explained = strong <= {"seizure_now", "not_breathing", "unconscious"}
    return Emergency(signs[0] if explained else next(name for name in signs if name in strong), signs)


def hints_at_danger(question: str) -> bool:
    """Tell whether `question` tells of any sign at all, a weak one included."""
    return any(True for _ in _told(read_words(question)))


@dataclass(frozen=True, slots=True)
class _Sign:
    name: str
    weak: bool
    start: int
    end: int


def _told(words: Words) -> Iterator[_Sign]:
    """Yield the signs that `words` tell of and nothing around them voids, less those that can change nothing more."""
    lean, full = _scene(words.lean), _scene(words.full)
    settled: set[str] = set()
    looks = iter(range(_MOST_LOOKS))
    for name, told, book in _phrase_books():
        if told == "weak" or name not in settled:
            found = _found(name, told, book, full if told == "just" else lean, looks)
            yield from found
            settled.update(sign.name for sign in found if not sign.weak)


def _found(name: str, told: str, book: PhraseBook, line: str, looks: Iterator[int]) -> list[_Sign]:
    """The signs of one book up to where it is settled: one that is strong, or two weak ones apart."""
    found: list[_Sign] = []
    for match, _ in zip(book.matches(line), looks, strict=False):
        if not is_voided(told, line, match):
            found.append(_Sign(name, told == "weak", match.start(), match.end()))
            if told != "weak" or found[-1].start >= found[0].end or found[-1].end <= found[0].start:
                break
    return found


def _weight_of(weak: list[_Sign], words: Words) -> int:
    """Count the weak signs that do not overlap, and one for a mark of now."""
    count, reached = 0, 0
    for sign in sorted(weak, key=lambda sign: sign.end):
        if sign.start >= reached:
            count, reached = count + 1, sign.end
    return count + _cues().found_in(words.full)


def _scene(line: str) -> str:
    """Return the reading without figures of speech, with "what do I do" as a sentence break."""
    return _WHAT_NOW.sub(". ", _idioms().cut_from(line))


@cache
def _phrase_books() -> tuple[tuple[str, str, PhraseBook], ...]:
    """Read the phrases: (sign, how it is told, phrases)."""
    return tuple(_read_phrase_books())


def _read_phrase_books() -> Iterator[tuple[str, str, PhraseBook]]:
    for sign in SIGNS:
        for told, book in read_sections(DATA / "emergency" / f"{sign}.txt").items():
            yield sign, told, book
    for sign, book in read_sections(DATA / "emergency" / "other_languages.txt").items():
        yield sign, "now", book


@cache
def _idioms() -> PhraseBook:
    return read_sections(DATA / "emergency" / "idioms.txt")["idioms"]


@cache
def _cues() -> PhraseBook:
    return read_sections(DATA / "emergency" / "cues.txt")["cues"]
