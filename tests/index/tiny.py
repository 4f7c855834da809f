"""Models small enough to make in a test: BERT with 2 layers of 32, random weights, safetensors."""

from __future__ import annotations

from pathlib import Path

from tests.index.by_hand import tokenizer


def save_tiny_model(folder: Path, seed: int = 0) -> Path:
    """Save a sentence-transformers model and return its folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    parts = _save_bert(folder, seed)
    model = SentenceTransformer(modules=[Transformer(str(parts), max_seq_length=64), Pooling(32)], device="cpu")
    model.save(str(folder / "tiny"))
    return folder / "tiny"


def _save_bert(folder: Path, seed: int) -> Path:
    """Save the bare transformer and its tokenizer."""
    import torch
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    made = tokenizer()
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=made, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
    )
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=made.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder / "parts")
    fast.save_pretrained(folder / "parts")
    return folder / "parts"
