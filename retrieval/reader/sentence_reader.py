"""Question and a few sentences ▶ for each, the probability that it answers. Run by onnxruntime, without torch.

What the reader looks at lies in the index: for each token its vector, and its state after the lower layers. Only the
upper layers run here, over the question and all the sentences at once (`index.building.reader_network`).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.contents import Index
from index.encoder.encode import Encoding, Floats
from index.encoder.onnx_network import open_session, session_options
from index.folder import READER
from index.open import Opened
from retrieval.ranking.maxsim import Rows

SENTENCES = 6  # that many of the ranking's first are read (measured: docs/reader.md)
LONGEST = 64  # tokens of a sentence that are read
ASKED = 40  # tokens of a question that are read


class SentenceReader:
    """Reads sentences of one index."""

    def __init__(self, model: bytes | Path) -> None:
        """Open an exported reader: a file, or what one holds.

        Raises:
            ModelError: onnxruntime cannot open it.
        """
        self._session = open_session(model, session_options())

    def read(self, index: Index, question: Encoding, sentences: Rows) -> Floats:
        """Probabilities (n,) float32 that each of some sentences, by their rows, answers; at least one is asked of."""
        asked = question.tokens[:ASKED]
        spans = [_tokens(index, int(row)) for row in sentences]
        rows = np.concatenate([np.arange(start, end) for start, end in spans])
        tokens = index.tokens.rows_of(rows)
        owner = np.repeat(np.arange(len(spans)), [end - start for start, end in spans])
        passages = index.sentence_passage[sentences].tolist()
        near = {passage: _near(index, asked, passage) for passage in set(passages)}
        inputs = {
            "question_vectors": asked,
            "question_states": question.states[:ASKED],
            "vectors": tokens.vectors,
            "states": tokens.states,
            "owner": (owner == np.arange(len(spans))[:, None]).astype(np.float32),
            "near": np.array([near[passage] for passage in passages], dtype=np.float32),
            "same": (question.ids[:ASKED, None] == tokens.ids).astype(np.float32),
        }
        return np.asarray(self._session.run(None, inputs)[0], dtype=np.float32)


def open_reader(opened: Opened, *, bank: bool = True) -> SentenceReader | None:
    """Open the reader that lies in an index; None where it is not asked.

    It is not where the index is of a model that has no reader, nor where there is a bank (and `bank` does not leave it
    aside): it adds nothing to what the bank says (measured: docs/reader.md).

    Raises:
        ModelError: onnxruntime cannot open it.
    """
    if (bank and len(opened.index.bank.asked)) or not opened.manifest.recipe.card.reader_layer:
        return None
    return SentenceReader(opened.root / READER)


def _tokens(index: Index, sentence: int) -> tuple[int, int]:
    """Where the tokens of a sentence begin and end; at least one."""
    passage = int(index.sentence_passage[sentence])
    start = int(index.first_token[sentence])
    last = sentence + 1 == int(index.first_sentence[passage + 1])
    end = int(index.tokens.starts[passage + 1] if last else index.first_token[sentence + 1])
    return start, max(start + 1, min(end, start + LONGEST))


def _near(index: Index, asked: Floats, passage: int) -> tuple[float, float]:
    """How near a passage, and what stands before its first sentence (its heading), come: MaxSim."""
    cosines = index.tokens.of(passage).vectors @ asked.T
    before = int(index.first_token[index.first_sentence[passage]] - index.tokens.starts[passage])
    lead = float(cosines[:before].max(axis=0).mean()) if before else 0.0
    return float(cosines.max(axis=0).mean()), lead
