"""Which sentences may be quoted, and how far a quote must reach so that it says what the article says.

A question, or a sentence that only promises an answer, is no answer. A sentence that leans on its neighbour is quoted
with it; a sentence that its neighbour takes back or narrows is never quoted alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.article import Passage, Sentence
from index.contents import Index
from retrieval.result import Quote

REACH = 2  # sentences a quote may take along before the one it is about

_ANNOUNCES = (
    r"you (?:may|might) (?:be wondering|wonder|ask)|we (?:will|['’]ll|shall|are going to|dive)|let['’]s|let us|"
    r"welcome to|take a (?:closer )?look|(?:shed|sheds|shedding) light on|provid\w+ (?:\w+ )?insights?|"
    r"(?:this|the) (?:blog )?(?:post|article|chapter|section) (?:will )?(?:explores?|discuss\w*|covers?)|"
    r"important question|read on|here (?:are|is) (?:some|the)"
)
_LINKS = (
    r"and|also|so|thus|well|however|but|yet|moreover|furthermore|additionally|in addition|therefore|hence|as a result|"
    r"consequently|for this reason|in fact|indeed|firstly|secondly|upon \w+ing [^,]*"
)
_STANDING_IT = r"it(?!['’]?s? (?:is|was)? ?(?:important|crucial|essential|necessary|worth|believed|known|clear)\b)"
_POINTERS = (
    r"its|they|their|them|he|his|him|she|her|these|those|this|such|in this case|in these cases|in such cases|"
    r"the results?|the answer|both|neither|either|the former|the latter|others?|another|the same|doing so"
)
_PROMISE = re.compile(rf"\b(?:{_ANNOUNCES})\b", re.IGNORECASE)
_LEANS = re.compile(rf"^(?:(?:{_LINKS})[, ]+)*(?:{_STANDING_IT}|{_POINTERS})\b", re.IGNORECASE)
_POINTS_BACK = re.compile(r"\b(?:these|those) (?!who\b|without\b|with\b|of\b)[a-z]", re.IGNORECASE)
_NARROWS = re.compile(
    r"^(?:however|but|yet|nevertheless|nonetheless|still|although|though|even so|that said|only if|only when|unless|"
    r"except|on the other hand|not all|it is not|this is not|this does not|"
    r"it(?: is|['’]s) (?:\w+ )?(?:important|essential|crucial|worth) (?:to )?(?:not(?:e|ing)|remember(?:ing)?))\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def promises(sentence: str) -> bool:
    """Whether a sentence is a question or only announces what will be said."""
    text = sentence.rstrip()
    return text.endswith(("?", ":")) or bool(_PROMISE.search(text))


def leans(sentence: str) -> bool:
    """Whether a sentence cannot be understood without the one before it."""
    return bool(_LEANS.match(sentence) or _POINTS_BACK.search(sentence))


def narrows(sentence: str) -> bool:
    """Whether a sentence takes back or narrows the one before it."""
    return bool(_NARROWS.match(sentence))


def reach(passage: Passage, number: int) -> tuple[Sentence, Sentence]:
    """First and last sentence of the quote about sentence `number` of a passage.

    Items of a list stand alone; a quote never leaves its paragraph.
    """
    sentences = passage.sentences
    first = last = number
    while first > 0 and number - first < REACH and _depends(passage, first):
        first -= 1
    if last + 1 < len(sentences) and narrows(sentences[last + 1].text) and _adjacent(passage, last):
        last += 1
    return sentences[first], sentences[last]


def _depends(passage: Passage, number: int) -> bool:
    text = passage.sentences[number].text
    return _adjacent(passage, number - 1) and (leans(text) or narrows(text))


def _adjacent(passage: Passage, number: int) -> bool:
    """Whether sentences `number` and the next stand in one paragraph."""
    gap = passage.text[
        passage.sentences[number].end - passage.start : passage.sentences[number + 1].start - passage.start
    ]
    return "\n" not in gap


def place(passage: Passage) -> str:
    """Where a passage stands: its heading path, or the article's title above all headings."""
    return passage.heading or passage.article


def quote(index: Index, sentence: int, score: float, *, reaching: bool = False) -> Quote:
    """Quote a sentence by its row, with the neighbours it needs where `reaching`."""
    passage, own = index.sentence(sentence)
    first, last = reach(passage, passage.sentences.index(own)) if reaching else (own, own)
    text = passage.text[first.start - passage.start : last.end - passage.start]
    return Quote(text, passage.article, place(passage), first.start, last.end, score)
