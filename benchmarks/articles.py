"""Texts to grow an index with: real health articles where they are at hand, else seeded made-up ones.

The real ones are MedQuAD's (Ben Abacha & Demner-Fushman 2019, CC BY 4.0), beside a checkout in `../shared/data`.
Whoever has no such file gets articles of pronounceable, Zipf-distributed words: the same work, no meaning.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from corpus.common.errors import ArticleError
from corpus.common.settings import ROOT
from corpus.readers.registry import read_articles
from corpus.splitter import split

REAL = ROOT.parent / "shared" / "data" / "medquad-articles.jsonl.gz"
SEED = 20
_SYLLABLES = ("ma", "ne", "si", "um", "lo", "ra", "te", "ki", "ver", "ton", "al", "dis", "pho", "gen", "ous", "ic")


def kind_of_text(real: Path = REAL) -> str:
    """What the articles are, for the report."""
    return "MedQuAD articles" if real.is_file() else "seeded made-up articles"


def write_articles(folder: Path, passages: int, real: Path = REAL) -> list[Path]:
    """Write articles as Markdown until they hold at least `passages` passages or there are no more of them."""
    folder.mkdir(parents=True)
    written: list[Path] = []
    held = 0
    for number, (title, text) in enumerate(_texts(real)):
        if held >= passages:
            break
        path = folder / f"article-{number:05}.md"
        path.write_text(f"---\ntitle: {json.dumps(f'{title} ({number})')}\n---\n\n{text}\n", encoding="utf-8")
        fits = _count(path)
        if fits:
            held += fits
            written.append(path)
    return written


def _count(path: Path) -> int:
    """How many passages an article gives; none where the reader finds no article in it."""
    try:
        (reading,) = read_articles([path])
    except ArticleError:
        return 0
    return len(split(reading.article))


def _texts(real: Path) -> Iterator[tuple[str, str]]:
    if not real.is_file():
        yield from _made_up()
        return
    with gzip.open(real, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["title"], row["text"]


def _made_up() -> Iterator[tuple[str, str]]:
    chance = random.Random(SEED)
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(20_000)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    for number in count():
        sections = []
        for part in range(6):
            sentences = [" ".join(chance.choices(words, weights, k=chance.randint(6, 24))) for _ in range(6)]
            sections.append(f"## Part {part}\n\n" + " ".join(f"{s.capitalize()}." for s in sentences))
        yield f"Made-up article {number}", "\n\n".join(sections)
