"""Late-interaction models (ColBERT, Khattab & Zaharia 2020, arXiv:2004.12832): known by what their repository states.

sentence-transformers makes a `MultiVectorEncoder` of any model, adding a random projection where there is none and
saying so in its log only. So only a repository that calls itself one is loaded as one, never with an added projection.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from sentence_transformers import MultiVectorEncoder, SentenceTransformer
from sentence_transformers.base.modules import Dense, Normalize, Transformer
from sentence_transformers.multi_vector_encoder.modules import MultiVectorMask
from sentence_transformers.sentence_transformer.modules import Pooling
from sentence_transformers.util import load_file_path

from corpus.common.errors import ModelError
from index.encoder.weights import Weights

KINDS = ("MultiVectorEncoder", "ColBERT")  # as sentence-transformers and PyLate write it
_COMMIT = re.compile(r"[0-9a-f]{40}")


def is_late_interaction(weights: Weights) -> bool:
    """Whether a repository says that it holds one: in modules.json, beside it, or as Stanford's ColBERT does."""
    types = _module_types(weights)
    stated = _stated(weights, "config_sentence_transformers.json").get("model_type")
    marked = any(name.startswith("pylate.") or name.endswith(".MultiVectorMask") for name in types)
    return marked or stated in KINDS or _is_stanford(weights, types)


def load_late_interaction(weights: Weights, how: dict[str, Any]) -> SentenceTransformer:
    """Load one so that its token embeddings are its own, projected and of unit length, and a text's is their mean.

    What a scoring mask leaves out (punctuation) and query expansion adds ([MASK]) is not taken over: here each token
    stands for a place in the text.

    Raises:
        ModelError: it comes from the hub without a commit, has no projection where it needs one, or another odd part.
    """
    _refuse_unpinned(weights)
    model = MultiVectorEncoder(weights.place, **how)
    parts: list[Any] = [part for part in model if not isinstance(part, MultiVectorMask)]
    _refuse_odd(weights, parts)
    dim = int(model.get_embedding_dimension() or 0)
    parts += [Normalize(module_input_name="token_embeddings"), Pooling(dim, pooling_mode="mean")]
    prompts = {name: prompt for name, prompt in model.prompts.items() if prompt}
    made = SentenceTransformer(modules=parts, prompts=prompts, device="cpu")
    if longest := parts[0].document_length:
        made.max_seq_length = min(longest, made.max_seq_length or longest)
    return made


def _refuse_unpinned(weights: Weights) -> None:
    if not Path(weights.place).is_dir() and not _COMMIT.fullmatch(weights.revision):
        found = f"the revision {weights.revision!r}" if weights.revision else "no revision"
        raise ModelError(
            f"the late-interaction model {weights.name!r} is named with {found}; "
            "set ASK_MODEL_REVISION to the 40 digits of one of its commits on the hub"
        )


def _refuse_odd(weights: Weights, parts: list[Any]) -> None:
    odd = [type(part).__name__ for part in parts if not isinstance(part, Transformer | Dense | Normalize)]
    if odd:
        raise ModelError(f"the late-interaction model {weights.name!r} has a part {odd[0]}, which cannot be served")
    types = _module_types(weights)
    own = sum(name.endswith(".Dense") for name in types) if types else int(_is_stanford(weights, types))
    found = sum(isinstance(part, Dense) for part in parts)
    if found > own:
        raise ModelError(
            f"the late-interaction model {weights.name!r} brings {own} projections, sentence-transformers made {found} "
            "of them, one at random; name a model that was trained with its projection"
        )


def _is_stanford(weights: Weights, types: list[str]) -> bool:
    return not types and "HF_ColBERT" in (_stated(weights, "config.json").get("architectures") or [])


def _module_types(weights: Weights) -> list[str]:
    return [str(module["type"]) for module in _stated(weights, "modules.json")]


def _stated(weights: Weights, file: str) -> Any:
    """What a JSON file of the repository holds; nothing, where there is none."""
    path = load_file_path(weights.place, file, revision=weights.revision_or_none())
    return json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
