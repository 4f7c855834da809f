"""An Answerer that gives every kind of Answer from the real article, by plain word overlap.

The question decides the kind, so that a test of the page needs no model. `hostile_answerer` answers from an article
that is made of markup.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.article import Article, Draft, Kind, Passage, Source, assemble
from corpus.common.settings import ROOT
from corpus.readers.registry import read_article
from corpus.splitter import split
from retrieval import texts
from retrieval.result import Advice, Answer, AnswerKind, Highlight, Quote, SourceHit

ARTICLE = ROOT / "corpus" / "articles" / "can-hypomagnesemia-cause-seizures.md"
DISCLAIMER = "This is what one article says, not medical advice. Ask a doctor or pharmacist before acting on it."
STARTERS = (
    "Can hypomagnesemia cause seizures?",
    "What are the symptoms of low magnesium levels?",
    "What did the study by Lee et al. find?",
    "How is hypomagnesemia diagnosed?",
    "How is it treated?",
)
HOSTILE = '<img src=x onerror="window.pwned=1"> ${window.pwned=1} {{window.pwned=1}} ![i](http://evil.example/i.png)'
_WORD = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True)
class FakeAnswerer:
    """Answers from its articles; stateless."""

    articles: tuple[Article, ...]
    starters: tuple[str, ...] = STARTERS

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        asked = question.strip().lower()
        if "slowly" in asked:
            time.sleep(1.5)
        if "break down" in asked:
            raise RuntimeError("asked to break down")
        if not asked or len(question) > 1000:
            return Answer(question, AnswerKind.INVALID, "Please type a question of at most 1,000 characters.")
        if asked in ("hello", "hi", "thanks"):
            return Answer(
                question, AnswerKind.SMALLTALK, "Hello. Ask me what the article says.", suggestions=STARTERS[:3]
            )
        if "seizure now" in asked or "unconscious" in asked:
            return _emergency(question)
        if "pizza" in asked:
            return _not_covered(question)
        return self._quoted(question, asked, history)

    def _quoted(self, question: str, asked: str, history: Sequence[str]) -> Answer:
        kind, lead = AnswerKind.ANSWER, ""
        if "hostile" in asked:
            lead = f"{HOSTILE} says:"
        if "pregnan" in asked:
            kind, lead = AnswerKind.RELATED, "The article does not say this. The nearest it says is:"
        if "should i" in asked or "my dose" in asked:
            kind = AnswerKind.PERSONAL
            lead = "Only someone who knows you can decide this: ask your doctor or pharmacist."
        words = set(_WORD.findall(" ".join([asked, *history[-1:]])))
        ranked = sorted(self._passages(), key=lambda p: -len(words & set(_WORD.findall(p.text.lower()))))[:4]
        quotes = tuple(_quote(p, words) for p in ranked[: 3 if "symptom" in asked else 1 + len(words) // 4])
        sources = tuple(
            SourceHit(n, p.text, p.article, p.heading, p.start, p.end, 1 - n / 10) for n, p in enumerate(ranked, 1)
        )
        matches = tuple(m for p in ranked for m in _matches(p, words))
        return Answer(
            question,
            kind,
            lead,
            quotes,
            sources,
            ("pregnancy",) if kind is AnswerKind.RELATED else (),
            0.9 if kind is AnswerKind.ANSWER else 0.5,
            STARTERS[1:4],
            DISCLAIMER,
            "hypomagnesemia" if "hypomagnasemia" in asked else "",
            matches,
        )

    def _passages(self) -> list[Passage]:
        return [p for article in self.articles for p in split(article)]


def _emergency(question: str) -> Answer:
    advice = (
        Advice(
            "Seizures that last more than five minutes need help at once. Do not wait for an answer from this page."
        ),
        Advice("Until help comes:", ("Stay with them.", "Time the seizure."), numbered=True),
    )
    lead, numbers = "Call 112, 911 or 999 now.", ("112", "911", "999")
    return Answer(question, AnswerKind.EMERGENCY, lead, disclaimer=DISCLAIMER, advice=advice, numbers=numbers)


def _not_covered(question: str) -> Answer:
    words = tuple(w for w in re.findall(r"\w+", question.lower()) if w in ("pizza", "cheese", "bake"))
    return Answer(
        question,
        AnswerKind.NOT_COVERED,
        texts.not_covered(words),
        uncovered=words,
        suggestions=STARTERS[:3],
        disclaimer=DISCLAIMER,
    )


def _quote(passage: Passage, words: set[str]) -> Quote:
    best = max(passage.sentences, key=lambda s: len(words & set(_WORD.findall(s.text.lower()))))
    return Quote(best.text, passage.article, passage.heading, best.start, best.end, 0.8)


def _matches(passage: Passage, words: set[str]) -> list[Highlight]:
    found = [m for m in _WORD.finditer(passage.text.lower()) if m[0] in words]
    return [Highlight(m[0], passage.article, passage.start + m.start(), passage.start + m.end(), 1.0) for m in found]


def real_answerer(path: Path = ARTICLE) -> FakeAnswerer:
    """Every kind of answer from the first article."""
    return FakeAnswerer((read_article(path).article,))


def hostile_answerer() -> FakeAnswerer:
    """An article, its front matter and its first questions all made of markup."""
    source = Source(*([HOSTILE] * 8))
    drafts = [
        Draft(Kind.HEADING, HOSTILE, 2),
        Draft(Kind.PARAGRAPH, f"Magnesium {HOSTILE} </span></section><script>window.pwned=1</script>."),
        Draft(Kind.ITEM, f"Symptom {HOSTILE}."),
        Draft(Kind.QUESTION, f"What is {HOSTILE}?"),
        Draft(Kind.ANSWER, f"Answer {HOSTILE}."),
    ]
    article = assemble("hostile", source, drafts)
    return replace(FakeAnswerer((article,)), starters=(HOSTILE,))
