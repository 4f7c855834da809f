"""Build the index folder: read the articles, embed what is new, export the encoder, publish in one step.

    python -m index.build [ARTICLE ...] [--out DIR] [--model NAME]

sentence-transformers does the embedding; answering needs the folder alone.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from corpus.article import Passage
from corpus.bank import Asked, bank_files, bank_sha256, read_bank
from corpus.common.cli import run
from corpus.common.errors import ArticleError, IndexFolderError, ModelError
from corpus.common.settings import Settings, default_articles, read_settings
from corpus.readers.registry import READERS, ReadArticle, read_articles
from corpus.splitter import SPLITTER_VERSION, split
from index import contents, folder
from index.building.shards import Earlier, Shards
from index.building.wordings import unknown_wordings, wording_vectors
from index.encoder.encode import Card, Encoder
from index.encoder.limits import limits
from index.encoder.onnx_encoder import carry_over, link, other_texts
from index.encoder.weights import find_weights
from index.folder import ArticleStamp, Manifest, Recipe

PROVEN_ON = 300  # passages, evenly spread where there are more: encoding all of them twice would double a build
LIBRARIES = ("sentence-transformers", "torch", "faiss-cpu", "bm25s", "onnxruntime", "tokenizers", "numpy", "syntok")


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did."""

    manifest: Manifest
    readings: tuple[ReadArticle, ...]
    embedded: int
    asked: int


def build(settings: Settings) -> Built:
    """Build the index folder that the settings name.

    Raises:
        AskError: an article, the bank, the model or the folder cannot be used; the index there stays as it was.
    """
    if not settings.articles:
        raise ArticleError("no article to build from; name one, or put one into corpus/articles/")
    readings = read_articles(list(settings.articles))
    stamps = _stamps(settings, readings)
    with folder.lock(settings.index):
        encoder = _load(settings)
        passages = [p for r in readings for p in split(r.article, limits(encoder))]
        bank = _read_banks(settings, readings, passages)
        return _build(settings, readings, stamps, encoder, passages, bank)


def _load(settings: Settings) -> Encoder:
    from index.building.torch_network import load_torch_encoder  # heavy, and only builds need it

    return load_torch_encoder(find_weights(settings.model, settings.revision))


def _build(
    settings: Settings,
    readings: Sequence[ReadArticle],
    stamps: tuple[ArticleStamp, ...],
    encoder: Encoder,
    passages: Sequence[Passage],
    bank: Sequence[Asked],
) -> Built:
    previous = _previous(settings.index, encoder.card)
    earlier = previous.index if previous else None
    known = Earlier(earlier)
    shards = Shards(settings.index / "shards")
    with _bar("embedding", "passage", len(passages)) as bar:
        paths = shards.embed_all(passages, encoder, known, bar.update)
    with _bar("question bank", "wording", len(unknown_wordings(bank, earlier))) as bar:
        wordings = wording_vectors(bank, encoder, earlier, bar.update)
    folder.sweep(settings.index)
    root = folder.new_generation(settings.index)
    articles = [r.article for r in readings]
    embedded = shards.gather(paths, root, encoder.card)
    contents.save(contents.assemble(encoder, articles, passages, embedded, bank, wordings), root)
    exported = _put_encoder(encoder, root, previous, passages)
    _put_reader(encoder, root, previous)
    manifest = Manifest(
        recipe=Recipe(folder.FORMAT, SPLITTER_VERSION, encoder.card, stamps),
        generation=root.name,
        exported=exported,
        passages=len(passages),
        files=folder.stamps(root),
        libraries={name: version(name) for name in LIBRARIES},
    )
    folder.publish(settings.index, manifest)
    shards.clear()
    fresh = sum(p not in known for p in passages)
    return Built(manifest, tuple(readings), fresh, len(bank))


def _bar(what: str, unit: str, total: int) -> tqdm[NoReturn]:
    """A progress bar, on terminals only."""
    return tqdm(total=total, desc=what, unit=unit, disable=None)


@dataclass(frozen=True, slots=True)
class _Previous:
    """The whole index of the same model that lies in the folder already."""

    root: Path
    exported: bool
    index: contents.Index


def _previous(index: Path, card: Card) -> _Previous | None:
    """What can be taken over from the folder; nothing, where it is damaged or of another model or splitter format."""
    try:
        manifest = folder.read_manifest(index)
        root = folder.verify(index, manifest)
        same = manifest.recipe.card == card
        return _Previous(root, manifest.exported, contents.load(root, card)) if same else None
    except IndexFolderError:
        return None


def _read_banks(settings: Settings, readings: Sequence[ReadArticle], passages: Sequence[Passage]) -> list[Asked]:
    return [
        asked
        for reading in readings
        for asked in read_bank(bank_files(settings.questions, reading.article.id), passages, reading.article.title)
    ]


def _stamps(settings: Settings, readings: Sequence[ReadArticle]) -> tuple[ArticleStamp, ...]:
    return tuple(
        ArticleStamp(
            file=path.name,
            sha256=reading.sha256,
            id=reading.article.id,
            title=reading.article.title,
            bank_sha256=bank_sha256(bank_files(settings.questions, reading.article.id)),
        )
        for path, reading in zip(settings.articles, readings, strict=True)
    )


def _put_encoder(encoder: Encoder, root: Path, previous: _Previous | None, passages: Sequence[Passage]) -> bool:
    """Put a proven encoder into the folder; for a model that cannot be exported the manifest says there is none."""
    from index.building.export import export_encoder

    if previous and previous.exported:
        carry_over(previous.root, root)
        return True
    every = -(-len(passages) // PROVEN_ON)
    texts = [contents.embedded_text(p) for p in passages[::every]] + other_texts(encoder.tokenizer_json())
    try:
        export_encoder(encoder, root, texts)
    except ModelError as error:
        sys.stderr.write(f"note: {error}; questions will be encoded by sentence-transformers\n")
        return False
    return True


def _put_reader(encoder: Encoder, root: Path, previous: _Previous | None) -> None:
    """Put the proven reader into the folder, where there is one for the model."""
    if not encoder.card.reader_layer:
        return
    if previous:
        link(previous.root / folder.READER, root / folder.READER)
        return
    from index.building.reader_export import reader_onnx

    (root / folder.READER).write_bytes(reader_onnx())


def _report(built: Built, settings: Settings) -> str:
    manifest = built.manifest
    lines = [f"read {r.article.title!r}, left out {len(r.dropped)} lines of page noise" for r in built.readings]
    lines += [f"  left out: {line}" for r in built.readings for line in r.dropped]
    reused = manifest.passages - built.embedded
    lines.append(f"embedded {built.embedded} passages with {manifest.recipe.card.name}, took over {reused} unchanged")
    lines.append(f"question bank: {built.asked} wordings")
    size = sum(stamp.bytes for stamp in manifest.files.values())
    lines.append(f"index ready in {settings.index} ({manifest.passages} passages, {size / 1e6:.1f} MB)")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m index.build", description="Build the index of one or more articles."
    )
    formats = ", ".join(READERS)
    parser.add_argument("articles", nargs="*", type=Path, metavar="ARTICLE", help=f"a file that ends in {formats}")
    parser.add_argument("--out", type=Path, metavar="DIR", help="the index folder (default: ASK_INDEX or data/index)")
    parser.add_argument("--model", help="“packaged”, a folder, or a sentence-transformers model (default: ASK_MODEL)")
    asked = parser.parse_args(arguments)
    settings = read_settings(index=asked.out)
    settings = replace(
        settings,
        articles=tuple(asked.articles) or settings.articles or default_articles(),
        model=asked.model or settings.model,
    )
    replaced = folder.article_files(settings.index)
    report = _report(build(settings), settings)
    sys.stdout.write(f"replaced the index of {', '.join(replaced)}\n{report}" if replaced else report)
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
