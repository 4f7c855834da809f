"""Is a message meant to steer or break the machine rather than to ask the article?

Two ways to tell: orders to the machine in words (`data/injection.txt`), and code whose shape no question has (script
tags, SQL, templates, paths, shell). Plain formatting around a question ("<b>what is magnesium?</b>") is neither, and
a message of nothing but marks is. Answers are quotes, so an injection cannot change what is said; this only keeps
such messages from being answered as if they were questions.
"""

from __future__ import annotations

import re
from functools import cache

from retrieval.question.normalise import normalise
from retrieval.safety.phrase_files import DATA
from retrieval.safety.phrases import PhraseBook, read_sections
from retrieval.safety.tokenise import read_words

# Every pattern is linear: no repeat stands next to one that can match the same characters.
_CODE = re.compile(
    r"""<\s?/?(?:script|iframe|object|embed|svg|img|style|link|meta|form|input|video|audio|body|base)\b
    | \bon(?:error|load|click|mouseover|focus)\s?= | \bjavascript\s?: | \bvbscript\s?: | data:text/html
    | \b(?:union(?:\sall)?\sselect|drop\s(?:table|database)|insert\sinto|delete\sfrom|truncate\stable)\b
    | \bselect\b[^.?]{1,60}\bfrom\s\w | ['"]\s?(?:or|and)\s['"]?\d+['"]?\s?= | ['"]\s?;?\s?-- | ;\s?--
    | \{\{.{1,80}\}\} | \{%.{1,80}%\} | \$\{.{1,80}\} | \$\(.{1,80}\) | <%
    | (?:\.\./){2} | (?:\.\.\\){2} | /etc/(?:passwd|shadow|hosts) | ;\s?(?:ls|cat|id|whoami)\b
    | \bc:\\windows | file:/// | \bcmd\.exe
    | (?:%[snxdp]){3} | (?:%[0-9a-f]{2}){4} | \\x[0-9a-f]{2}\\x
    | \brm\s-rf\b | \bcurl\shttp | \bwget\shttp | \|\s?(?:bash|sh|nc)\b | `[^`]{1,80}`;?$
    | ^(?:system|assistant|developer)\s?: | \binstructions?\s?:
    | <\|[a-z_]{1,20}\|> | \[/?inst\] | <</?sys>> | \#\#\#\s?(?:instruction|system|response|human|assistant)
    | \b__[a-z]{1,20}__\b | \bos\.system\b | \beval\( | \bexec\( | \bsleep\(\d | \bwaitfor\sdelay | \bxp_cmdshell
    | <!(?:doctype|entity|\[cdata) | \bldap:// | \bgopher:// | \bphp://
    """,
    re.VERBOSE,
)
_TAG = re.compile(r"</?[a-z][^<>]{0,200}>|&[a-z]{2,8};|&\#x?[0-9a-f]{1,6};")
_LETTER = re.compile(r"[^\W_]")


def injection(question: str) -> bool:
    """Tell whether `question` is an order to the machine, code, or markup without words."""
    plain = normalise(question)
    return bool(_CODE.search(plain)) or _is_markup_only(plain) or _orders().found_in(read_words(question).full)


def _is_markup_only(plain: str) -> bool:
    bare = _TAG.sub(" ", plain)
    return bare != plain and not _LETTER.search(bare)


@cache
def _orders() -> PhraseBook:
    return read_sections(DATA / "injection.txt")["orders"]
