"""Write the Space folder, check it and, on demand, start it as Hugging Face would.

    python -m deploy.space [--hardware cpu-basic|zero] [--out space] [--simulate]

The folder is the whole Space: whoever uploads it, by `make deploy` or by git, gets the same chat.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from corpus.cli import run
from corpus.settings import ROOT, Settings, read_settings
from deploy import files
from deploy.checks import LFS_FROM, check, files_of
from deploy.errors import SpaceError
from deploy.front_matter import read_head, write_head
from index.folder import Manifest, read_manifest
from index.opening import open_or_rebuild
from retrieval.texts import DISCLAIMER

HARDWARE = {"cpu-basic": "cpu-basic", "zero": "zero-a10g", "zero-a10g": "zero-a10g"}
MARK = "manifest.json"  # a folder that holds data/index/manifest.json is one of ours and may be replaced

README = """
# {title}

Answers questions about {articles} in the article's own words, shows where they stand, or says that the article
does not say.

**{disclaimer}**

Nothing typed here is stored by the app, and answering calls no other service. Hugging Face, which runs this page, has
its own [privacy policy](https://huggingface.co/privacy).
"""


def flavour(hardware: str) -> str:
    """The Hub's name of a kind of hardware.

    Raises:
        SpaceError: the kind is not one a Space folder can be written for.
    """
    if hardware not in HARDWARE:
        raise SpaceError(f"HARDWARE={hardware} is not known; allowed is cpu-basic or zero")
    return HARDWARE[hardware]


def write_space(out: Path, hardware: str, settings: Settings) -> Path:
    """Write the Space folder anew and check it.

    Raises:
        SpaceError: the place is taken by something else, or the folder is not fit to be uploaded.
        IndexFolderError: there is no index that fits the settings, and none could be built.
    """
    kind = flavour(hardware)
    _must_be_ours(out)
    opened = open_or_rebuild(settings, sys.stdout.write)
    if not opened.manifest.exported:
        raise SpaceError(f"the index holds no encoder of its own for {settings.model}; a Space without torch needs one")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    files.copy_code(out)
    files.copy_index(settings.index, opened.manifest, out)
    (out / "requirements.txt").write_text(files.serving_requirements(), encoding="utf-8")
    (out / "README.md").write_text(_readme(kind, opened.manifest), encoding="utf-8")
    (out / ".gitattributes").write_text(files.ATTRIBUTES, encoding="utf-8")
    (out / ".gitignore").write_text(files.IGNORE, encoding="utf-8")
    wrong = check(out, kind)
    if wrong:
        raise SpaceError(f"{out} is not fit to be uploaded: {'; '.join(wrong)}")
    return out


def _must_be_ours(out: Path) -> None:
    if out.exists() and any(out.iterdir()) and not (out / files.INDEX / MARK).is_file():
        raise SpaceError(f"{out} is not empty and no Space folder of ours; name another with --out")


def _readme(kind: str, manifest: Manifest) -> str:
    head = {**read_head(ROOT / "README.md"), "suggested_hardware": kind}
    articles = " and ".join(f"“{stamp.title}”" for stamp in manifest.recipe.articles)
    return write_head(head) + README.format(title=head["title"], articles=articles, disclaimer=DISCLAIMER)


def listing(out: Path) -> str:
    """What would be uploaded, largest first, in lines for a terminal."""
    sizes = sorted(((out / path).stat().st_size, path) for path in files_of(out))[::-1]
    manifest = read_manifest(out / files.INDEX)
    large = [f"  {size / 1e6:8.1f} MB  {path}{' (LFS)' if size > LFS_FROM else ''}" for size, path in sizes[:5]]
    total = sum(size for size, _ in sizes)
    return "\n".join(
        [
            f"{out}: {len(sizes)} files, {total / 1e6:.1f} MB, {manifest.passages} passages; the largest:",
            *large,
            "front matter valid, nothing private inside, index verified",
            "",
        ]
    )


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
