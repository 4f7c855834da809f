"""Is a message still about the emergency told a moment ago? Then it gets the same answer again, whatever it says.

"What do I do?", "still going", "should I wait?" tell of no danger by themselves. After a message that does, they are
about it: short, and made of words of the scene (`data/emergency/scene.txt`) and of words that name nothing. A message
with a topic of its own is answered as always, and so is everything after a word of relief ("he is fine now").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from retrieval.safety.emergency import Emergency, emergency, hints_at_danger
from retrieval.safety.phrase_files import DATA
from retrieval.safety.phrases import PhraseBook, read_sections
from retrieval.safety.smalltalk import ENDS_AN_EMERGENCY, smalltalk, tells_relief
from retrieval.safety.tokenise import Words, read_words

RECENT = 3  # messages with another topic after which an emergency is past
_LONGEST = 60  # words of a follow-up
_STRANGE = 1  # words of no scene that somebody in danger may have beside them ("should I put a ruler in his mouth")
_WORD = re.compile(r"[^ .?]+")
_NAMES_SOMETHING = re.compile(r"[^ .?\d][^ .?]*")


def ongoing(question: str, history: Sequence[str]) -> Emergency | None:
    """Return the emergency that `history`, oldest first, tells of and `question` is still about, or None."""
    if not history or not is_about_the_scene(question):
        return None
    return _last_told(history)


def _last_told(history: Sequence[str]) -> Emergency | None:
    """The emergency told last, unless relief or `RECENT` messages on something else came after it."""
    elsewhere = 0
    for message in reversed(history):
        found = emergency(message)
        if found is not None:
            return found
        if tells_relief(message):
            return None
        elsewhere += not is_about_the_scene(message)
        if elsewhere >= RECENT:
            return None
    return None


def is_about_the_scene(message: str) -> bool:
    """Tell whether `message` names no topic of its own, so that it is about what was told before it."""
    words = read_words(message)
    said = _WORD.findall(words.full)
    talk = smalltalk(message)
    if not said:
        return "?" in words.full
    if len(said) > _LONGEST or tells_relief(message) or (talk and talk.kind in ENDS_AN_EMERGENCY):
        return False
    return _has_no_other_topic(message, words)


def _has_no_other_topic(message: str, words: Words) -> bool:
    scene = _scene()
    strange = _NAMES_SOMETHING.findall(scene["scene"].cut_from(scene["plain"].cut_from(words.lean)))
    if not strange or not scene["person"].found_in(words.lean):
        return not strange
    told = scene["scene"].found_in(words.lean) or hints_at_danger(message)
    return told and len(strange) <= _STRANGE


@cache
def _scene() -> dict[str, PhraseBook]:
    return read_sections(DATA / "emergency" / "scene.txt")
