"""Whether a quote shown is a sentence accepted, whatever white space and list marks stand around them.

Texts are compared to the letter otherwise. A quote may say more than the accepted sentence (the product takes a
neighbour along); a little less will do too: `ENOUGH` of its characters, inside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from corpus.article import Article
from retrieval.evaluate.cases import Question
from retrieval.result import Quote

ENOUGH = 0.8

_MARK = re.compile(r"^(?:[•*-]\s+|[QA]:\s+)")


def fold(text: str) -> str:
    """Return the text with single blanks and without a leading list or FAQ mark."""
    return _MARK.sub("", " ".join(text.split()))


def says(text: str, accepted: str) -> bool:
    """Whether the text holds the whole accepted sentence."""
    return fold(accepted) in " ".join(text.split())


def accepts(shown: str, accepted: Iterable[str]) -> bool:
    """Whether what is shown contains an accepted sentence, or is at least `ENOUGH` of one."""
    return any(says(shown, sentence) or _mostly(fold(shown), fold(sentence)) for sentence in accepted)


def stands_in(sentence: str, articles: Sequence[Article]) -> bool:
    """Whether the sentence is a stretch of one of the articles."""
    return any(says(article.text, sentence) for article in articles)


def sentence_accepted(question: Question, sentence: Quote | None) -> bool | None:
    """Judge the sentence shown by the accepted ones; questions without any are not judged."""
    if not question.accepted:
        return None
    return sentence is not None and accepts(sentence.text, question.accepted)


def _mostly(shown: str, sentence: str) -> bool:
    return bool(shown) and shown in sentence and len(shown) >= ENOUGH * len(sentence)
