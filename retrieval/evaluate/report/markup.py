"""Small pieces of HTML and SVG. Whatever comes from data goes through `esc` here, and only here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape


def esc(text: str) -> str:
    """Return text as markup that shows it."""
    return escape(text, quote=True)


def section(title: str, intro: str, *parts: str) -> str:
    """Return a titled section; empty when it has no content. `parts` are markup."""
    content = "\n".join(part for part in parts if part)
    if not content:
        return ""
    lead = f"<p class=lead>{esc(intro)}</p>\n" if intro else ""
    return f"<section>\n<h2>{esc(title)}</h2>\n{lead}{content}\n</section>"


def table(caption: str, rows: Sequence[Sequence[str]]) -> str:
    """Return a table, its head in the first row, a header in each row's first cell; empty without rows."""
    if not rows:
        return ""
    top = "".join(f"<th scope=col>{esc(cell)}</th>" for cell in rows[0])
    return (
        f'<div class=scroll tabindex=0 role=region aria-label="{esc(caption)}"><table><caption>{esc(caption)}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>\n{''.join(map(_row, rows[1:]))}</tbody></table></div>"
    )


def _row(cells: Sequence[str]) -> str:
    values = "".join(f"<td>{esc(cell)}</td>" for cell in cells[1:])
    return f"<tr><th scope=row>{esc(cells[0])}</th>{values}</tr>\n"


def picture(label: str, width: int, height: int, shapes: Sequence[str]) -> str:
    """Return an SVG that a screen reader reads out as its label."""
    body = "\n".join(shapes)
    return f'<svg role=img aria-label="{esc(label)}" viewBox="0 0 {width} {height}">\n{body}\n</svg>'


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    """Return a line of a CSS class."""
    return f'<line class="{style}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def rect(x: float, y: float, width: float, height: float, style: str, title: str = "") -> str:
    """Return a box of a CSS class, with a tooltip if it has a title."""
    tip = f"<title>{esc(title)}</title>" if title else ""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" height="{height:.1f}"'
    return f'<rect class="{style}" {place}>{tip}</rect>'


def words(x: float, y: float, text: str, style: str = "", anchor: str = "start") -> str:
    """Return text at a point of its baseline."""
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{esc(text)}</text>'
