"""From what a person typed to what was found: the part that answering, calibrating and suggesting share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.bank_model import BankPrediction
from index.contents import Index
from index.encoder.encode import Encoder, Floats, unit_rows
from retrieval.answering.coverage import Vocabulary, Word, content_words
from retrieval.answering.evidence import Evidence, gather
from retrieval.answering.quotes import Ranked, rank_by_reading, rank_sentences
from retrieval.question.followup import InContext, in_context
from retrieval.question.normalise import normalise
from retrieval.question.reversal import CLEARLY, exchanged
from retrieval.question.spelling import Speller
from retrieval.ranking.query import question_encoder, shortened
from retrieval.ranking.search import Found, Search
from retrieval.reader.sentence_reader import SENTENCES, SentenceReader


@dataclass(frozen=True, slots=True)
class Analysis:
    """A question, read and searched: `mended` is empty where nothing was misspelt.

    `gibberish` says that most of its words are no words, mended or not; `reversed`, that it asks a relation of the
    article the wrong way round. The first `own` characters of what was
    searched are the question's; those after it are its context.
    """

    mended: str
    gibberish: bool
    reversed: bool
    own: int
    found: Found
    ranked: Ranked
    words: tuple[Word, ...]
    evidence: Evidence


class Analyser:
    """Analyses questions against one index; `bank` False leaves its question bank aside."""

    def __init__(
        self, index: Index, encoder: Encoder, reader: SentenceReader | None = None, *, bank: bool = True
    ) -> None:
        self.index = index
        self.has_bank = bank and len(index.bank.asked) > 0
        self._reader = reader
        self._encoder = encoder
        self.encode = question_encoder(encoder)
        self._search = Search(index, self.encode, bank=self.has_bank)
        self._speller = Speller(index.lexicon)
        self._vocabulary = Vocabulary(index.lexicon, bank=self.has_bank)

    def analyse(self, question: str, history: Sequence[str] = ()) -> Analysis:
        """Mend, put into context, search, and weigh what was found."""
        mended = self._speller.mend(normalise(question))
        asked = in_context(mended.text, history, lambda earlier: self._speller.mend(normalise(earlier)).text)
        found = self._search.find(shortened(asked.full, self._encoder))
        taught = self._taught(asked, found)
        words = content_words(found, self._vocabulary)
        ranked = rank_sentences(self.index, found, taught)
        answers = self._read(found, ranked)
        return Analysis(
            mended=mended.text if mended.changes else "",
            gibberish=self._speller.gibberish(mended.text),
            reversed=asked.alone == asked.full and self._is_reversed(found.query.text, taught),
            own=len(asked.alone),
            found=found,
            ranked=rank_by_reading(ranked, answers),
            words=tuple(words),
            evidence=gather(found, taught, words, answers),
        )

    def _read(self, found: Found, ranked: Ranked) -> Floats:
        """What the reader says of the first few sentences; nothing where there is no reader."""
        if self._reader is None:
            return np.empty(0, dtype=np.float32)
        return self._reader.read(self.index, found.query.encoding, ranked.rows[:SENTENCES])

    def _taught(self, asked: InContext, found: Found) -> BankPrediction | None:
        """What the bank says; of a follow-up, halfway between it alone and it in context."""
        if not self.has_bank:
            return None
        vector = found.query.encoding.vector
        if asked.alone != asked.full:
            vector = unit_rows(vector + self.encode(asked.alone).vector)
        return self.index.bank.model.predict(vector)

    def _is_reversed(self, question: str, taught: BankPrediction | None) -> bool:
        """Whether the bank covers the question with its sides exchanged clearly better than the question."""
        if taught is None or (other := exchanged(question)) is None:
            return False
        vector = self.encode(shortened(other, self._encoder)).vector
        return self.index.bank.model.predict(vector).covered > taught.covered + CLEARLY
