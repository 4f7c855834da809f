"""What a question in a conversation is about: a follow-up is searched together with what it follows.

A question is a follow-up when it cannot stand alone: it opens like one ("and…", "what about…", "why?"), or it points
back with a pronoun and names little itself. Only the person's own earlier words are used, never an answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from index.lexical import STOPWORDS, words

TURNS_USED = 20
LONGEST = 150  # characters; whoever writes more says what it is about
CONTEXT = 400  # characters of context
_OPENERS = (
    r"and|but|or|so|also|then|what about|how about|what if|what else|anything else|any others?|why not|how so|how come|"
    r"really|since when|like what|such as|for example|is that|was that|does that|did that|are those|are these|the same|"
    r"same for|which ones?|who else|tell me more|more about|go on|explain|meaning|in what way|by how much|how much|"
    r"how many|how often|how long|when|where|who|which"
)
_OPENING = re.compile(rf"^(?:why\b\W*$|(?:{_OPENERS})\b)")
_POINTERS = "it its they them their theirs this that these those he him his she her hers there one ones same such"
_EMPTY_WORDS = (
    "tell more else know mean means explain really much many long often happen happened happens work works help helped "
    "helps thing things kind kinds sort get got make made say says said please ok okay yes no thanks"
)
_BACKWARD = frozenset(_POINTERS.split())
_LIGHT = frozenset(_EMPTY_WORDS.split())


@dataclass(frozen=True, slots=True)
class InContext:
    """A question in its conversation: `alone` as asked, `full` with the words of what it follows (else the same)."""

    alone: str
    full: str


def in_context(question: str, history: Sequence[str], read: Callable[[str], str] = str) -> InContext:
    """Add to a follow-up the content words of the question that opened its subject, and of the last one.

    `read` makes an earlier question readable; only those that are needed are read.
    """
    recent = filter(words, map(read, reversed(history[-TURNS_USED:])))
    last = next(recent, "") if _follows(question) else ""
    if not last:
        return InContext(question, question)
    topic = last
    for topic in chain([last], recent):
        if not _follows(topic):
            break
    said = words(question)
    context = [w for h in dict.fromkeys([topic, last]) for w in words(h) if w not in STOPWORDS and w not in said]
    return InContext(question, " ".join([question, *_first(dict.fromkeys(context))]))


def _first(context: Iterable[str]) -> Iterator[str]:
    """As many words as `CONTEXT` has room for."""
    room = CONTEXT
    for word in context:
        room -= len(word) + 1
        if room >= 0:
            yield word


def _follows(question: str) -> bool:
    if len(question) > LONGEST:
        return False
    said = words(question)
    content = [w for w in said if w not in STOPWORDS and w not in _LIGHT and w not in _BACKWARD]
    if not content:
        return True
    lowered = " ".join(said)
    opens = bool(_OPENING.match(lowered))
    backward = any(w in _BACKWARD for w in said)
    return (opens and len(content) <= 2) or (backward and len(content) <= 3) or (len(said) <= 2 and len(content) == 1)
