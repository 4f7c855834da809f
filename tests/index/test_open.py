"""An index is opened only where it is what the settings ask for; the message names both values."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.common.errors import IndexDamaged, IndexFolderError, IndexMissing, IndexStale, ModelError
from corpus.common.settings import PACKAGED_MODEL, ROOT, Settings, read_settings
from index import open as opening
from index.build import build
from index.encoder.weights import PACKAGED_NAME, PACKAGED_REVISION, file_sha256
from index.folder import FORMAT, read_manifest
from index.open import open_index, open_or_rebuild
from tests.index import by_hand

MEND = "; run: make index (python -m index.build)"


def stale(settings: Settings) -> str:
    with pytest.raises(IndexStale) as error:
        open_index(settings)
    message = str(error.value)
    assert message.endswith(MEND)
    assert "\n" not in message
    return message.removesuffix(MEND)


def test_what_was_built_opens(place: Settings) -> None:
    build(place)
    opened = open_index(place)
    assert opened.manifest == read_manifest(place.index)
    assert opened.index.articles[0].title == "Iron"
    assert opened.encoder.card == opened.index.card


def test_a_changed_article(place: Settings) -> None:
    build(place)
    before = file_sha256(place.articles[0])
    place.articles[0].write_text(by_hand.ARTICLE + "\nMore.\n", encoding="utf-8")
    now = file_sha256(place.articles[0])
    assert stale(place) == f"iron.md has SHA-256 {now[:16]}…, the index was built from SHA-256 {before[:16]}…"


def test_another_article(place: Settings) -> None:
    build(place)
    other = place.articles[0].with_name("tea.md")
    assert stale(replace(place, articles=(other,))) == "the index was built from iron.md, the settings name tea.md"
    both = replace(place, articles=(*place.articles, other))
    assert stale(both) == "the index was built from iron.md, the settings name iron.md, tea.md"


def test_a_changed_bank(place: Settings) -> None:
    built = build(place).manifest.recipe.articles[0].bank_sha256
    bank = place.questions / "iron" / "bank.md"
    bank.write_text(by_hand.BANK + "- one more\n", encoding="utf-8")
    said = stale(place)
    assert said.startswith("the question bank of iron.md has SHA-256 ")
    assert said.endswith(f"…, the index was built from SHA-256 {built[:16]}…")
    bank.unlink()
    assert stale(place).startswith("the question bank of iron.md has no file, the index was built from SHA-256")


def test_another_model(place: Settings) -> None:
    build(place)
    assert stale(replace(place, model=PACKAGED_MODEL)) == (
        f"the index was built with by-hand, the settings name {PACKAGED_NAME} {PACKAGED_REVISION}"
    )
    assert stale(replace(place, model="some/model", revision="abc")) == (
        "the index was built with by-hand, the settings name some/model abc"
    )


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "1_Pooling/config.json", "vocab.txt"])
def test_other_files_in_the_model_of_one_name(place: Settings, name: str) -> None:
    before = build(place).manifest.recipe.card.weights
    path = Path(place.model, name)
    path.parent.mkdir(exist_ok=True)
    path.write_text("other", encoding="utf-8")
    said = stale(place)
    assert said.startswith("the model by-hand has SHA-256 ")
    assert said.endswith(f"…, the index was built with {before[:16]}…")


def test_another_splitter(place: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    build(place)
    monkeypatch.setattr(opening, "SPLITTER_VERSION", 999)
    assert stale(place) == "the index was split by version 1, this is version 999"


def test_a_revision_of_a_model_that_has_none(place: Settings) -> None:
    build(place)
    with pytest.raises(ModelError, match=r"ASK_MODEL_REVISION=abc is a commit on the hub, but the model .* unset it"):
        open_index(replace(place, revision="abc"))


def test_a_deployed_folder_stands_for_itself(place: Settings) -> None:
    build(place)
    place.articles[0].unlink()
    (place.questions / "iron" / "bank.md").unlink()
    (place.questions / "iron").rmdir()
    place.questions.rmdir()
    open_index(place)
    open_index(replace(place, articles=()))


def test_an_index_replaced_while_it_is_opened(place: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build(place).manifest.generation
    check = opening.check_fresh
    seen: list[object] = []

    def replace_first(*arguments: object) -> None:
        if not seen:
            seen.append(build(place))
        check(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(opening, "check_fresh", replace_first)
    assert open_index(place).manifest.generation != first


def test_an_index_keeps_answering_while_it_is_replaced(place: Settings) -> None:
    build(place)
    opened = open_index(place)
    before = opened.index.tokens.of(0).vectors.copy()
    place.articles[0].write_text(by_hand.ARTICLE.replace("Beans hold", "Tea holds"), encoding="utf-8")
    build(place)
    assert (opened.index.tokens.of(0).vectors == before).all()
    assert opened.index.lexical.scores(["iron"]).any()


def build_here(place: Settings) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Stands in for the process that builds: does what its command line and environment say."""

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        assert command[:3] == [sys.executable, "-m", "index.build"]
        assert command[3:] == [str(place.articles[0]), "--out", str(place.index), "--model", place.model]
        environment = options["env"]
        assert isinstance(environment, dict)
        assert environment["ASK_QUESTIONS"] == str(place.questions)
        assert "ASK_MODEL_REVISION" not in environment
        assert options["cwd"] == ROOT
        build(place)
        return subprocess.CompletedProcess(command, 0)

    return run


def test_a_missing_stale_or_damaged_index_is_rebuilt_and_it_says_so(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "run", build_here(place))
    said: list[str] = []
    open_or_rebuild(place, said.append)
    assert said == [f"building the index first: no index in {place.index}{MEND}\n"]
    open_or_rebuild(place, said.append)
    assert len(said) == 1
    place.articles[0].write_text(by_hand.ARTICLE + "\nMore.\n", encoding="utf-8")
    opened = open_or_rebuild(place, said.append)
    assert "iron.md has SHA-256" in said[1]
    (place.index / opened.manifest.generation / "passages.jsonl").unlink()
    open_or_rebuild(place, said.append)
    assert "index file passages.jsonl is missing" in said[2]


def test_relative_places_mean_where_this_process_stands(place: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    here = place.index.parent
    monkeypatch.chdir(here)
    monkeypatch.setattr(subprocess, "run", build_here(place))
    monkeypatch.setenv("ASK_MODEL_REVISION", "of another model")
    relative = Settings(index=Path("index"), model="by-hand", articles=(Path("iron.md"),), questions=Path("questions"))
    assert open_or_rebuild(relative, lambda _: None).index.articles[0].title == "Iron"


def test_a_rebuild_that_fails_is_one_line(place: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 2))
    with pytest.raises(IndexFolderError, match=r"could not be built \(exit code 2\); see the line above"):
        open_or_rebuild(place, lambda _: None)


def all_files(folder: Path) -> Mapping[Path, bytes]:
    """The files of an index folder, less those that opening writes."""
    kept = (path for path in folder.rglob("*") if path.is_file() and "verified" not in path.name)
    return {path: path.read_bytes() for path in kept}


def left_alone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """Open an index that must be left as it is; return the one line it says."""
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a build was started"))
    before = all_files(settings.index)
    with pytest.raises(IndexFolderError) as error:
        open_or_rebuild(settings, lambda line: pytest.fail(str(line)))
    assert all_files(settings.index) == before
    assert "\n" not in str(error.value)
    return str(error.value)


def test_an_index_of_other_articles_is_left_as_it_is(place: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    build(place)
    other = place.articles[0].with_name("green tea.md")
    other.write_text("# Tea\n\nTea is not it.\n", encoding="utf-8")
    assert left_alone(replace(place, articles=(other,)), monkeypatch) == (
        f"the index in {place.index} was made from iron.md, asked for was green tea.md; it is left as it is; "
        f"to replace it run: python -m index.build '{other}' --out {place.index}"
    )


def test_so_is_one_of_another_format(place: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    build(place)
    manifest = place.index / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"format": {FORMAT}', '"format": 1'))
    other = replace(place, articles=(place.articles[0].with_name("tea.md"),))
    assert "was made from iron.md, asked for was tea.md" in left_alone(other, monkeypatch)
    assert left_alone(replace(place, articles=()), monkeypatch) == (
        f"the index has format 1, this version reads format {FORMAT}; it was named, so it is left as it is; "
        f"to replace it run: python -m index.build iron.md --out {place.index}"
    )


def test_an_index_that_is_named_is_opened_as_it_is(place: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    build(place)
    place.articles[0].write_text(by_hand.ARTICLE + "\nMore.\n", encoding="utf-8")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a build was started"))
    named = read_settings({"ASK_MODEL": place.model, "ASK_QUESTIONS": str(place.questions)}, index=place.index)
    assert open_or_rebuild(named, lambda _: None).index.articles[0].title == "Iron"


def test_a_named_index_that_is_missing_or_damaged_is_not_made_of_something_else(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = replace(place, articles=())
    assert left_alone(named, monkeypatch) == (
        f"no index in {place.index}; to build one run: python -m index.build ARTICLE --out {place.index}"
    )
    (place.index / build(place).manifest.generation / "bank.jsonl").unlink()
    assert left_alone(named, monkeypatch).endswith(f"run: python -m index.build iron.md --out {place.index}")


def test_one_more_article_is_built_over_an_index_that_loses_none(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(place)
    more = place.articles[0].with_name("tea.md")
    more.write_text("# Tea\n\nTea is not it.\n", encoding="utf-8")
    both = replace(place, articles=(*place.articles, more))

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        build(both)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    assert [article.title for article in open_or_rebuild(both, lambda _: None).index.articles] == ["Iron", "Tea"]


def test_nothing_is_built_by_opening(place: Settings) -> None:
    with pytest.raises(IndexMissing):
        open_index(place)
    assert not place.index.exists()


def test_damage_is_named_before_anything_is_read(place: Settings) -> None:
    manifest = build(place).manifest
    (place.index / manifest.generation / "bank.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(IndexDamaged, match=r"bank\.jsonl is 2 bytes, the manifest says [\d,]+ bytes"):
        open_index(place)
