"""One form for text that people typed, so that what cannot be seen does not change the answer.

Always holds: `normalise` never raises on any `str` (lone surrogates included), `normalise(normalise(x)) ==
normalise(x)`, and the result is no longer than NFKC makes it. Meant for comparing and searching; what is shown
or quoted keeps its own letters.
"""

from __future__ import annotations

import re
import unicodedata

from corpus.common.caching import remembered

_QUOTES = str.maketrans(dict.fromkeys("‘’‚‛ʼʻ`´′＇", "'") | dict.fromkeys("“”„‟«»″＂", '"'))
# Marks (Mn, Lo, So) that draw nothing: joiners, fillers, variation selectors, the empty Braille cell.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_UNSEEN = frozenset({"Cf", "Cs", "Cn", "Co"})
_RUN = re.compile(r"([^\W\d_])\1{2,}")
_SAID_WITH_THREE = re.compile(r"(?<!\w)([^\W\d_])\1\1(?!\w)")


def normalise(text: str) -> str:
    """Return `text` in NFKC, case folded, without unseen characters, runs of a letter or loose white space.

    Zero-width, direction, private and unassigned characters and lone surrogates are dropped; control characters
    become spaces; curly quotes become straight; a letter repeated three times or more is kept once ("heeelp"),
    except where three of it are the whole word ("III", "www").
    """
    return " ".join(line for line in normalised_lines(text) if line)


@remembered(texts=64, longest=1_000)  # one question is asked for by all who judge or search it
def normalised_lines(text: str) -> tuple[str, ...]:
    """Return each line of `text` as `normalise` makes it; a line without a word is empty."""
    return tuple(_normalise_line(line) for line in text.split("\n"))


def _normalise_line(line: str) -> str:
    seen = _drop_unseen(line)
    folded = _drop_unseen(_nfkc(_nfkc(seen).casefold())).translate(_QUOTES)
    return " ".join(_collapse_runs(_nfkc(folded)).split())


def _nfkc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _drop_unseen(text: str) -> str:
    if not text.isprintable():  # printable text holds no character that is dropped or becomes a space
        text = "".join(_seen(character) for character in text)
    return text if text.isascii() else _BLANK.sub("", text)


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    return "" if category in _UNSEEN else character


def _collapse_runs(text: str) -> str:
    return _RUN.sub(lambda run: run[0] if _SAID_WITH_THREE.match(text, run.start()) else run[1], text)
