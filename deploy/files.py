"""What a Space is made of: code that answers, the index folder, a README, a short list of requirements.

Named here by what goes in, so that a file somebody leaves lying about stays out. The articles themselves stay out too:
the index holds their text, and an index beside no article stands for itself.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from corpus.settings import ROOT
from deploy.errors import SpaceError
from index.folder import Manifest

INDEX = Path("data") / "index"  # where the app looks when nothing else is set
PACKAGES = ("corpus", "index", "retrieval", "web")
SINGLE = ("app.py", "LICENSE", "deploy/__init__.py", "deploy/on_space.py")
SUFFIXES = (".py", ".css", ".js", ".json", ".svg", ".txt", ".md", ".tsv", ".csv")
# Reading articles, building and measuring: none of it is there without the libraries it needs.
LEFT_OUT = (
    "corpus/articles",
    "corpus/golden",
    "corpus/questions",
    "index/build.py",
    "index/export.py",
    "index/late_interaction.py",
    "index/torch_network.py",
    "retrieval/evaluate",
)
SERVING = (
    "faiss-cpu",
    "onnxruntime",
    "tokenizers",
    "PyStemmer",
    "RapidFuzz",
    "numpy",
    "filelock",
    "syntok",
    "limits",
)

# Whoever pushes the folder by hand with git: large files go through LFS. The ignore file ignores nothing, since the Hub
# applies the one it already holds, and the project's own names data/, where the index lies.
ATTRIBUTES = "".join(f"*.{suffix} filter=lfs diff=lfs merge=lfs -text\n" for suffix in ("onnx", "data", "faiss", "npy"))
IGNORE = "# nothing: the whole folder is the Space\n"


def code() -> list[Path]:
    """Paths of the code that serves, relative to the project."""
    found = [Path(name) for name in SINGLE]
    for package in PACKAGES:
        below = (path.relative_to(ROOT) for path in (ROOT / package).rglob("*") if path.is_file())
        found += [path for path in below if path.suffix in SUFFIXES and not _left_out(path)]
    return sorted(found)


def _left_out(path: Path) -> bool:
    name = path.as_posix()
    return "__pycache__" in path.parts or any(name == out or name.startswith(f"{out}/") for out in LEFT_OUT)


def pins(requirements: Path = ROOT / "requirements.txt") -> dict[str, str]:
    """Name and exact version of every requirement."""
    lines = (line.split("#")[0].strip() for line in requirements.read_text(encoding="utf-8").splitlines())
    return dict(line.split("==", 1) for line in lines if "==" in line)


def serving_requirements() -> str:
    """What a Space installs beside Gradio, which the platform itself installs from `sdk_version`.

    Raises:
        SpaceError: something serving needs has no pin in requirements.txt.
    """
    known = pins()
    missing = [name for name in SERVING if name not in known]
    if missing:
        raise SpaceError(f"requirements.txt has no pin for {', '.join(missing)}, which serving needs; add it")
    head = "# What answering needs. Gradio is not here: the platform installs it from `sdk_version` in README.md.\n"
    return head + "".join(f"{name}=={known[name]}\n" for name in SERVING)


def copy_code(out: Path) -> None:
    """Copy the code that serves."""
    for path in code():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, out / path)


def copy_index(index: Path, manifest: Manifest, out: Path) -> None:
    """Copy what the manifest names, and nothing else that lies in the index folder."""
    names = [Path("manifest.json"), *(Path(manifest.generation) / name for name in manifest.files)]
    for name in names:
        (out / INDEX / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(index / name, out / INDEX / name)
