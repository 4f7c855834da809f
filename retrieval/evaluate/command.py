"""`python -m retrieval.evaluate COMMAND …`: run, show, write, and hold against the bounds."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from corpus.common.errors import SettingError
from corpus.common.settings import Settings, read_settings
from retrieval.evaluate import runs, tables
from retrieval.evaluate.evaluation import Evaluation
from retrieval.evaluate.gate import check
from retrieval.evaluate.options import Options, read_options
from retrieval.evaluate.output import to_json
from retrieval.evaluate.product import Product, open_product
from retrieval.evaluate.report.page import render
from retrieval.evaluate.runfile import write_runs


def main(arguments: list[str], open_: Callable[[Settings], Product] = open_product) -> int:
    """Evaluate; returns 0.

    Raises:
        AskError: the input cannot be used, or a figure falls short of its bound (after everything is written).
    """
    options = read_options(arguments)
    evaluation = _evaluate(options, open_(read_settings(index=options.index)))
    sys.stdout.write(tables.render(evaluation))
    _write(options, evaluation)
    check(options.gates, evaluation)
    return 0


def _evaluate(options: Options, product: Product) -> Evaluation:
    if options.command == "golden":
        return runs.golden(options.source, product, no_bank=options.no_bank)
    if options.command == "reading" and options.articles:
        return runs.reading(options.source, options.articles, product, every=options.every, limit=options.limit)
    if options.command == "beir":
        return runs.beir(options.source, product)
    evaluate = runs.squad if options.command == "squad" else runs.ablation
    return evaluate(options.source, product, in_passages=options.split)


def _write(options: Options, evaluation: Evaluation) -> None:
    try:
        if options.json:
            _write_text(options.json, json.dumps(to_json(evaluation), ensure_ascii=False, indent=1) + "\n")
        if options.report:
            _write_text(options.report, render(evaluation))
        if options.run:
            write_runs(options.run, evaluation.runs)
    except OSError as error:
        raise SettingError(f"{error.filename}: cannot be written ({error.strerror}); choose another place") from error


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
