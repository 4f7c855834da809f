"""What stands around a danger sign and makes it no alarm: an "if", a year, a habit, a film, a denial.

Which surroundings count depends on how the danger is told: a wish to die is not undone by an "if", swallowed tablets
are not undone by "yesterday", and nothing said about last year undoes "is not breathing". The surroundings are the
sections ("frames") of `data/emergency/frames.txt`; each says where it is looked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from retrieval.safety.phrase_files import DATA
from retrieval.safety.phrases import PhraseBook, read_sections

# How a sign is told -> the frames that void it.
_VOIDED_BY: dict[str, tuple[str, ...]] = {
    "now": ("hypothetical", "generic", "narrated", "habit", "general", "elsewhere"),
    "have": ("hypothetical", "generic", "modal", "habit", "long_ago", "recent_past", "elsewhere"),
    "past": ("hypothetical", "generic", "modal", "habit", "long_ago", "recent_past", "elsewhere"),
    "just": ("hypothetical", "generic", "long_ago", "elsewhere"),
    "act": ("supposed", "would", "generic", "modal", "habit", "long_ago", "elsewhere"),
    "wish": ("supposed", "inside", "generic", "long_ago", "elsewhere"),
    "bare": ("hypothetical", "generic", "habit", "long_ago", "recent_past", "asking", "elsewhere"),
    "weak": ("hypothetical", "generic", "modal", "habit", "long_ago", "recent_past", "general", "elsewhere"),
}
_VOIDED_BY["report"] = (*_VOIDED_BY["weak"], "narrated", "modal_question", "nobody")

# A phrase that may also be read as past ("heart stopped") is voided by past times unless it holds one of these.
_PRESENT = frozenset(("is", "are", "am", "s", "has", "have", "having", "can", "will", "does", "do", "keeps", "keep"))
_PAST = ("long_ago", "recent_past")

# Where a frame is looked for, if not in the whole sentence; and the frame that takes it back.
_LOOKED_FOR_IN = dict.fromkeys(("hypothetical", "generic", "modal", "supposed", "narrated"), "before") | {
    "inside": "inside",
    "elsewhere": "message",
}
_UNLESS = {
    "hypothetical": "not_hypothetical",
    "habit": "not_habit",
    "recent_past": "still_so",
    "general": "particular",
}
_FAR = 1_000  # characters; a longer sentence is looked at so far around a match
_SENTENCE_END = re.compile("[.?] ")


@dataclass(frozen=True, slots=True)
class _Place:
    before: str
    inside: str
    sentence: str
    message: str


def is_voided(told: str, line: str, match: re.Match[str]) -> bool:
    """Tell whether what stands around `match` in the reading `line` undoes a sign told as `told`."""
    first, last = max(0, match.start() - _FAR), match.end() + _FAR
    start = max(line.rfind(". ", first, match.start()) + 2, line.rfind("? ", first, match.start()) + 2, first)
    stop = _SENTENCE_END.search(line, match.end(), last)
    place = _Place(
        before=f" . {line[start : match.start()]}. ",
        inside=f" {match[0]}",
        sentence=f" . {line[start : stop.start() if stop else last]}. ",
        message=line,
    )
    frames = _VOIDED_BY[told]
    if told == "now" and not _PRESENT & set(match[0].split()):
        frames += _PAST
    return any(_lies_in(frame, place) for frame in frames)


def _lies_in(frame: str, place: _Place) -> bool:
    if frame == "nobody":
        return not _is_in("particular", place.sentence)
    if not _is_in(frame, getattr(place, _LOOKED_FOR_IN.get(frame, "sentence"))):
        return False
    excuse = _UNLESS.get(frame)
    return excuse is None or not _is_in(excuse, place.sentence)


@lru_cache(maxsize=64)
def _is_in(frame: str, text: str) -> bool:
    """Many signs in one sentence, or one message, ask the same."""
    return _frames()[frame].found_in(text)


@cache
def _frames() -> dict[str, PhraseBook]:
    return read_sections(DATA / "emergency" / "frames.txt")
