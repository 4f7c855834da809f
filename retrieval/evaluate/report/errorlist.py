"""The errors, grouped and folded away until someone opens them."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.evaluate.error_cases import ErrorGroup, ErrorItem
from retrieval.evaluate.report.markup import esc

MOST = 100
_LONG = 700


def error_lists(groups: Sequence[ErrorGroup]) -> str:
    """Return a list for each group that has questions; the first `MOST` errors of each are written out."""
    return "\n".join(_group(group) for group in groups if group.total)


def _group(group: ErrorGroup) -> str:
    count = f"{len(group.items):,} of {group.total:,}"
    if not group.items:
        return f"<p class=clean><b>{esc(group.title)}</b> none of {group.total:,}</p>"
    shown = group.items[:MOST]
    more = f"<p class=lead>The first {MOST} of {len(group.items):,}.</p>" if len(group.items) > MOST else ""
    items = "\n".join(_item(item) for item in shown)
    return f"<details><summary><b>{esc(group.title)}</b> {count}</summary>{more}<ol>\n{items}\n</ol></details>"


def _item(item: ErrorItem) -> str:
    return (
        f"<li><h3>{esc(item.question)}</h3><p class=label>{esc(item.label)}</p>"
        f"<div class=pair>{_texts('Shown', 'shown', item.shown)}"
        f"{_texts('Accepted', 'accepted', item.accepted)}</div></li>"
    )


def _texts(title: str, style: str, texts: Sequence[str]) -> str:
    quotes = "".join(f"<blockquote>{esc(_cut(text))}</blockquote>" for text in texts)
    return f"<div class={style}><h4>{title}</h4>{quotes}</div>"


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else text[:_LONG].rsplit(" ", 1)[0] + " …"
