"""Misspelt words are mended against the words the article (and its bank) uses, before searching.

A word is left alone when it is known: the article, the bank or the encoder's vocabulary has it, another form of it, or
the two words it is made of. So "cost" never becomes "most", and "hypermagnesemia" never becomes its opposite.
Where a third of the words are unknown and near to none, the question is in another language, and none is changed.
Distances are rapidfuzz's optimal string alignment (Damerau 1964: a swap of two letters counts once).
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.lexical import stem, word_spans
from index.lexicon import Lexicon

SHORTEST = 5
LONGEST = 40  # no longer word is looked into
MOST = 50  # different words; more that nobody knows are no slips
PART = 3  # the shortest word a compound is made of
FOREIGN = 2  # words that tell another language, if they are a third of all
FOREIGN_SHORTEST = 4
OPPOSITES = (("hyper", "hypo"), ("un", ""), ("non", ""), ("in", "ex"), ("anti", ""), ("dis", ""))


@dataclass(frozen=True, slots=True)
class Mended:
    """A question with its misspellings mended, and which words were changed to what."""

    text: str
    changes: tuple[tuple[str, str], ...]


class Speller:
    """Knows the article's words and how often each occurs, and which other words are words at all."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._own = {word: n for word, n in lexicon.counts.items() if len(word) >= SHORTEST and word.isalpha()}
        self._words = list(self._own)
        self._known = lexicon.known
        self._stems = lexicon.known_stems
        self._knows = lru_cache(maxsize=4096)(self._is_known)

    def mend(self, question: str) -> Mended:
        """Mend the words nobody knows; white space and punctuation stay."""
        spans = word_spans(question)
        better = self._better({word for _, _, word in spans})
        out: list[str] = []
        changes: list[tuple[str, str]] = []
        end = 0
        for start, stop, word in spans:
            if word in better:
                changes.append((question[start:stop], better[word]))
                out += [question[end:start], better[word]]
                end = stop
        return Mended("".join([*out, question[end:]]), tuple(changes))

    def gibberish(self, text: str) -> bool:
        """Whether most of the words of a text are no words at all."""
        said = [word for _, _, word in word_spans(text) if len(word) >= PART]
        return bool(said) and 2 * sum(not self._knows(word) and word.isalpha() for word in said) > len(said)

    def _better(self, said: Set[str]) -> dict[str, str]:
        """What each misspelt word should be; nothing where the words are another language's."""
        unknown = [word for word in said if PART <= len(word) <= LONGEST and word.isalpha() and not self._knows(word)]
        if len(unknown) > MOST:
            return {}
        better = {word: choice for word in unknown if (choice := self._closest(word))}
        strange = sum(len(word) >= FOREIGN_SHORTEST for word in unknown) - len(better)
        all_words = sum(len(word) >= PART and word.isalpha() for word in said)
        return {} if strange >= FOREIGN and 3 * strange >= all_words else better

    def _closest(self, word: str) -> str:
        """The word that an unknown one is a slip of; empty where there is none."""
        if len(word) < SHORTEST:
            return ""
        found = process.extract(word, self._words, scorer=OSA.distance, score_cutoff=_allowed(word), limit=8)
        best = [(distance, choice[0] != word[0], -self._own[choice], choice) for choice, distance, _ in found]
        fit = [candidate for candidate in sorted(best) if not _opposite(word, candidate[3])]
        return fit[0][3] if fit else ""

    def _is_known(self, word: str) -> bool:
        if len(word) > LONGEST:
            return False
        if word in self._known or stem(word) in self._stems:
            return True
        halves = ((word[:cut], word[cut:]) for cut in range(PART, len(word) - PART + 1))
        return any(a in self._known and b in self._known for a, b in halves)


def _allowed(word: str) -> int:
    """How many slips a word of this length may hold."""
    return 1 if len(word) < 6 else 2 if len(word) < 10 else 3


def _opposite(word: str, choice: str) -> bool:
    """Whether a word is nearer to the opposite of a choice, one prefix for another, than to the choice itself."""
    pairs = (pair for a, b in OPPOSITES for pair in ((a, b), (b, a)))
    others = (b + choice.removeprefix(a) for a, b in pairs if choice.startswith(a))
    distance = OSA.distance(word, choice)
    return any(OSA.distance(word, other) < distance for other in others)
