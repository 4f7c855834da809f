"""The five evaluations: a source and a product in, an `Evaluation` out."""

from __future__ import annotations

from pathlib import Path

from corpus.splitter import split
from retrieval.evaluate.beir import read_beir
from retrieval.evaluate.cases import Build, Dataset
from retrieval.evaluate.error_cases import golden_errors, ranking_errors, reading_errors
from retrieval.evaluate.evaluation import WITH_BANK, WITHOUT_BANK, Evaluation
from retrieval.evaluate.golden import golden_dataset, read_golden
from retrieval.evaluate.golden_scores import score_golden
from retrieval.evaluate.product import Product
from retrieval.evaluate.ranking import SystemRun, run_systems
from retrieval.evaluate.reading import ask_articles, read_reading
from retrieval.evaluate.reading_scores import reading_curves, score_reading
from retrieval.evaluate.scores import curves, score
from retrieval.evaluate.squad import read_squad
from retrieval.evaluate.verdict import ask_all

NAMES = {WITH_BANK: "the product", WITHOUT_BANK: "the product without its question bank"}


def squad(path: Path, product: Product, *, in_passages: bool) -> Evaluation:
    """Evaluate the systems on a SQuAD file, with `in_passages` on passages of the project's making."""
    dataset = read_squad(path, product.limits() if in_passages else None)
    return _ranked("squad --split" if in_passages else "squad", dataset, product.systems, product)


def ablation(path: Path, product: Product, *, in_passages: bool) -> Evaluation:
    """Evaluate the full ranking against itself with each part removed."""
    dataset = read_squad(path, product.limits() if in_passages else None)
    return _ranked("ablation --split" if in_passages else "ablation", dataset, product.ablations, product)


def beir(folder: Path, product: Product) -> Evaluation:
    """Evaluate the systems on a BEIR folder."""
    return _ranked("beir", read_beir(folder), product.systems, product)


def golden(path: Path, product: Product, *, no_bank: bool) -> Evaluation:
    """Evaluate the product's answers, with `no_bank` also without its bank, and the systems on the same questions."""
    rows = read_golden(path)
    answerer = product.answerer(True)
    limits = product.limits()
    passages = tuple(p for article in answerer.articles for p in split(article, limits))
    dataset = golden_dataset(path, rows, answerer.articles, passages)
    judged = ask_all(answerer, rows)
    scored = [score_golden(NAMES[WITH_BANK], judged)]
    if no_bank:
        scored.append(score_golden(NAMES[WITHOUT_BANK], ask_all(product.answerer(False), rows)))
    runs = run_systems(dataset, product.systems) if any(q.gold for q in dataset.corpora[0].questions) else ()
    return Evaluation(
        "golden",
        dataset.name,
        score(runs, dataset.recall) if runs else None,
        runs,
        tuple(s.curve for s in scored),
        golden_errors(judged),
        product.versions,
        tuple(scored),
        dataset.notes,
    )


def reading(questions: Path, articles: Path, product: Product, *, every: int, limit: int | None) -> Evaluation:
    """Evaluate the product's answers on many small articles, each alone and without a bank."""
    dataset = read_reading(questions, articles, every=every, limit=limit)
    asked = ask_articles(dataset, product.alone)
    return Evaluation(
        "reading",
        dataset.name,
        None,
        (),
        reading_curves(asked),
        reading_errors(asked),
        product.versions,
        notes=dataset.notes,
        reading=score_reading(asked),
    )


def _ranked(command: str, dataset: Dataset, build: Build, product: Product) -> Evaluation:
    runs = run_systems(dataset, build)
    scores = score(runs, dataset.recall)
    return Evaluation(
        command,
        dataset.name,
        scores,
        runs,
        curves(runs),
        ranking_errors(dataset, _named(runs, scores.reference)),
        product.versions,
        notes=dataset.notes,
    )


def _named(runs: tuple[SystemRun, ...], name: str) -> SystemRun:
    return next(run for run in runs if run.name == name)
