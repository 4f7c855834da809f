"""The command line of `python -m retrieval.evaluate`, read into one dataclass and checked before anything runs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from corpus.common.errors import SettingError
from retrieval.evaluate.gate import Gate, read_gates


@dataclass(frozen=True, slots=True)
class Options:
    """What to evaluate, what to write, and which figures to insist on.

    Of the `articles` beside a reading's questions, every `every`-th is taken, and of those the first `limit`.
    """

    command: str
    source: Path
    articles: Path | None
    every: int
    limit: int | None
    split: bool
    no_bank: bool
    index: Path | None
    json: Path | None
    report: Path | None
    run: Path | None
    gates: tuple[Gate, ...]


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in the one line every command of ours gives."""

    def error(self, message: str) -> NoReturn:
        raise SettingError(f"{message}; {self.prog} --help lists what can be given")


def read_options(arguments: Sequence[str]) -> Options:
    """Read the arguments.

    Raises:
        SettingError: one cannot be used, or a folder to write into is missing.
    """
    given = _parser().parse_args(arguments)
    for path in (given.json, given.report):
        if path and not path.parent.is_dir():
            raise SettingError(f"{path}: its folder does not exist; create {path.parent}")
    for name in ("every", "limit"):
        number = getattr(given, name, None)
        if number is not None and number < 1:
            raise SettingError(f"--{name} {number}: a whole number from 1 on was expected; leave it out to take all")
    return Options(
        given.command,
        given.source,
        getattr(given, "articles", None),
        getattr(given, "every", 1),
        getattr(given, "limit", None),
        getattr(given, "split", False),
        getattr(given, "no_bank", False),
        getattr(given, "index", None),
        given.json,
        given.report,
        getattr(given, "run", None),
        read_gates(given.fail_under, given.fail_over),
    )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m retrieval.evaluate",
        description="Measure how well passages and sentences are found, and when an answer is held back.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    common = _common()
    golden = _command(commands, common, "golden", "FILE.jsonl", "golden questions, put to the product as it answers")
    golden.add_argument("--index", type=Path, metavar="DIR", help="index folder to answer from")
    golden.add_argument("--no-bank", action="store_true", help="report also without the question bank")
    squad = _command(commands, common, "squad", "FILE.json", "a SQuAD file, each article its own corpus")
    beir = _command(commands, common, "beir", "DIR", "a BEIR folder, all documents in one index")
    ablation = _command(commands, common, "ablation", "FILE.json", "a SQuAD file, with parts of the ranking removed")
    for command in (squad, ablation):
        command.add_argument("--split", action="store_true", help="each paragraph is a long article, split as ours are")
    for command in (golden, squad, beir, ablation):
        command.add_argument("--run", type=Path, metavar="DIR", help="write TREC run files and qrels")
    reading = _command(
        commands, common, "reading", "QUESTIONS.jsonl[.gz]", "whether the text answers: small articles, each alone"
    )
    reading.add_argument("articles", type=Path, metavar="ARTICLES.jsonl[.gz]")
    reading.add_argument("--every", type=int, default=1, metavar="K", help="take every K-th article")
    reading.add_argument("--limit", type=int, metavar="N", help="take the first N articles")
    return parser


def _command(
    commands: argparse._SubParsersAction[_Parser], common: _Parser, name: str, source: str, text: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, parents=[common], help=text, description=text[0].upper() + text[1:] + ".")
    command.add_argument("source", type=Path, metavar=source)
    return command


def _common() -> _Parser:
    common = _Parser(add_help=False)
    common.add_argument("--json", type=Path, metavar="OUT.json", help="write all figures")
    common.add_argument("--report", type=Path, metavar="OUT.html", help="write a report to read, with the errors")
    for flag, text, example in (
        ("--fail-under", "less", "recall@1=0.9 or bm25.recall@1=0.8"),
        ("--fail-over", "more", "risk=0.05"),
    ):
        common.add_argument(
            flag,
            action="append",
            default=[],
            metavar="METRIC=VALUE",
            help=f"exit 2 if a figure is {text}, e.g. {example}; may be repeated",
        )
    return common
