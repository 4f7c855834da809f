"""Words as markup that shows exactly these words; nothing else on the page escapes.

The page passes through four readers before a browser paints it: Markdown (the chatbot), a template language (`gr.HTML`
runs `${…}` and `{{…}}`), a sanitiser and HTML itself. `esc` turns every character one of them could act on into a
numeric entity, so whatever somebody wrote arrives as that text and nothing else. Whoever builds HTML from words uses
`esc` exactly once on them, and never on markup.
"""

from __future__ import annotations

# Read as structure by HTML, Markdown, template literals or Handlebars; a line end could close Markdown's HTML block.
_ACTED_ON = frozenset("&<>\"'`{}$\\*_[]()!#~|@=\n\r\t")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def esc(words: str) -> str:
    """Return HTML that shows exactly these words, as an element's text or a quoted attribute's value."""
    return "".join(_entity(c) for c in words)


def _entity(c: str) -> str:
    if c in _ACTED_ON:
        return f"&#{ord(c)};"
    code = ord(c)
    unprintable = code < 32 or 0x7F <= code < 0xA0 or 0xD800 <= code <= 0xDFFF
    return _REPLACEMENT if unprintable else c


def hidden(words: str) -> str:
    """Return words that a screen reader says and nobody sees."""
    return f'<span class="unseen">{esc(words)}</span>'
