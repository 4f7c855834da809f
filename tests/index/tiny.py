"""Models small enough to make in a test: BERT with 2 layers of 32, random weights, safetensors."""

from __future__ import annotations

import json
from pathlib import Path

from tests.index.by_hand import tokenizer

LATE_DIM = 16
MARKERS = ("[Q] ", "[D] ")
PYLATE = {"query_prefix": "[Q] ", "document_prefix": "[D] ", "query_length": 24, "document_length": 48}


def save_tiny_model(folder: Path, seed: int = 0) -> Path:
    """Save a sentence-transformers model and return its folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    parts = _save_bert(folder, seed)
    model = SentenceTransformer(modules=[Transformer(str(parts), max_seq_length=64), Pooling(32)], device="cpu")
    model.save(str(folder / "tiny"))
    return folder / "tiny"


def save_tiny_late_model(folder: Path, seed: int = 0) -> Path:
    """Save a late-interaction model, its tokens projected to 16 and punctuation left unscored; return its folder."""
    import torch
    from sentence_transformers import MultiVectorEncoder
    from sentence_transformers.base.modules import Dense, Normalize, Transformer
    from sentence_transformers.multi_vector_encoder.modules import MultiVectorMask

    backbone = Transformer(str(_save_bert(folder, seed)), max_seq_length=64, document_length=48)
    identity, tokens = torch.nn.Identity(), "token_embeddings"
    projection = Dense(32, LATE_DIM, bias=False, activation_function=identity, module_input_name=tokens)
    modules = [backbone, projection, MultiVectorMask(), Normalize(module_input_name=tokens)]
    prompts = {"query": "what of ", "document": "beans "}
    MultiVectorEncoder(modules=modules, prompts=prompts, device="cpu").save(str(folder / "late"))
    return folder / "late"


def save_tiny_pylate_model(folder: Path) -> Path:
    """The same as PyLate saves it: a backbone and a projection, markers that are tokens, queries expanded to 24."""
    from tokenizers import AddedToken
    from transformers import AutoTokenizer

    late = save_tiny_late_model(folder)
    modules = json.loads((late / "modules.json").read_text())[:2]
    modules[1]["type"] = "pylate.models.Dense.Dense"
    (late / "modules.json").write_text(json.dumps(modules))
    (late / "config_sentence_transformers.json").write_text(json.dumps({"model_type": "ColBERT", **PYLATE}))
    fast = AutoTokenizer.from_pretrained(late)
    fast.add_special_tokens({"mask_token": "iron"})
    fast.add_tokens([AddedToken(marker, normalized=True) for marker in MARKERS])
    fast.save_pretrained(late)
    return late


def save_tiny_stanford_model(folder: Path) -> Path:
    """The same as Stanford's ColBERT saves it: one file of weights with the projection in it, and no modules."""
    from safetensors.torch import load_file, save_file

    late, whole = save_tiny_late_model(folder), folder / "stanford"
    weights = {f"bert.{name}": tensor for name, tensor in load_file(late / "model.safetensors").items()}
    weights["linear.weight"] = load_file(late / "1_Dense" / "model.safetensors")["linear.weight"]
    whole.mkdir()
    save_file(weights, whole / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((late / "config.json").read_text())
    (whole / "config.json").write_text(json.dumps({**config, "architectures": ["HF_ColBERT"]}))
    (whole / "tokenizer.json").write_bytes((late / "tokenizer.json").read_bytes())
    tokens = json.loads((late / "tokenizer_config.json").read_text())
    (whole / "tokenizer_config.json").write_text(json.dumps({**tokens, "mask_token": "iron"}))
    marks = {"query_token_id": "safe", "doc_token_id": "all", "doc_maxlen": 40, "query_maxlen": 24}
    (whole / "artifact.metadata").write_text(json.dumps({**marks, "mask_punctuation": False}))
    return whole


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
        vocab_size=made.get_vocab_size() + len(MARKERS),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder / "parts")
    fast.save_pretrained(folder / "parts")
    return folder / "parts"
