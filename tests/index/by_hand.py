"""A model one can check by hand: a token's vector is one-hot (twice that in context), a text's counts its words.

`settle` makes a place with an article, its bank and this model; `use` puts the model in place of sentence-transformers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from corpus.common.settings import Settings
from index import build
from index import open as opening
from index.encoder.encode import Card, Encoder, Ints, Pass
from index.encoder.weights import Weights, name_weights

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
SENTENCE = "iron helps the blood beans hold much of it eat with tea lowers uptake why is safe not for all what"
WORDS = SENTENCE.split()
DIM = len(SPECIAL) + len(WORDS)
WINDOW = 100

ARTICLE = """# Iron

## Use

Iron helps the blood. Beans hold much of it.

## Food

Eat beans with iron:

- Beans.
- Tea is not it.

Q: Why is tea not safe?

A: Tea lowers the uptake. It is safe for all.
"""
BANK = """## use
- what helps the blood
- is iron safe
> Iron helps the blood.

## other
- what of tea
"""


class Table:
    """A network that looks its vectors up; `rows` counts the texts it was given."""

    def __init__(self) -> None:
        self.rows = 0

    def run(self, ids: Ints, mask: Ints) -> Pass:
        self.rows += len(ids)
        tokens = np.eye(DIM, dtype=np.float32)[ids]
        said = (mask == 1) & (ids >= SPECIAL.index("[UNK]")) & ~np.isin(ids, (2, 3))
        return Pass((tokens * said[..., None]).sum(axis=1), tokens, 2 * tokens, tokens)


def one_hot(word: str) -> int:
    """The column of a word."""
    return len(SPECIAL) + WORDS.index(word)


def tokenizer() -> Tokenizer:
    made = Tokenizer(models.WordLevel({w: i for i, w in enumerate((*SPECIAL, *WORDS))}, unk_token="[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    ends = [("[CLS]", 2), ("[SEP]", 3)]
    made.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    return made


def encoder(
    window: int = WINDOW, query_prompt: str = "", passage_prompt: str = "", weights: Weights | None = None
) -> Encoder:
    name, sha256 = (weights.name, weights.sha256) if weights else ("by hand", "none")
    card = Card(name, "", sha256, DIM, window, (-1,), query_prompt, passage_prompt)
    return Encoder(card, tokenizer(), Table())


def rows(made: Encoder) -> int:
    """How many texts an encoder's network was given."""
    assert isinstance(made.network, Table)
    return made.network.rows


def settle(folder: Path, article: str = ARTICLE, bank: str = BANK) -> Settings:
    """Write an article, its bank and the files of a model."""
    for name, text in (
        ("iron.md", article),
        ("questions/iron/bank.md", bank),
        ("by-hand/model.safetensors", "weights"),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Settings(
        index=folder / "index",
        model=str(folder / "by-hand"),
        articles=(folder / "iron.md",),
        questions=folder / "questions",
    )


class Used:
    """The encoders that were loaded since the model was put in place."""

    def __init__(self) -> None:
        self.loaded: list[Encoder] = []

    def load(self, settings: Settings) -> Encoder:
        self.loaded.append(encoder(weights=name_weights(settings.model, settings.revision)))
        return self.loaded[-1]


def replacements(used: Used) -> Sequence[tuple[object, str, object]]:
    """What to set on what, so that builds and openings use this model."""
    return (
        (build, "_load", used.load),
        (build, "_put_encoder", lambda *_: False),
        (opening, "_encoder", lambda _root, _manifest, settings: used.load(settings)),
    )
