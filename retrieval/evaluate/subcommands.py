"""`python -m retrieval.evaluate COMMAND …`: run it, show the tables, write the files, hold figures against bounds.

`COMMANDS` is the one list of what can be evaluated: a name, what is given on the command line, and a function of those
options and the product. A new evaluation is one entry.
"""

from __future__ import annotations

import argparse
import json
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from corpus.common.errors import SettingError
from corpus.common.settings import Settings, read_settings
from corpus.splitter import split
from retrieval.evaluate import tables
from retrieval.evaluate.beir import read_beir
from retrieval.evaluate.bounds import check, read_bounds
from retrieval.evaluate.datasets import Build, Dataset
from retrieval.evaluate.evaluation import Evaluation, golden_errors, ranking_errors, reading_errors
from retrieval.evaluate.golden import golden_dataset, read_golden
from retrieval.evaluate.golden_scores import ask_all, score_golden
from retrieval.evaluate.product import Product, open_product
from retrieval.evaluate.ranking_scores import ranking_curves, run_systems, score_ranking
from retrieval.evaluate.reading import ask_articles, read_reading
from retrieval.evaluate.reading_scores import reading_curves, score_reading
from retrieval.evaluate.report import render_report
from retrieval.evaluate.result_files import to_json, write_runs
from retrieval.evaluate.squad import read_squad


@dataclass(frozen=True, slots=True)
class Subcommand:
    """One evaluation: its source as `--help` shows it, what it is, its own options, and what runs it."""

    source: str
    meaning: str
    add_options: Callable[[argparse.ArgumentParser], object]
    run: Callable[[Namespace, Product], Evaluation]


def main(arguments: list[str], open_: Callable[[Settings], Product] = open_product) -> int:
    """Evaluate; return 0.

    Raises:
        AskError: the input cannot be used, or a figure falls short of its bound (after everything is written).
    """
    given = _parser().parse_args(arguments)
    for path in (given.json, given.report):
        if path and not path.parent.is_dir():
            raise SettingError(f"{path}: its folder does not exist; create {path.parent}")
    bounds = read_bounds(given.fail_under, given.fail_over)
    product = open_(read_settings(index=given.index))
    evaluation = COMMANDS[given.command].run(given, product)
    sys.stdout.write(tables.render(evaluation))
    _write(given, evaluation)
    check(bounds, evaluation)
    return 0


def _write(given: Namespace, evaluation: Evaluation) -> None:
    try:
        if given.json:
            text = json.dumps(to_json(evaluation), ensure_ascii=False, indent=1)
            given.json.write_text(text + "\n", encoding="utf-8")
        if given.report:
            given.report.write_text(render_report(evaluation), encoding="utf-8")
        if given.run:
            write_runs(given.run, evaluation.runs)
    except OSError as error:
        raise SettingError(f"{error.filename}: cannot be written ({error.strerror}); choose another place") from error


class _Parser(argparse.ArgumentParser):
    """Raises what is wrong as an error of this project, in one line."""

    def error(self, message: str) -> NoReturn:
        raise SettingError(f"{message}; {self.prog} --help lists what can be given")


def _parser() -> _Parser:
    parser = _Parser(
        prog="python -m retrieval.evaluate",
        description="Measure how well passages and sentences are found, and when an answer is held back.",
    )
    parser.set_defaults(index=None, run=None)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    common = _common()
    for name, command in COMMANDS.items():
        about = command.meaning[0].upper() + command.meaning[1:] + "."
        own = subparsers.add_parser(name, parents=[common], help=command.meaning, description=about)
        own.add_argument("source", type=Path, metavar=command.source)
        command.add_options(own)
    return parser


def _common() -> _Parser:
    """Return the options of every command."""
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


def _run_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--run", type=Path, metavar="DIR", help="write TREC run files and qrels")


def _squad_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--split", action="store_true", help="each paragraph is a long article, split as ours are")
    _run_option(command)


def _golden_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--index", type=Path, metavar="DIR", help="index folder to answer from")
    command.add_argument("--no-bank", action="store_true", help="report also without the question bank")
    _run_option(command)


def _reading_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("articles", type=Path, metavar="ARTICLES.jsonl[.gz]")
    command.add_argument("--every", type=int, default=1, metavar="K", help="take every K-th article")
    command.add_argument("--limit", type=int, metavar="N", help="take the first N articles")


def _squad(given: Namespace, product: Product) -> Evaluation:
    """Return how the systems rank the passages of a SQuAD file."""
    return _on_squad("squad", given, product, product.systems)


def _ablation(given: Namespace, product: Product) -> Evaluation:
    """Return how the full ranking compares with itself with each part removed."""
    return _on_squad("ablation", given, product, product.ablations)


def _on_squad(name: str, given: Namespace, product: Product, build: Build) -> Evaluation:
    dataset = read_squad(given.source, product.limits() if given.split else None)
    return _rank(f"{name} --split" if given.split else name, dataset, build, product)


def _beir(given: Namespace, product: Product) -> Evaluation:
    """Return how the systems rank the documents of a BEIR folder."""
    return _rank("beir", read_beir(given.source), product.systems, product)


def _rank(name: str, dataset: Dataset, build: Build, product: Product) -> Evaluation:
    runs = run_systems(dataset, build)
    scores = score_ranking(runs, dataset.recall)
    errors = ranking_errors(dataset, next(run for run in runs if run.name == scores.reference))
    return Evaluation(name, dataset.name, product.versions, dataset.notes, ranking_curves(runs), errors, runs, scores)


def _golden(given: Namespace, product: Product) -> Evaluation:
    """Return what the product's answers are worth, and how the systems rank for the same questions."""
    rows = read_golden(given.source)
    answerer = product.answerer(True)
    limits = product.limits()
    passages = tuple(p for article in answerer.articles for p in split(article, limits))
    dataset = golden_dataset(given.source, rows, answerer.articles, passages)
    judged = ask_all(answerer, rows)
    golden = [score_golden("the product", judged)]
    if given.no_bank:
        golden.append(score_golden("the product without its question bank", ask_all(product.answerer(False), rows)))
    runs = run_systems(dataset, product.systems) if any(q.gold for q in dataset.corpora[0].questions) else ()
    return Evaluation(
        "golden",
        dataset.name,
        product.versions,
        dataset.notes,
        tuple(scores.curve for scores in golden),
        golden_errors(judged),
        runs,
        score_ranking(runs, dataset.recall) if runs else None,
        tuple(golden),
    )


def _reading(given: Namespace, product: Product) -> Evaluation:
    """Return what the product's answers are worth on many small articles, each alone and without a bank."""
    for name, number in (("every", given.every), ("limit", given.limit)):
        if number is not None and number < 1:
            raise SettingError(f"--{name} {number}: a whole number from 1 on was expected; leave it out to take all")
    dataset = read_reading(given.source, given.articles, every=given.every, limit=given.limit)
    asked = ask_articles(dataset, product.alone)
    return Evaluation(
        "reading",
        dataset.name,
        product.versions,
        dataset.notes,
        reading_curves(asked),
        reading_errors(asked),
        reading=score_reading(asked),
    )


COMMANDS: Mapping[str, Subcommand] = {
    "golden": Subcommand("FILE.jsonl", "golden questions, put to the product as it answers", _golden_options, _golden),
    "squad": Subcommand("FILE.json", "a SQuAD file, each article its own corpus", _squad_options, _squad),
    "beir": Subcommand("DIR", "a BEIR folder, all documents in one index", _run_option, _beir),
    "ablation": Subcommand("FILE.json", "a SQuAD file, with parts of the ranking removed", _squad_options, _ablation),
    "reading": Subcommand(
        "QUESTIONS.jsonl[.gz]", "whether the text answers: small articles, each alone", _reading_options, _reading
    ),
}
