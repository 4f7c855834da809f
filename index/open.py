"""Open an index folder for answering: verified, fresh, and without torch. A stale one can be rebuilt on the way.

An index that was named without articles is opened as it is, and none is rebuilt that holds articles nobody asked for.

Rebuilding runs in a process of its own, so that the process that serves never imports what only building needs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.bank import bank_files, bank_sha256
from corpus.common.errors import IndexDamaged, IndexFolderError, IndexMissing, IndexStale
from corpus.common.settings import ROOT, Settings
from corpus.splitter import SPLITTER_VERSION
from index import contents
from index.encoder.encode import Card, Encoder
from index.encoder.onnx_encoder import open_served
from index.encoder.weights import file_sha256, find_weights, name_weights
from index.folder import MEND, Manifest, Recipe, article_files, build_command, read_manifest, verify


@dataclass(frozen=True, slots=True)
class Opened:
    """An index, the encoder for its questions, and the folder of its generation."""

    manifest: Manifest
    index: contents.Index
    encoder: Encoder
    root: Path


def open_index(settings: Settings) -> Opened:
    """Open the index folder that the settings name.

    Raises:
        IndexMissing, IndexDamaged, IndexStale: it cannot be used as it is; the message names both values and the
            remedy.
    """
    manifest = read_manifest(settings.index)
    try:
        return _open(manifest, settings)
    except (IndexDamaged, FileNotFoundError):
        if read_manifest(settings.index).generation == manifest.generation:
            raise
    return _open(read_manifest(settings.index), settings)  # a build has just replaced it


def _open(manifest: Manifest, settings: Settings) -> Opened:
    check_fresh(manifest.recipe, settings)
    root = verify(settings.index, manifest)
    card = manifest.recipe.card
    return Opened(manifest, contents.load(root, card), _encoder(root, manifest, settings), root)


def open_or_rebuild(settings: Settings, say: Callable[[str], object]) -> Opened:
    """Open the index; build it first where it is missing, stale or damaged, saying so through `say`.

    Nothing is built where no articles were asked for, nor over an index that holds others.

    Raises:
        IndexFolderError: it could not be built, or not be opened all the same, or must be left as it is; the message
            names the command that would replace it.
    """
    try:
        return open_index(settings)
    except IndexFolderError as error:
        _refuse_to_replace(settings, error)
        say(f"building the index first: {error}\n")
        _build_apart(settings)
    return open_index(settings)


def _refuse_to_replace(settings: Settings, error: IndexFolderError) -> None:
    """Let an index be built only from articles that were asked for, and only where it holds no others."""
    held = article_files(settings.index)
    if not settings.articles:
        if not isinstance(error, IndexMissing | IndexDamaged | IndexStale):
            raise error
        reason = str(error).removesuffix(f"; {MEND}")
        missing = isinstance(error, IndexMissing)
        remedy = "to build one" if missing else "it was named, so it is left as it is; to replace it"
        raise type(error)(f"{reason}; {remedy} run: {build_command(settings.index, held)}") from error
    if not {path.name for path in settings.articles}.issuperset(held):
        asked = ", ".join(path.name for path in settings.articles)
        raise IndexStale(
            f"the index in {settings.index} was made from {', '.join(held)}, asked for was {asked}; it is left as it "
            f"is; to replace it run: {build_command(settings.index, settings.articles)}"
        ) from error


def _build_apart(settings: Settings) -> None:
    """Run `index.build` with these very settings, wherever this process was started."""
    model = settings.model
    command = [sys.executable, "-m", "index.build", *(str(path.absolute()) for path in settings.articles)]
    command += ["--out", str(settings.index.absolute())]
    command += ["--model", str(Path(model).absolute()) if Path(model).is_dir() else model]
    wanted = {"ASK_QUESTIONS": str(settings.questions.absolute()), "ASK_MODEL_REVISION": settings.revision}
    inherited = {name: value for name, value in os.environ.items() if name not in wanted}
    environment = inherited | {name: value for name, value in wanted.items() if value}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603 - our own module
    if done.returncode:
        raise IndexFolderError(f"the index could not be built (exit code {done.returncode}); see the line above")


def _encoder(root: Path, manifest: Manifest, settings: Settings) -> Encoder:
    if manifest.exported:
        return open_served(root, manifest.recipe.card)
    from index.building.torch_network import load_torch_encoder  # heavy: only for a model that could not be exported

    return load_torch_encoder(find_weights(settings.model, settings.revision))


def check_fresh(recipe: Recipe, settings: Settings) -> None:
    """Compare what an index was made from with what the settings name now.

    Where the articles' files or the folder of the banks are not at hand (a deployed folder), the index stands for them.

    Raises:
        IndexStale: the splitter, the model, an article or its question bank is another.
        ModelError: the settings name a model in a way that cannot be.
    """
    if recipe.splitter != SPLITTER_VERSION:
        raise IndexStale(
            f"the index was split by version {recipe.splitter}, this is version {SPLITTER_VERSION}; {MEND}"
        )
    _check_model(recipe.card, settings)
    if settings.articles:
        _check_articles(recipe, settings)


def _check_model(card: Card, settings: Settings) -> None:
    wanted = name_weights(settings.model, settings.revision)
    if (card.name, card.revision) != (wanted.name, wanted.revision):
        found = f"{card.name} {card.revision}".strip()
        named = f"{wanted.name} {wanted.revision}".strip()
        raise IndexStale(f"the index was built with {found}, the settings name {named}; {MEND}")
    if wanted.sha256 and card.weights != wanted.sha256:
        raise IndexStale(
            f"the model {wanted.name} has SHA-256 {wanted.sha256[:16]}…, "
            f"the index was built with {card.weights[:16]}…; {MEND}"
        )


def _check_articles(recipe: Recipe, settings: Settings) -> None:
    found = [stamp.file for stamp in recipe.articles]
    wanted = [path.name for path in settings.articles]
    if found != wanted:
        raise IndexStale(f"the index was built from {', '.join(found)}, the settings name {', '.join(wanted)}; {MEND}")
    for stamp, path in zip(recipe.articles, settings.articles, strict=True):
        if path.is_file():
            _compare(path.name, file_sha256(path), stamp.sha256)
        if settings.questions.is_dir():
            bank = bank_sha256(bank_files(settings.questions, stamp.id))
            _compare(f"the question bank of {path.name}", bank, stamp.bank_sha256)


def _compare(what: str, now: str, built: str) -> None:
    if now != built:
        now, built = (f"SHA-256 {digest[:16]}…" if digest else "no file" for digest in (now, built))
        raise IndexStale(f"{what} has {now}, the index was built from {built}; {MEND}")
