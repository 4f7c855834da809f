"""The index folder on disk: atomic to write, verified to open, and it never holds anything half.

    <index>/manifest.json      written last, by rename: the index is whatever it names
    <index>/<generation>/…     the files themselves, each with size and SHA-256 in the manifest

A build fills a new generation beside the old one and only then replaces the manifest, so a kill at any moment leaves
either the old index or the new one. What no manifest names is swept by the next build. The manifest carries its own
SHA-256. No file is a pickle.
"""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from corpus.common.errors import IndexBusy, IndexDamaged, IndexFolderError, IndexMissing, IndexStale
from index.encoder.encode import Card
from index.encoder.weights import file_sha256
from index.verified import Verified

FORMAT = 5
READER = "reader.onnx"  # in a generation folder, where there is a reader for the model
MEND = "run: make index (python -m index.build)"


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What a file must be."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ArticleStamp:
    """Which file an article was read from, and what was read along with it."""

    file: str
    sha256: str
    id: str
    title: str
    bank_sha256: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an index is made from; two indexes of one recipe hold the same."""

    format: int
    splitter: int
    card: Card
    articles: tuple[ArticleStamp, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What lies in the folder. `exported` tells whether it holds an encoder of its own."""

    recipe: Recipe
    generation: str
    exported: bool
    passages: int
    files: dict[str, FileStamp]
    libraries: dict[str, str]

    def to_json(self) -> str:
        """Return the manifest as it is written, sealed."""
        data = asdict(self)
        return json.dumps({**data, "sha256": seal(data)}, indent=1, ensure_ascii=False, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Read a manifest back.

        Raises:
            IndexDamaged: it is not one, or was altered.
            IndexStale: it is of another format.
        """
        try:
            return _manifest(_unsealed(json.loads(text)))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise IndexDamaged(f"manifest.json is not a manifest ({type(error).__name__}: {error}); {MEND}") from error


def seal(data: dict[str, Any]) -> str:
    """SHA-256 of data in one canonical form, written along with it so that an altered file is known."""
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _unsealed(data: dict[str, Any]) -> dict[str, Any]:
    found = data["recipe"]["format"]
    if found != FORMAT:
        raise IndexStale(f"the index has format {found}, this version reads format {FORMAT}; {MEND}")
    sealed = data.pop("sha256")
    digest = seal(data)
    if digest != sealed:
        raise IndexDamaged(f"manifest.json has SHA-256 {digest[:16]}…, its seal says {sealed[:16]}…; {MEND}")
    return data


def _manifest(data: dict[str, Any]) -> Manifest:
    recipe = data["recipe"]
    return Manifest(
        recipe=Recipe(
            recipe["format"],
            recipe["splitter"],
            Card(**{**recipe["card"], "token_layers": tuple(recipe["card"]["token_layers"])}),
            tuple(ArticleStamp(**stamp) for stamp in recipe["articles"]),
        ),
        generation=data["generation"],
        exported=data["exported"],
        passages=data["passages"],
        files={name: FileStamp(**stamp) for name, stamp in data["files"].items()},
        libraries=data["libraries"],
    )


def read_manifest(index: Path) -> Manifest:
    """Read the manifest of an index folder.

    Raises:
        IndexMissing: there is no index there.
        IndexDamaged: its manifest cannot be read.
        IndexStale: it is of another format.
        IndexFolderError: it may not be read.
    """
    path = index / "manifest.json"
    try:
        return Manifest.from_json(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissing(f"no index in {index}; {MEND}") from error
    except UnicodeDecodeError as error:
        raise IndexDamaged(f"manifest.json is not UTF-8 (byte at offset {error.start}); {MEND}") from error
    except OSError as error:
        raise IndexFolderError(f"{path} cannot be read ({error.strerror}); check who may read it") from error


def article_files(index: Path) -> tuple[str, ...]:
    """The names of the files an index was made from, whatever its format; none where that cannot be read."""
    try:
        data = json.loads((index / "manifest.json").read_text(encoding="utf-8"))
        return tuple(str(article["file"]) for article in data["recipe"]["articles"])
    except (OSError, ValueError, TypeError, KeyError):
        return ()


def build_command(index: Path, articles: Sequence[str | Path]) -> str:
    """The command line that would put these articles into this folder, in place of what is there."""
    named = [str(article) for article in articles] or ["ARTICLE"]
    return f"python -m index.build {shlex.join([*named, '--out', str(index)])}"


def verify(index: Path, manifest: Manifest) -> Path:
    """Check every file against the manifest and return the folder of its generation.

    Large files that were hashed before and are untouched since are not hashed again (`index.verified`).

    Raises:
        IndexDamaged: a file is missing, truncated or altered; the message names both values.
    """
    root = index / manifest.generation
    verified = Verified(index, manifest.generation)
    for name, stamp in manifest.files.items():
        try:
            _verify_size(name, root / name, stamp)
            if not verified.holds(name, root / name):
                _verify_content(name, root / name, stamp)
        except OSError as error:
            raise IndexDamaged(f"index file {name} cannot be read ({error.strerror}); {MEND}") from error
    verified.remember({name: root / name for name in manifest.files})
    return root


def _verify_size(name: str, path: Path, stamp: FileStamp) -> None:
    size = path.stat().st_size if path.is_file() else -1
    if size != stamp.bytes:
        found = "missing" if size < 0 else f"{size:,} bytes"
        raise IndexDamaged(f"index file {name} is {found}, the manifest says {stamp.bytes:,} bytes; {MEND}")


def _verify_content(name: str, path: Path, stamp: FileStamp) -> None:
    digest = file_sha256(path)
    if digest != stamp.sha256:
        raise IndexDamaged(
            f"index file {name} has SHA-256 {digest[:16]}…, the manifest says {stamp.sha256[:16]}…; {MEND}"
        )


@contextmanager
def lock(index: Path) -> Iterator[None]:
    """Hold the folder for one build.

    Raises:
        IndexBusy: another build holds it.
        IndexFolderError: it, or something in it, cannot be written (no permission, disk full).
    """
    try:
        index.mkdir(parents=True, exist_ok=True)
        with FileLock(index / ".lock", timeout=0):
            yield
    except Timeout as error:
        raise IndexBusy(f"another build is writing {index}; wait for it to end, then try again") from error
    except OSError as error:
        raise IndexFolderError(
            f"{index} cannot be written ({error.strerror or error}); make room or name another folder with --out or "
            "ASK_INDEX; an index that was there is as it was"
        ) from error


def new_generation(index: Path) -> Path:
    """Make the empty folder a build fills."""
    root = index / f"generation-{uuid.uuid4().hex[:12]}"
    root.mkdir()
    return root


def stamps(root: Path) -> dict[str, FileStamp]:
    """Size and SHA-256 of every file below a generation, flushed to disk first."""
    found = {}
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        with path.open("rb") as file:
            os.fsync(file.fileno())
        found[path.relative_to(root).as_posix()] = FileStamp(path.stat().st_size, file_sha256(path))
    return found


def publish(index: Path, manifest: Manifest) -> None:
    """Make a filled generation the index, in one rename, then sweep what it replaces."""
    fresh = index / f"manifest.{manifest.generation}.tmp"
    with fresh.open("w", encoding="utf-8") as file:
        file.write(manifest.to_json())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(index / "manifest.json")
    sweep(index)


def sweep(index: Path) -> None:
    """Remove what killed or replaced builds left behind: all that the manifest does not name.

    What cannot be removed now (a file still mapped, on Windows) is left to the next build.
    """
    try:
        named = read_manifest(index).generation
    except IndexFolderError:
        named = ""
    for path in index.glob("generation-*"):
        if path.name != named:
            shutil.rmtree(path, ignore_errors=True)
    for path in index.glob("manifest.*.tmp"):
        path.unlink()
