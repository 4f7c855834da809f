"""What a person typed, as plain words in one spelling: the only thing the judgements of this package look at.

Contractions are written out, with or without their apostrophe ("hes", "he's" -> "he is"), numbers stand apart
from units, accents are gone, and slips in the words that matter are mended. Two readings are kept: `full` with
every word, and `lean` without the words that change nothing ("really", "just", "now"), so that a phrase needs
to be written once. Both begin and end with a sentence mark: " . my son is not breathing . ".
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from corpus.common.caching import remembered
from retrieval.question.normalise import normalised_lines
from retrieval.safety.phrase_files import DATA, read_pairs, read_set
from retrieval.safety.slips import mend

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[.!?;:\u3002\uff1f\u0964]")
# "don t", as left by programs that drop apostrophes.
_SPLIT_NOT = re.compile(r"\b(ain|aren|can|couldn|didn|doesn|don|hadn|hasn|haven|isn|shouldn|wasn|weren|won|wouldn) t\b")
_NOUN_S = re.compile(r"(.+)'s$")
_STOPS = {"?": "?", "\uff1f": "?"}


_SPELLINGS = read_pairs(DATA / "spellings.txt")
_ONE_WORD = read_pairs(DATA / "one_word.txt")
_ROWS = re.compile(rf"\b(?:{'|'.join(_ONE_WORD)})\b")
_EMPTY_WORDS = read_set(DATA / "empty_words.txt")


@dataclass(frozen=True, slots=True)
class Words:
    """The two readings of one message; see the module."""

    full: str
    lean: str

    @property
    def sentences(self) -> list[str]:
        """The sentences of the lean reading, without their marks."""
        return [part.strip() for part in re.split(r"[.?]", self.lean) if part.strip()]


@remembered(texts=32, longest=1_000)  # several judges ask
def read_words(text: str) -> Words:
    """Return the words of `text`; takes time linear in its length."""
    plain = fold_accents(" . ".join(normalised_lines(text)))
    tokens = [word for token in _TOKEN.findall(_SPLIT_NOT.sub(r"\1't", plain)) for word in _spell(token)]
    tokens = _ROWS.sub(lambda row: _ONE_WORD[row[0]], " ".join(tokens)).split()
    lean = [word for word in tokens if word not in _EMPTY_WORDS]
    return Words(full=_line(tokens), lean=_line(lean))


def fold_accents(text: str) -> str:
    """Return `text` without combining marks ("né" -> "ne")."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) != "Mn")


def _line(tokens: list[str]) -> str:
    return f" . {' '.join(tokens)} . " if tokens else " . "


def _spell(token: str) -> tuple[str, ...]:
    """Write one token out as its words; marks become "." or "?"."""
    if not token[0].isalnum():
        return (_STOPS.get(token, "."),)
    known = _SPELLINGS.get(token) or _SPELLINGS.get(token.replace("'", ""))
    if known is not None:
        return tuple(known.split())
    owner = _NOUN_S.match(token)
    if owner:
        return (mend(owner[1]), "s")
    return (mend(token.replace("'", "")),)
