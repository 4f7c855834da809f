"""A question a Space folder must be able to answer: the first the page itself offers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from corpus.settings import read_settings
from deploy.files import INDEX
from retrieval.answerer import open_answerer


def first_question(space: Path) -> str:
    """The first example question of the Space in this folder."""
    settings = replace(read_settings({}), index=space / INDEX, articles=())
    return open_answerer(settings).starters[0]
