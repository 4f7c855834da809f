"""Questions worth offering: each was asked once, and answered, before anybody sees it.

They come from the question bank, one per sentence that answers, and from the article's own FAQ. The list is made once
per index and lies beside it with its vectors; where it cannot be written it is made anew at the next start.

    python -m retrieval.answering.suggestions         makes it now, so that the first start need not
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from index.contents import Index
from index.encoder.encode import Floats
from index.folder import seal
from retrieval.answering.analysis import Analyser, Analysis
from retrieval.answering.evidence import confidence
from retrieval.answering.thresholds import Rule
from retrieval.ranking.search import RANKING_VERSION

FILE = "suggestions.json"
SHOWN = 3
STARTERS = 6
MOST_ASKED = 500  # candidates tried, evenly spread where there are more
LONGEST = 90
DISTINCT = 0.9  # a suggestion this near to the question asked is the same question
_PLAIN = re.compile(r"(?:What|How|Why|Which|Who|Can|Could|Does|Do|Is|Are|Did|Should)(?: [^\s,]+){4,}\?$")
_FIRST_PERSON = re.compile(r"\b(?:i|i['’]\w+|me|my|mine|we|us|our)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question, the row of the sentence that answers it best, and how sure the answer is."""

    question: str
    sentence: int
    sure: float


class Suggestions:
    """The questions that may be offered, and their vectors (n, dim)."""

    def __init__(self, offered: Sequence[Suggestion], vectors: Floats, index: Index) -> None:
        self._offered = list(offered)
        self._vectors = vectors
        self.starters = tuple(_starters(offered, index))

    def after(self, analysis: Analysis) -> tuple[str, ...]:
        """The nearest ones to a question that ask something else than it and than each other."""
        if not self._offered:
            return ()
        near = self._vectors @ analysis.found.query.encoding.vector
        answered = {int(row) for row in analysis.ranked.rows[:SHOWN]}
        chosen: list[int] = []
        for n in np.argsort(-near, kind="stable"):
            fresh = all(self._vectors[n] @ self._vectors[other] < DISTINCT for other in chosen)
            if fresh and near[n] < DISTINCT and self._offered[n].sentence not in answered:
                chosen.append(int(n))
            if len(chosen) == SHOWN:
                break
        return tuple(self._offered[n].question for n in chosen)


def open_suggestions(index: Path, generation: str, analyser: Analyser, rule: Rule) -> Suggestions:
    """Read the list that lies beside an index, or make it."""
    key = hashlib.sha256(repr((generation, RANKING_VERSION, rule, analyser.has_bank)).encode()).hexdigest()[:16]
    kept = _read(index / FILE, key)
    if kept is None:
        offered = list(_answered(analyser, rule))
        kept = offered, np.array([analyser.encode(s.question).vector for s in offered], dtype=np.float32)
        _write(index / FILE, key, *kept)
    return Suggestions(*kept, analyser.index)


def _answered(analyser: Analyser, rule: Rule) -> Iterator[Suggestion]:
    seen: set[int] = set()
    candidates = list(_candidates(analyser.index, bank=analyser.has_bank))
    for question in candidates[:: -(-len(candidates) // MOST_ASKED) or 1]:
        analysis = analyser.analyse(question)
        sure = confidence(analysis.evidence, rule.weights, rule.bias)
        row = int(analysis.ranked.rows[0])
        if sure >= rule.answer_at and row not in seen:
            seen.add(row)
            yield Suggestion(question, row, round(sure, 4))


def _candidates(index: Index, *, bank: bool) -> Iterator[str]:
    """The FAQ's questions, then the shortest well-formed wording of each topic of the bank."""
    yield from (p.question.text for p in index.passages if p.question)
    topics: dict[str, str] = {}
    for asked in index.bank.asked if bank else ():
        if asked.sentences and _well_formed(asked.question):
            known = topics.get(asked.topic, asked.question)
            topics[asked.topic] = min(known, asked.question, key=len)
    yield from topics.values()


def _well_formed(question: str) -> bool:
    """Worth showing to anybody: a plain question of a few words, and not about the one who wrote it."""
    return bool(_PLAIN.match(question)) and len(question) <= LONGEST and not _FIRST_PERSON.search(question)


def _starters(offered: Sequence[Suggestion], index: Index) -> Iterator[str]:
    """The article's own FAQ, then the surest question of each section in reading order; a few in all."""
    own = {passage.question.text for passage in index.passages if passage.question}
    best: dict[tuple[str, str], Suggestion] = {}
    for suggestion in offered:
        passage, _ = index.sentence(suggestion.sentence)
        section = (passage.article, passage.headings[0] if passage.headings and not passage.question else "")
        if section not in best or suggestion.sure > best[section].sure:
            best[section] = suggestion
    by_section = [s.question for s in sorted(best.values(), key=lambda s: s.sentence)]
    first = [s.question for s in offered if s.question in own]
    yield from list(dict.fromkeys([*first, *by_section]))[:STARTERS]


def _read(path: Path, key: str) -> tuple[list[Suggestion], Floats] | None:
    """The list made for this very index, if there is one; anything else is made anew."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["key"] != key or data.pop("sha256") != seal(data):
            return None
        offered = [Suggestion(**row) for row in data["questions"]]
        vectors = np.frombuffer(base64.b64decode(data["vectors"]), dtype="<f4")
        return offered, vectors.reshape(len(offered), data["dim"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, key: str, offered: Sequence[Suggestion], vectors: Floats) -> None:
    questions = [asdict(s) for s in offered]
    packed = base64.b64encode(vectors.astype("<f4").tobytes()).decode()
    dim = vectors.shape[-1] if len(offered) else 0
    data = {"key": key, "questions": questions, "dim": dim, "vectors": packed}
    text = json.dumps({**data, "sha256": seal(data)}, ensure_ascii=False, indent=1) + "\n"
    fresh = path.with_suffix(".tmp")
    with suppress(OSError):  # a read-only folder: the list is made again at the next start
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
