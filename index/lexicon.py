"""Which words there are: those the passages and the bank use, those the encoder knows, and the stems of all.

Made when an index is built, so that opening one reads no text and stems no word.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.article import Passage
from corpus.bank import Asked
from index.lexical import STOPWORDS, stem, words
from index.string_tables import Strings

SETS = ("known", "known_stems", "used_stems", "asked_stems")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`counts` says how often the passages and the bank use a word; no other word of theirs is there.

    `known` are those words, the encoder's whole words and the function words; `known_stems` the stems of all of them;
    `used_stems` those of the passages and their headings; `asked_stems` those of the bank's answered wordings.
    """

    counts: Mapping[str, int]
    known: Set[str]
    known_stems: Set[str]
    used_stems: Set[str]
    asked_stems: Set[str]

    @classmethod
    def of(cls, passages: Sequence[Passage], bank: Sequence[Asked], tokenizer_json: str) -> Lexicon:
        """Collect the words."""
        counts = Counter(w for text in [*(p.text for p in passages), *(a.question for a in bank)] for w in words(text))
        always, always_stems = _always_known(tokenizer_json)
        return cls(
            counts,
            Strings.of(always | counts.keys()),
            Strings.of(always_stems | _stems(counts)),
            Strings.of(_stems(w for p in passages for w in words(f"{p.text} {p.heading}"))),
            Strings.of(_stems(w for a in bank if a.sentences for w in words(a.question))),
        )

    def save(self, folder: Path) -> None:
        """Write it into a folder of its own."""
        folder.mkdir()
        (folder / "counts.json").write_text(json.dumps(self.counts, ensure_ascii=False), encoding="utf-8")
        for name in SETS:
            Strings.of(getattr(self, name)).save(folder / name)

    @classmethod
    def load(cls, folder: Path) -> Lexicon:
        """Open it; only the counts are read."""
        counts = json.loads((folder / "counts.json").read_text(encoding="utf-8"))
        return cls(counts, *(Strings.load(folder / name) for name in SETS))


def _stems(found: Iterable[str]) -> set[str]:
    return {stem(word) for word in set(found)}


@lru_cache(maxsize=1)
def _always_known(tokenizer_json: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words that a tokenizer knows as they are and the function words, and the stems of both.

    Remembered, since evaluation makes many small indexes with one tokenizer.
    """
    vocabulary = json.loads(tokenizer_json)["model"].get("vocab", {})
    known = frozenset([*STOPWORDS, *(word for word in vocabulary if word.isalpha() and word.islower())])
    return known, frozenset(_stems(known))
