"""Settings from the environment: each bad value names the variable, the value and what is allowed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpus.common.errors import SettingError
from corpus.common.settings import FIELDS, ROOT, Settings, read_settings


def test_without_a_choice_the_articles_of_the_corpus_are_used() -> None:
    assert [path.name for path in read_settings({}).articles] == sorted(
        path.name for path in (ROOT / "corpus" / "articles").iterdir()
    )


def test_an_index_that_is_named_alone_stands_for_its_articles(tmp_path: Path) -> None:
    article = {"ASK_ARTICLES": str(tmp_path / "a.md")}
    for found in (read_settings({}, index=tmp_path), read_settings({"ASK_INDEX": str(tmp_path)})):
        assert (found.index, found.articles) == (tmp_path, ())
    named = read_settings({**article, "ASK_INDEX": "elsewhere"}, index=tmp_path)
    assert (named.index, named.articles) == (tmp_path, (tmp_path / "a.md",))


def test_every_setting_can_be_set(tmp_path: Path) -> None:
    articles = (tmp_path / "a.md", tmp_path / "b.txt")
    environment = {
        "ASK_HOST": "0.0.0.0",
        "ASK_PORT": "8080",
        "ASK_INDEX": str(tmp_path),
        "ASK_MODEL": "some/model",
        "ASK_MODEL_REVISION": "abc",
        "ASK_ARTICLES": os.pathsep.join(map(str, articles)),
        "ASK_QUESTIONS": str(tmp_path / "q"),
    }
    found = read_settings(environment)
    assert (found.host, found.port, found.index, found.model) == ("0.0.0.0", 8080, tmp_path, "some/model")
    assert (found.revision, found.articles, found.questions) == ("abc", articles, tmp_path / "q")


@pytest.mark.parametrize(
    ("variable", "value"),
    [("ASK_PORT", "http"), ("ASK_PORT", "65536"), ("ASK_PORT", "-1"), ("ASK_ARTICLES", ""), ("ASK_INDEX", " ")],
)
def test_a_bad_value_is_named(variable: str, value: str) -> None:
    allowed = next(field.allowed for field in FIELDS if field.variable == variable)
    with pytest.raises(SettingError) as error:
        read_settings({variable: value})
    assert str(error.value) == f"{variable}={value!r} cannot be used; allowed is {allowed}"


def test_every_field_is_a_setting() -> None:
    assert {field.name for field in FIELDS} == set(Settings.__dataclass_fields__)
