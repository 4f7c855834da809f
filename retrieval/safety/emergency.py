"""Is someone in danger now? Runs before anything else, on every message.

The principle is grammar, not a list of alarming words. Danger that is happening is *told*: in the present tense, of
somebody in particular ("my son is not breathing", "I can't feel my face"), as an act just done ("I took 40
tablets"), as a wish ("I don't want to be here any more") or as a bare cry ("not breathing"). Danger that is asked
about stands in another form: an infinitive after can/could/will ("can low magnesium cause chest pain"), a noun
phrase ("symptoms of an overdose"), a subject that is nobody in particular ("patients", "you"), or no present at all
("had a seizure last year"). So the phrases of `data/emergency/` are finite clauses, and a match is dropped only when
its surroundings (`frames.txt`) put it elsewhere: hypothetical ("if someone ..."), long ago, habitual, from a film or a
text, or a figure of speech (`idioms.txt`). Which surroundings count depends on how the danger is told (`_VOIDED_BY`):
a wish to die is not undone by an "if", swallowed tablets are not undone by "yesterday".

A weak sign ("is shaking", "pale") is not enough by itself; two of them, or one with a mark of now ("right now",
"what do I do": `cues.txt`), are. In doubt it says emergency: a needless card costs a glance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from retrieval.safety.lists import DATA
from retrieval.safety.phrases import PhraseBook, read_sections
from retrieval.safety.words import Words, read_words

# In the order in which the first one found names the emergency.
SIGNS = (
    "seizure_now", "self_harm", "overdose", "poisoning", "allergic", "stroke", "chest_pain",
    "not_breathing", "unconscious", "bleeding", "danger",
)  # fmt: skip
_ENOUGH = 2  # weak signs, a mark of now counting as one

# How a sign is told -> the surroundings that void it.
_VOIDED_BY: dict[str, tuple[str, ...]] = {
    "now": ("hypothetical", "generic", "habit", "general", "elsewhere"),
    "have": ("hypothetical", "generic", "modal", "habit", "long_ago", "recent_past", "elsewhere"),
    "past": ("hypothetical", "generic", "modal", "habit", "long_ago", "recent_past", "elsewhere"),
    "just": ("hypothetical", "generic", "long_ago", "elsewhere"),
    "act": ("supposed", "would", "generic", "modal", "habit", "long_ago", "elsewhere"),
    "wish": ("supposed", "inside", "generic", "long_ago", "elsewhere"),
    "bare": ("hypothetical", "generic", "habit", "long_ago", "recent_past", "asking", "elsewhere"),
    "weak": ("hypothetical", "generic", "modal", "habit", "long_ago", "recent_past", "general", "elsewhere"),
}
_VOIDED_BY["report"] = (*_VOIDED_BY["weak"], "modal_question", "nobody")
# Where a frame is looked for, if not in the whole sentence; and what takes it back.
_LOOKED_FOR_IN = dict.fromkeys(("hypothetical", "generic", "modal", "supposed", "would"), "before") | {
    "inside": "inside",
    "elsewhere": "message",
}
_UNLESS = {"hypothetical": "not_hypothetical", "habit": "not_habit", "general": "particular"}
_SENTENCE_END = re.compile("[.?] ")
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
    told = list(_told(read_words(question)))
    strong = {sign.name for sign in told if not sign.weak}
    if not strong and (not told or _weight_of(told, question) < _ENOUGH):
        return None
    named = (strong or {sign.name for sign in told}) | ({"seizure_now"} & {sign.name for sign in told})
    signs = tuple(name for name in SIGNS if name in named)
    # A weak sign of a seizure ("shaking") names it only beside what a seizure explains.
    explained = strong <= {"seizure_now", "not_breathing", "unconscious"}
    return Emergency(signs[0] if explained else next(name for name in signs if name in strong), signs)


@dataclass(frozen=True, slots=True)
class _Surroundings:
    before: str
    inside: str
    sentence: str
    message: str


@dataclass(frozen=True, slots=True)
class _Sign:
    name: str
    weak: bool
    start: int
    end: int


def _told(words: Words) -> Iterator[_Sign]:
    """Yield the signs that `words` tell of and nothing around them voids."""
    lean, full = _scene(words.lean), _scene(words.full)
    for name, told, book in _phrase_books():
        line = full if told == "just" else lean
        for match in book.matches(line):
            if not _voided(told, line, match):
                yield _Sign(name, told == "weak", match.start(), match.end())


def _weight_of(weak: list[_Sign], question: str) -> int:
    """Count the weak signs that do not overlap, and one for a mark of now."""
    count, reached = 0, 0
    for sign in sorted(weak, key=lambda sign: sign.end):
        if sign.start >= reached:
            count, reached = count + 1, sign.end
    return count + _cues().found_in(read_words(question).full)


def _scene(line: str) -> str:
    """Return the reading without figures of speech, with "what do I do" as a sentence break."""
    return _WHAT_NOW.sub(". ", _idioms().cut_from(line))


def _voided(told: str, line: str, match: re.Match[str]) -> bool:
    start = max(line.rfind(". ", 0, match.start()), line.rfind("? ", 0, match.start())) + 2
    stop = _SENTENCE_END.search(line, match.end())
    where = _Surroundings(
        before=f" . {line[start : match.start()]}. ",
        inside=f" {match[0]}",
        sentence=f" . {line[start : stop.start() if stop else len(line)]}. ",
        message=line,
    )
    return any(_lies_in(frame, where) for frame in _VOIDED_BY[told])


def _lies_in(frame: str, where: _Surroundings) -> bool:
    frames = _frames()
    if frame == "nobody":
        return not frames["particular"].found_in(where.sentence)
    if not frames[frame].found_in(getattr(where, _LOOKED_FOR_IN.get(frame, "sentence"))):
        return False
    excuse = _UNLESS.get(frame)
    return excuse is None or not frames[excuse].found_in(where.sentence)


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
def _frames() -> dict[str, PhraseBook]:
    return read_sections(DATA / "emergency" / "frames.txt")


@cache
def _idioms() -> PhraseBook:
    return read_sections(DATA / "emergency" / "idioms.txt")["idioms"]


@cache
def _cues() -> PhraseBook:
    return read_sections(DATA / "emergency" / "cues.txt")["cues"]
