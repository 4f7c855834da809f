"""A saved web page: its main content by trafilatura, then read as the Markdown it gives.

Menus, footers and scripts are left to trafilatura, which is made for that; nothing is fetched.
"""

from __future__ import annotations

import html
from dataclasses import replace

import trafilatura

from corpus.article import UNKNOWN
from corpus.errors import ArticleError
from corpus.readers.markdown import read_markdown
from corpus.readers.page import Page, fold


def read_html(text: str, name: str) -> Page:
    """Read the main content of a web page, with what its metadata says of itself.

    Raises:
        ArticleError: no main content was found.
    """
    body = trafilatura.extract(
        text, output_format="markdown", include_comments=False, include_tables=True, favor_recall=True
    )
    if not body:
        raise ArticleError(f"{name}: no main content found in this HTML; save the article as .txt or .md instead")
    page = read_markdown("\n" + html.unescape(body), name)
    about = trafilatura.extract_metadata(text)
    known = {
        "title": about.title if page.source.title == name else page.source.title,
        "author": about.author,
        "publisher": about.sitename or about.hostname,
        "address": about.url,
        "reviewed": about.date,
    }
    return replace(page, source=replace(page.source, **{k: fold(v) if v else UNKNOWN for k, v in known.items()}))
