"""Open an index folder for answering: verified, fresh, and without torch. A stale one can be rebuilt on the way.

Rebuilding runs in a process of its own, so that the process that serves never imports what only building needs.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.bank import bank_files, bank_sha256
from corpus.errors import IndexBusy, IndexFolderError, IndexStale
from corpus.settings import PACKAGED_MODEL, ROOT, Settings
from corpus.splitter import SPLITTER_VERSION
from index import contents
from index.encoder import Encoder
from index.folder import MEND, Manifest, Recipe, read_manifest, verify
from index.served import open_served
from index.weights import PACKAGED_NAME, file_sha256, find_weights


@dataclass(frozen=True, slots=True)
class Opened:
    """An index and the encoder for its questions."""

    manifest: Manifest
    index: contents.Index
    encoder: Encoder


def open_index(settings: Settings) -> Opened:
    """Open the index folder that the settings name.

    Raises:
        IndexMissing, IndexDamaged, IndexStale: it cannot be used as it is; the message names both values and the remedy.
    """
    manifest = read_manifest(settings.index)
    check_fresh(manifest.recipe, settings)
    root = verify(settings.index, manifest)
    card = manifest.recipe.card
    return Opened(manifest, contents.load(root, card), _encoder(root, manifest, settings))


def open_or_rebuild(settings: Settings, say: Callable[[str], object]) -> Opened:
    """Open the index; build it first where it is missing, stale or damaged, saying so through `say`.

    Raises:
        IndexFolderError: it could not be built, or not be opened all the same.
    """
    try:
        return open_index(settings)
    except IndexBusy:
        raise
    except IndexFolderError as error:
        say(f"building the index first: {error}\n")
        _build_apart(settings)
    return open_index(settings)


def _build_apart(settings: Settings) -> None:
    command = [sys.executable, "-m", "index.build", *map(str, settings.articles), "--out", str(settings.index)]
    done = subprocess.run([*command, "--model", settings.model], cwd=ROOT, check=False)  # noqa: S603 - our own module
    if done.returncode:
        raise IndexFolderError(f"the index could not be built (exit code {done.returncode}); see the line above")


def _encoder(root: Path, manifest: Manifest, settings: Settings) -> Encoder:
    if manifest.exported:
        return open_served(root, manifest.recipe.card)
    from index.torch_network import load_torch_encoder  # heavy: only for a model that could not be exported

    return load_torch_encoder(find_weights(settings.model, settings.revision))


def check_fresh(recipe: Recipe, settings: Settings) -> None:
    """Compare what an index was made from with what the settings name now.

    Where no article file is at hand (a deployed folder), the index stands for itself.

    Raises:
        IndexStale: the splitter, the model, an article or its question bank is another.
    """
    if recipe.splitter != SPLITTER_VERSION:
        raise IndexStale(
            f"the index was split by version {recipe.splitter}, this is version {SPLITTER_VERSION}; {MEND}"
        )
    _check_model(recipe, settings)
    if settings.articles and all(path.is_file() for path in settings.articles):
        _check_articles(recipe, settings)


def _check_model(recipe: Recipe, settings: Settings) -> None:
    wanted = settings.model
    name = PACKAGED_NAME if wanted == PACKAGED_MODEL else Path(wanted).name if Path(wanted).is_dir() else wanted
    if recipe.card.name != name or (settings.revision and recipe.card.revision != settings.revision):
        found = f"{recipe.card.name} {recipe.card.revision}".strip()
        raise IndexStale(f"the index was built with {found}, the settings name {name} {settings.revision}; {MEND}")


def _check_articles(recipe: Recipe, settings: Settings) -> None:
    found = [stamp.file for stamp in recipe.articles]
    wanted = [path.name for path in settings.articles]
    if found != wanted:
        raise IndexStale(f"the index was built from {', '.join(found)}, the settings name {', '.join(wanted)}; {MEND}")
    for stamp, path in zip(recipe.articles, settings.articles, strict=True):
        digest = file_sha256(path)
        if digest != stamp.sha256:
            raise IndexStale(
                f"{path.name} has SHA-256 {digest[:16]}…, the index was built from {stamp.sha256[:16]}…; {MEND}"
            )
        bank = bank_sha256(bank_files(settings.questions, stamp.id))
        if bank != stamp.bank_sha256:
            raise IndexStale(
                f"the question bank of {path.name} has SHA-256 {bank[:16] or 'none'}, "
                f"the index was built from {stamp.bank_sha256[:16] or 'none'}; {MEND}"
            )
