"""Questions of other articles: what a system that knows its limits is less confident about.

Drawn with a fixed seed, so that every system and every run meets the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from retrieval.evaluate.cases import Corpus, Question

SEED = 2018


def with_strangers(corpora: Sequence[Corpus]) -> tuple[Corpus, ...]:
    """Give each corpus as many questions of other groups as it has answerable ones (fewer where there are fewer)."""
    return tuple(replace(corpus, strangers=_draw(n, corpus, corpora)) for n, corpus in enumerate(corpora))


def _draw(number: int, corpus: Corpus, corpora: Sequence[Corpus]) -> tuple[Question, ...]:
    others = [q for other in corpora if other.group != corpus.group for q in other.questions]
    wanted = min(len(others), sum(q.answerable for q in corpus.questions))
    if not wanted:
        return ()
    picked = np.random.default_rng([SEED, number]).choice(len(others), wanted, replace=False)
    return tuple(others[i] for i in sorted(picked))
