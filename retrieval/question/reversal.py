"""Which of two things causes the other: a question with its sides exchanged.

Vectors of a question and of its reversal lie close together ("can low magnesium cause cramps", "can cramps cause low
magnesium"), so an article that says the one seems to answer the other. The bank, which knows wordings of both, is asked
about both; the question is turned round when its reversal is the better covered one.
"""

from __future__ import annotations

import re

CLEARLY = 0.1  # by so much more must the bank cover the reversal; see docs/answering.md
_OPENING = r"can|could|does|do|did|will|would|may|might|is|are"
_CAUSING = (
    r"causes?|triggers?|leads? to|results? in|brings? on|provokes?|induces?|produces?|"
    r"(?:be )?(?:caused by|brought on by|triggered by|due to|(?:the|a) (?:result|cause|consequence) of)"
)
# A side is one thing, in a few words: no clause, no pronoun.
_WORD = r"(?!(?:be|it|that|there|this|these|to|say|says|what|which|who|how|why|when|and|or|but)\b)[\w'-]+"
_SIDE = rf"(?!of\b){_WORD}(?: {_WORD}){{0,4}}"
_RELATION = re.compile(rf"(?:{_OPENING}) (?P<one>{_SIDE}) (?:{_CAUSING}) (?P<other>{_SIDE})[?.! ]*", re.IGNORECASE)


def exchanged(question: str) -> str | None:
    """Return `question` with the two sides of its causal verb exchanged, or None where it has none."""
    found = _RELATION.fullmatch(question)
    if found is None:
        return None
    (a, b), (c, d) = found.span("one"), found.span("other")
    return f"{question[:a]}{question[c:d]}{question[b:c]}{question[a:b]}{question[d:]}"
