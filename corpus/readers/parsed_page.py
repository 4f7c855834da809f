"""What every reader hands on: the source it could read, the drafts in order, and what it left out.

Here is also what readers share: bytes as text, and white space made even.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.article import Draft, Kind, Source
from corpus.common.errors import ArticleError

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # where a word may break; no wording


@dataclass(frozen=True, slots=True)
class Page:
    """A file once read: `dropped` holds the lines taken for page noise, so that they can be shown.

    The source's title is empty where the file names none.
    """

    source: Source
    drafts: tuple[Draft, ...]
    dropped: tuple[str, ...] = ()


def decode(data: bytes) -> str:
    """Return a text file's text, without a byte order mark.

    Raises:
        ArticleError: it is binary, not UTF-8, or blank.
    """
    if b"\x00" in data:
        raise ArticleError(f"a binary file (byte 0x00 at offset {data.index(0)}); save it as UTF-8 text")
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise ArticleError(
            f"not UTF-8 (byte 0x{data[error.start]:02x} at offset {error.start}); save it as UTF-8"
        ) from error
    if not text.strip():
        raise ArticleError("the file is empty; save the article's text into it")
    return text


def fold(text: str) -> str:
    """Runs of white space become one blank and invisible break marks go; the words stay as they are."""
    return " ".join(text.translate(_INVISIBLE).split())


def first_title(drafts: list[Draft]) -> str:
    """The first heading of level 1, or nothing."""
    return next((d.text for d in drafts if d.kind is Kind.HEADING and d.level == 1), "")


def without_title(drafts: list[Draft], title: str) -> tuple[Draft, ...]:
    """The drafts less the heading that is the title itself, which need not be repeated above every section."""
    return tuple(d for d in drafts if not (d.kind is Kind.HEADING and d.level == 1 and d.text == title))
