"""Write the Space folder, check it and, on demand, start it as Hugging Face would.

    python -m deploy.space [--hardware cpu-basic|zero] [--out space] [--simulate]

The folder is the whole Space: whoever uploads it, by `make deploy` or by git, gets the same chat.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from huggingface_hub import metadata_save

from corpus.common.cli import run
from corpus.common.settings import ROOT, Settings, read_settings
from deploy import shipped
from deploy.checks import LFS_FROM, check, files_of, read_head
from deploy.shipped import SpaceError
from index.folder import Manifest, read_manifest
from index.open import open_or_rebuild
from retrieval.answerer import open_answerer
from retrieval.texts import DISCLAIMER

HARDWARE = {"cpu-basic": "cpu-basic", "zero": "zero-a10g", "zero-a10g": "zero-a10g"}
INDEX = Path("data") / "index"  # where the app looks when nothing else is set

README = """
# {title}

Answers questions about {articles} in the article's own words, shows where they stand, or says that the article
does not say.

**{disclaimer}**

Nothing typed here is stored by the app, and answering calls no other service. Hugging Face, which runs this page, has
its own [privacy policy](https://huggingface.co/privacy).
"""
# Whoever pushes the folder by hand with git: large files go through LFS. The ignore file ignores nothing, since the Hub
# applies the one it already holds, and the project's own names data/, where the index lies.
ATTRIBUTES = "".join(f"*.{suffix} filter=lfs diff=lfs merge=lfs -text\n" for suffix in ("onnx", "data", "faiss", "npy"))
IGNORE = "# nothing: the whole folder is the Space\n"


def flavour(hardware: str) -> str:
    """Return the Hub's name of a kind of hardware.

    Raises:
        SpaceError: the kind is not one a Space folder can be written for.
    """
    if hardware not in HARDWARE:
        raise SpaceError(f"HARDWARE={hardware} is not known; allowed is cpu-basic or zero")
    return HARDWARE[hardware]


def write_space(out: Path, hardware: str, settings: Settings) -> Path:
    """Write the Space folder anew, check it and return its path.

    Raises:
        SpaceError: the place is taken by something else, or the folder is not fit to be uploaded.
        IndexFolderError: there is no index that fits the settings, and none could be built.
    """
    kind = flavour(hardware)
    if out.exists() and any(out.iterdir()) and not (out / INDEX / "manifest.json").is_file():
        raise SpaceError(f"{out} is not empty and no Space folder of ours; name another with --out")
    opened = open_or_rebuild(settings, sys.stdout.write)
    if not opened.manifest.exported:
        raise SpaceError(f"the index holds no encoder of its own for {settings.model}; a Space without torch needs one")
    shutil.rmtree(out, ignore_errors=True)
    _copy(ROOT, shipped.files(), out)
    # What the manifest names, and nothing else that lies in the index folder.
    generation = Path(opened.manifest.generation)
    _copy(settings.index, [Path("manifest.json"), *(generation / name for name in opened.manifest.files)], out / INDEX)
    texts = {"requirements.txt": shipped.requirements_text(), ".gitattributes": ATTRIBUTES, ".gitignore": IGNORE}
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8")
    _write_readme(out / "README.md", kind, opened.manifest)
    if wrong := check(out, kind):
        raise SpaceError(f"{out} is not fit to be uploaded: {'; '.join(wrong)}")
    return out


def _copy(source: Path, names: list[Path], out: Path) -> None:
    for name in names:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, out / name)


def _write_readme(readme: Path, kind: str, manifest: Manifest) -> None:
    head = {**read_head(ROOT / "README.md"), "suggested_hardware": kind}
    articles = " and ".join(f"“{stamp.title}”" for stamp in manifest.recipe.articles)
    readme.write_text(README.format(title=head["title"], articles=articles, disclaimer=DISCLAIMER), encoding="utf-8")
    metadata_save(readme, head)


def listing(out: Path) -> str:
    """Return what would be uploaded, largest first, in lines for a terminal."""
    sizes = sorted(((out / path).stat().st_size, path) for path in files_of(out))[::-1]
    total = sum(size for size, _ in sizes)
    passages = read_manifest(out / INDEX).passages
    large = [f"  {size / 1e6:8.1f} MB  {path}{' (LFS)' if size > LFS_FROM else ''}\n" for size, path in sizes[:5]]
    return (
        f"{out}: {len(sizes)} files, {total / 1e6:.1f} MB, {passages} passages; the largest:\n{''.join(large)}"
        "front matter valid, nothing private inside, index verified\n"
    )


def first_question(space: Path) -> str:
    """Return a question the Space in this folder must be able to answer: the first its page offers."""
    return open_answerer(replace(read_settings({}), index=space / INDEX, articles=())).starters[0]


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m deploy.space", description="Write and check a Space folder.")
    parser.add_argument("--hardware", default="cpu-basic", help="cpu-basic (default) or zero")
    parser.add_argument("--out", type=Path, default=ROOT / "space", metavar="DIR", help="default: space/")
    parser.add_argument("--simulate", action="store_true", help="then start it as Hugging Face would and ask it")
    asked = parser.parse_args(arguments)
    out = write_space(asked.out, asked.hardware, read_settings())
    sys.stdout.write(listing(out))
    if asked.simulate:
        from deploy.simulate import simulate  # needs what only developers install

        sys.stdout.write(simulate(out, flavour(asked.hardware)).lines())
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
