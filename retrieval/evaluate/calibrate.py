"""Choose when to answer: fit the confidence on questions with known answers and pick the point for a stated risk.

    python -m retrieval.evaluate.calibrate [FILE.jsonl] [--wrong-at-most 0.05] [--answer-at-least 0.97]
                                           [--reading QUESTIONS ARTICLES EVERY]... [--index DIR] [--ship]

Weights are fitted by logistic regression (L2); the point is picked on predictions for questions that each fit had not
seen (10 folds): the one that answers most while the share of wrong answers stays within the target, or the most careful
one that answers enough where that cannot be had. An answer is wrong where none of its quotes is accepted, or nothing
should have been answered. Where `--reading` names articles (none that the reader was trained on), the rule without a
bank is fitted on them, each question on its article as given and on its twins. Beside the thresholds lies the whole
curve, as CSV.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from tqdm import tqdm

from corpus.article import Article
from corpus.common.cli import run
from corpus.common.errors import CalibrationError, SettingError
from corpus.common.settings import ROOT, read_settings
from corpus.splitter import split
from index.encoder.encode import Doubles
from index.encoder.limits import limits
from index.open import Opened, open_or_rebuild
from retrieval.answering.analysis import Analyser, Analysis
from retrieval.answering.evidence import READ, WITH_BANK, WITHOUT_BANK
from retrieval.answering.quotes import Ranked, pick_quotes
from retrieval.answering.thresholds import FILE, SHIPPED, Rule, Thresholds, model_key
from retrieval.evaluate.golden import GoldenQuestion, accepts, read_golden
from retrieval.evaluate.minimal_pairs import says_nothing, with_inserted, without
from retrieval.evaluate.product import CachingEncoder
from retrieval.evaluate.reading import ReadingQuestion, ReadingSet, quote_accepted, read_reading
from retrieval.ranking.search import RANKING_VERSION
from retrieval.ranking.systems import index_in_memory
from retrieval.reader.sentence_reader import SentenceReader, open_reader
from retrieval.safety.emergency import emergency
from retrieval.safety.injection import injection
from retrieval.safety.personal import personal
from retrieval.safety.smalltalk import smalltalk

CURVE = "thresholds-curve.csv"
FOLDS = 10
RIDGE = 1.0
WRONG_AT_MOST = 0.05
ANSWER_AT_LEAST = 0.97
RELATED_KEEPS = 0.95  # that share of answerable questions lies above the point from which anything is quoted
SEED = 7


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked of a rule: the share of answers that may be wrong, and of answerable questions to be answered.

    Raises:
        SettingError: one is no share.
    """

    wrong_at_most: float
    answer_at_least: float

    def __post_init__(self) -> None:
        for name, share in asdict(self).items():
            if not 0 <= share <= 1:
                raise SettingError(f"--{name.replace('_', '-')} {share:g} is no share; give one from 0 to 1")

    def __str__(self) -> str:
        return f"at most {self.wrong_at_most:.0%} wrong if {self.answer_at_least:.0%} of the answerable are answered"


ALONE = Target(wrong_at_most=0.15, answer_at_least=0.86)  # of articles without a bank, where more is missed


@dataclass(frozen=True, slots=True)
class Labelled:
    """What calibration looks at: features (n, n_features), whether the quotes are right (n,), the topic score (n,)."""

    features: Doubles
    right: NDArray[np.bool_]
    answerable: NDArray[np.bool_]
    topic: Doubles


@dataclass(frozen=True, slots=True)
class ThresholdPoint:
    """One point of the risk–coverage curve."""

    answer_at: float
    coverage: float
    risk: float


def label(rows: Sequence[GoldenQuestion], analyser: Analyser, names: Sequence[str]) -> Labelled:
    """Read every question that reaches the search, and say whether its quotes would be right.

    Raises:
        CalibrationError: there are not both questions to answer and questions not to answer among them.
    """
    analyses = [(row, analyser.analyse(row.question, row.history)) for row in rows if _reaches_search(row.question)]
    if len({bool(row.quotes) for row, _ in analyses}) < 2:
        raise CalibrationError(
            f"{len(analyses)} questions reach the search; there must be some with quotes and some without"
        )
    return Labelled(
        features=np.array([analysis.evidence.vector(names) for _, analysis in analyses]),
        right=np.array([_right(row, analyser, analysis.ranked) for row, analysis in analyses]),
        answerable=np.array([bool(row.quotes) for row, _ in analyses]),
        topic=np.array([analysis.evidence.topic for _, analysis in analyses]),
    )


AnalyserOf = Callable[[Article], Analyser]


def _analyser_of(opened: Opened, reader: SentenceReader | None) -> AnalyserOf:
    """Analyse questions on one article in memory, with the encoder and the reader of an index."""
    encoder = CachingEncoder(opened.encoder)

    def analyser(article: Article) -> Analyser:
        index = index_in_memory([article], split(article, limits(encoder)), encoder)
        return Analyser(index, encoder, reader, bank=False)

    return analyser


def label_alone(datasets: Sequence[ReadingSet], analyser_of: AnalyserOf, names: Sequence[str]) -> Labelled:
    """The same of many articles, each alone: every question on its article as given, and on the texts of its pair."""
    rows: list[tuple[Analysis, bool, bool]] = []
    total = sum(len(asked) for dataset in datasets for _, asked in dataset.articles)
    with tqdm(total=total, unit="question", mininterval=10) as bar:
        for article, asked in (pair for dataset in datasets for pair in dataset.articles):
            whole = analyser_of(article)
            for question in asked:
                if _reaches_search(question.text):
                    rows.append(_labelled(whole, question, question.sentences))
                    rows += [_labelled(analyser_of(t), question, accepted) for t, accepted in _texts(article, question)]
                bar.update()
    return Labelled(
        features=np.array([analysis.evidence.vector(names) for analysis, _, _ in rows]),
        right=np.array([right for _, right, _ in rows]),
        answerable=np.array([answerable for _, _, answerable in rows]),
        topic=np.array([analysis.evidence.topic for analysis, _, _ in rows]),
    )


def _texts(article: Article, question: ReadingQuestion) -> Iterator[tuple[Article, tuple[str, ...]]]:
    """The other texts a question is put to, and which sentences of each answer it."""
    if question.answerable:
        left = without(article, question.sentences)
        if left.text != article.text and not says_nothing(left):
            yield left, ()
    for insertion, accepted in ((question.contrast, True), (question.decoy, False)):
        if insertion:
            yield with_inserted(article, insertion), (insertion.text,) if accepted else ()


def _labelled(analyser: Analyser, question: ReadingQuestion, accepted: tuple[str, ...]) -> tuple[Analysis, bool, bool]:
    analysis = analyser.analyse(question.text)
    first = pick_quotes(analyser.index, analysis.ranked)[:1]
    return analysis, any(quote_accepted(quote.text, accepted) for quote in first), bool(accepted)


def _reaches_search(question: str) -> bool:
    """Whether the question is not settled before any search."""
    return not (emergency(question) or smalltalk(question) or injection(question) or personal(question))


def _right(row: GoldenQuestion, analyser: Analyser, ranked: Ranked) -> bool:
    return any(accepts(quote.text, row.quotes) for quote in pick_quotes(analyser.index, ranked))


@dataclass(frozen=True, slots=True)
class Fit:
    """Logistic weights on the features as they are, and the bias."""

    weights: Doubles
    bias: float

    def confidence(self, features: Doubles) -> Doubles:
        """(n,) from 0 to 1."""
        return np.asarray(1 / (1 + np.exp(-(features @ self.weights + self.bias))))


def fit(features: Doubles, answerable: NDArray[np.bool_]) -> Fit:
    """Logistic regression with an L2 penalty on standardised features."""
    mean, scale = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-9)
    x = np.column_stack([(features - mean) / scale, np.ones(len(features))])
    sign = np.where(answerable, 1.0, -1.0)

    def loss(w: Doubles) -> tuple[float, Doubles]:
        margin = sign * (x @ w)
        penalty = np.append(w[:-1], 0.0)
        slope = -(sign / (1 + np.exp(margin))) @ x + RIDGE * penalty
        return float(np.logaddexp(0, -margin).sum() + RIDGE * (penalty @ penalty) / 2), slope

    best = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x
    weights = best[:-1] / scale
    return Fit(weights, float(best[-1] - weights @ mean))


def cross_fit(labelled: Labelled) -> Doubles:
    """Confidences (n,), each from a fit that has not seen its question."""
    fold = np.random.default_rng(SEED).permutation(len(labelled.answerable)) % FOLDS
    out = np.zeros(len(fold))
    for n in range(FOLDS):
        train, test = fold != n, fold == n
        out[test] = fit(labelled.features[train], labelled.answerable[train]).confidence(labelled.features[test])
    return out


def curve(confidences: Doubles, labelled: Labelled) -> list[ThresholdPoint]:
    """Risk and coverage at every confidence that occurs, most careful first."""
    points = []
    for at in sorted(
        set(np.floor(confidences * 10_000) / 10_000), reverse=True
    ):  # down, so that each counts at its own
        answered = confidences >= at
        wrong = answered & ~(labelled.right & labelled.answerable)
        coverage = float((answered & labelled.answerable).sum() / max(1, labelled.answerable.sum()))
        points.append(ThresholdPoint(float(at), coverage, float(wrong.sum() / max(1, answered.sum()))))
    return points


def choose(points: Sequence[ThresholdPoint], wrong_at_most: float, answer_at_least: float) -> ThresholdPoint:
    """The point that answers most within the target; else the most careful one that answers enough.

    A product that hardly answers is no use, so `answer_at_least` goes before `wrong_at_most`; what was reached is said.
    """
    enough = [point for point in points if point.coverage >= answer_at_least]
    within = [point for point in enough if point.risk <= wrong_at_most]
    if within:
        return max(within, key=lambda point: (point.coverage, -point.risk))
    return min(enough, key=lambda point: (point.coverage, point.risk))


def calibrate_rule(
    labelled: Labelled, names: Sequence[str], target: Target
) -> tuple[Rule, ThresholdPoint, list[ThresholdPoint]]:
    """Fit one rule and choose its point."""
    points = curve(cross_fit(labelled), labelled)
    point = choose(points, target.wrong_at_most, target.answer_at_least)
    whole = fit(labelled.features, labelled.answerable)
    related_at = float(np.quantile(labelled.topic[labelled.answerable], 1 - RELATED_KEEPS))
    weights = {name: round(float(w), 4) for name, w in zip(names, whole.weights, strict=True)}
    return Rule(weights, round(whole.bias, 4), point.answer_at, round(related_at, 4)), point, points


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The thresholds, what was reached with them in words, and the curve of each rule."""

    thresholds: Thresholds
    report: str
    curves: Mapping[str, Sequence[ThresholdPoint]]

    def write(self, path: Path) -> None:
        """Write the thresholds, and the curves beside them.

        Raises:
            SettingError: the folder cannot be written.
        """
        rows = [f"{name},{p.answer_at},{p.coverage:.4f},{p.risk:.4f}" for name, ps in self.curves.items() for p in ps]
        try:
            path.with_name(CURVE).write_text(
                "\n".join(["rule,answer_at,coverage,risk", *rows]) + "\n", encoding="utf-8"
            )
            path.write_text(self.thresholds.to_json(), encoding="utf-8")
        except OSError as error:
            raise SettingError(f"{error.filename}: cannot be written ({error.strerror}); make it writable") from error


def calibrate(
    opened: Opened, rows: Sequence[GoldenQuestion], target: Target, chosen_on: str, alone: Sequence[ReadingSet] = ()
) -> Calibrated:
    """Fit the rules with and without a bank; the one without on the articles of `alone`, where there are any."""
    reader = open_reader(opened, bank=False)
    read = READ if reader else ()
    with_bank = Analyser(opened.index, opened.encoder, open_reader(opened))
    names = {"with_bank": WITH_BANK if with_bank.has_bank else (*WITHOUT_BANK, *read)}
    labelled = {"with_bank": label(rows, with_bank, names["with_bank"])}
    names["without_bank"] = (*WITHOUT_BANK, *read)
    labelled["without_bank"] = (
        label_alone(alone, _analyser_of(opened, reader), names["without_bank"])
        if alone
        else label(rows, Analyser(opened.index, opened.encoder, reader, bank=False), names["without_bank"])
    )
    rules, curves, lines = {}, {}, []
    for name, examples in labelled.items():
        goal = ALONE if alone and name == "without_bank" else target
        rules[name], point, curves[name] = calibrate_rule(examples, names[name], goal)
        lines.append(
            f"{name}: {len(examples.topic)} questions; {goal}; answers from {point.answer_at:.3f} on: "
            f"coverage {point.coverage:.3f}, wrong {point.risk:.3f}; "
            f"answering everything: wrong {curves[name][-1].risk:.3f}"
        )
    card = opened.manifest.recipe.card
    thresholds = Thresholds(model_key(card), RANKING_VERSION, rules["with_bank"], rules["without_bank"], chosen_on)
    return Calibrated(thresholds, "\n".join(lines) + "\n", curves)


def _count(text: str) -> int:
    if text.isdigit() and int(text):
        return int(text)
    raise SettingError(f"--reading: {text} is no count of articles; give 1 for all of them, 8 for every eighth")


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m retrieval.evaluate.calibrate", description="Choose when to answer."
    )
    parser.add_argument("file", nargs="?", type=Path, help="questions in the golden format")
    parser.add_argument("--index", type=Path, metavar="DIR", help="the index folder (default: ASK_INDEX or data/index)")
    parser.add_argument("--wrong-at-most", type=float, default=WRONG_AT_MOST, metavar="SHARE", help="default: 0.05")
    parser.add_argument("--answer-at-least", type=float, default=ANSWER_AT_LEAST, metavar="SHARE", help="default: 0.97")
    parser.add_argument("--ship", action="store_true", help="write the thresholds that come with the product")
    parser.add_argument(
        "--reading",
        nargs=3,
        action="append",
        default=[],
        metavar=("QUESTIONS", "ARTICLES", "EVERY"),
        help="many articles, or every n-th of them, to fit the rule without a bank on",
    )
    asked = parser.parse_args(arguments)
    settings = read_settings(index=asked.index)
    alone = [read_reading(Path(q), Path(a), every=_count(n)) for q, a, n in asked.reading]
    opened = open_or_rebuild(settings, sys.stderr.write)
    file = asked.file or ROOT / "corpus" / "calibration" / f"{opened.index.articles[0].id}.jsonl"
    goal = Target(asked.wrong_at_most, asked.answer_at_least)
    chosen_on = "; ".join([file.name, str(goal), *(dataset.name for dataset in alone)])
    calibrated = calibrate(opened, read_golden(file), goal, chosen_on, alone)
    target = SHIPPED if asked.ship else settings.index / FILE
    calibrated.write(target)
    sys.stdout.write(f"{calibrated.report}written to {target.name}, the curve to {CURVE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
