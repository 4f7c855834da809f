"""Mends slips in the few words a judgement hangs on ("siezure", "brething", "unconcious").

A word is changed only towards a listed target, only when it is close enough for its length, and never when it is
itself a word people use ("sizing", "breeding": `not_typos.txt`). Distance counts insertions, deletions,
substitutions and swaps of neighbours (optimal string alignment).
"""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.safety.phrase_files import DATA, read_set

_SHORTEST = 5  # below this nearly every slip is another word
_LONG = 8  # from here on two slips are still the same word
_LONGEST = 20


_TARGETS = tuple(sorted(read_set(DATA / "typo_targets.txt")))
_KNOWN = frozenset(_TARGETS) | read_set(DATA / "not_typos.txt")


def mend(word: str) -> str:
    """Return the target that `word` is a slip of, or `word` itself."""
    if not _SHORTEST <= len(word) <= _LONGEST or word in _KNOWN or not word.isascii():
        return word
    return _nearest(word)


@lru_cache(maxsize=4096)
def _nearest(word: str) -> str:
    found = process.extractOne(word, _TARGETS, scorer=OSA.distance, score_cutoff=_slips(word))
    if found is None:
        return word
    target, distance, _ = found
    # Two slips only between long words that begin alike: "medication" is no slip of "dedication".
    return target if distance <= min(1 + (target[0] == word[0]), _slips(target)) else word


def _slips(word: str) -> int:
    return 2 if len(word) >= _LONG else 1
