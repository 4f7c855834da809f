"""The encoder that an index folder carries: how it gets in, and how it is opened without torch."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

from tokenizers import Tokenizer

from corpus.common.errors import IndexDamaged
from index.encoder.encode import Card, Encoder
from index.encoder.onnx_network import OnnxNetwork

FOLDER = "encoder"
NETWORK = "model.onnx"
WEIGHTS = "model.onnx.data"  # beside it, memory-mapped
OTHER_TEXTS = 200
SEED = 20


def open_served(root: Path, card: Card) -> Encoder:
    """Open the encoder of a generation folder.

    Raises:
        IndexDamaged: its tokenizer cannot be read.
        ModelError: its network cannot be opened.
    """
    folder = root / FOLDER
    try:
        tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
    except Exception as error:  # tokenizers raises plain Exception
        raise IndexDamaged(f"the encoder's tokenizer.json cannot be read ({error}); run: make index") from error
    return Encoder(card, tokenizer, OnnxNetwork(folder / NETWORK))


def carry_over(earlier: Path, root: Path) -> None:
    """Take the encoder of an earlier generation along, without copying it where the disk allows."""
    shutil.copytree(earlier / FOLDER, root / FOLDER, copy_function=link)


def link(source: str | Path, target: str | Path) -> None:
    """Put a file at a second place too, without copying it where the disk allows."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def other_texts(tokenizer_json: str) -> list[str]:
    """Seeded texts of 1 to 200 word pieces out of the tokenizer's own vocabulary, most of them short."""
    vocabulary = sorted(Tokenizer.from_str(tokenizer_json).get_vocab())
    chance = random.Random(SEED)  # noqa: S311 - reproducible, not secret
    lengths = [chance.randint(1, chance.randint(1, 200)) for _ in range(OTHER_TEXTS)]
    return [" ".join(chance.choices(vocabulary, k=length)) for length in lengths]
