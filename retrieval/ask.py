"""Ask from the command line: one question, or a file of them.

python -m retrieval.ask "question" [--json] [--index DIR] [--history "earlier question"]...
python -m retrieval.ask --batch QUESTIONS.jsonl --json
"""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.common.cli import run
from corpus.common.errors import QuestionFileError, SettingError
from corpus.common.settings import read_settings
from retrieval.answerer import open_answerer
from retrieval.ranking.protocols import Answerer
from retrieval.result import Answer

WIDTH = 88


def read_batch(path: Path) -> Iterator[tuple[Any, list[str]]]:
    """Read questions and their histories, in order.

    Raises:
        QuestionFileError: no such file, or a line is not an object with a "question"; the line is named.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise QuestionFileError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except UnicodeDecodeError as error:
        raise QuestionFileError(f"{path}: not UTF-8 (byte at offset {error.start}); save it as UTF-8") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _question(path, number, line)


def _question(path: Path, number: int, line: str) -> tuple[Any, list[str]]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise QuestionFileError(f"{path}, line {number}: not JSON ({error}); write one object a line") from error
    if not isinstance(row, dict) or "question" not in row:
        raise QuestionFileError(f'{path}, line {number}: no "question"; write {{"question": "…"}}')
    history = row.get("history") or []
    if not isinstance(history, list) or not all(isinstance(h, str) for h in history):
        raise QuestionFileError(f'{path}, line {number}: "history" must be a list of earlier questions')
    return row["question"], history


def plain(answer: Answer) -> str:
    """The answer for reading in a terminal: each quote and where it stands, what to do, sources, disclaimer."""
    lines = [f"(searched for: {answer.searched_for})"] if answer.searched_for else []
    if answer.lead:
        lines.append(_wrap(answer.lead))
    for quote in answer.quotes:
        lines.append(_wrap(quote.text))
        lines.append(f"  — {quote.article}, {quote.heading} (characters {quote.start}–{quote.end})")
    lines += [_wrap(line) for piece in answer.advice for line in piece.lines]
    if answer.sources:
        lines.append("Sources:")
        lines += [
            f"  {s.rank}. {s.heading}: {textwrap.shorten(s.passage, 60, placeholder='…')}" for s in answer.sources
        ]
    if answer.suggestions:
        lines.append("The article answers, for example:")
        lines += [f"  · {suggestion}" for suggestion in answer.suggestions]
    if answer.disclaimer:
        lines.append(_wrap(answer.disclaimer))
    return "\n".join(lines) + "\n"


def _wrap(text: str) -> str:
    return "\n".join(textwrap.fill(line, WIDTH) for line in text.split("\n"))


def to_line(answer: Answer) -> str:
    """The answer as one line of JSON."""
    return json.dumps(answer.to_json(), ensure_ascii=False) + "\n"


def _run_batch(answerer: Answerer, path: Path, as_json: bool) -> None:
    for question, history in list(read_batch(path)):  # all lines are checked before the first answer is printed
        answer = answerer.ask(question, history)
        sys.stdout.write(to_line(answer) if as_json else f"\n> {answer.question}\n{plain(answer)}")


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m retrieval.ask", description="Ask the article a question.")
    parser.add_argument("question", nargs="?", help="what you want to know")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON, one line each")
    parser.add_argument("--batch", type=Path, metavar="FILE", help='JSON lines with "question" and perhaps "history"')
    parser.add_argument("--index", type=Path, metavar="DIR", help="the index folder (default: ASK_INDEX or data/index)")
    parser.add_argument("--history", action="append", default=[], metavar="QUESTION", help="an earlier question")
    asked = parser.parse_args(arguments)
    if (asked.question is None) == (asked.batch is None):
        raise SettingError("give either one question or --batch FILE; see --help")
    answerer = open_answerer(read_settings(index=asked.index))
    if asked.batch:
        _run_batch(answerer, asked.batch, asked.json)
    else:
        answer = answerer.ask(asked.question, asked.history)
        sys.stdout.write(to_line(answer) if asked.json else plain(answer))
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
