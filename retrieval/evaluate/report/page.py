"""The whole page: one file, nothing loaded from anywhere, readable in light and dark, on paper and by ear."""

from __future__ import annotations

from pathlib import Path

from retrieval.evaluate.bootstrap import Estimate
from retrieval.evaluate.evaluation import Evaluation
from retrieval.evaluate.golden_scores import SHARES, GoldenScores
from retrieval.evaluate.reading_scores import (
    AUROC,
    FIRST_RIGHT,
    HELD_BACK,
    PAIRED,
    READING_MEANINGS,
    WRONG,
    ReadingScores,
    Reliability,
)
from retrieval.evaluate.report.bars import MEANINGS, metric_bars
from retrieval.evaluate.report.errorlist import error_lists
from retrieval.evaluate.report.kinds import kind_bars
from retrieval.evaluate.report.markup import esc, section, table
from retrieval.evaluate.report.plot import risk_plot
from retrieval.evaluate.report.reliability import reliability_plot
from retrieval.evaluate.rows import (
    difference_rows,
    drawn,
    footnote,
    kind_rows,
    reading_rows,
    reliability_rows,
    share_rows,
    system_rows,
)
from retrieval.evaluate.scores import Scores

_STYLE = Path(__file__).with_name("style.css")
_SUMMARY = ("recall@1", "sentence@1", "auroc_off_topic")
_GOLDEN_SUMMARY = (
    "first_quote_right",
    "coverage",
    "risk",
    "near_miss_held_back",
    "other_held_back",
    "emergency_recall",
)

_READING_SUMMARY = (FIRST_RIGHT, HELD_BACK, WRONG, AUROC, PAIRED)


def render(evaluation: Evaluation) -> str:
    """Return the report."""
    title = f"{evaluation.command}: {evaluation.dataset}"
    body = "\n".join(part for part in _parts(evaluation) if part)
    return (
        "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
        '<meta name=viewport content="width=device-width">\n'
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{esc(title)}</title>\n<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n"
        f"<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _parts(evaluation: Evaluation) -> list[str]:
    scores = evaluation.scores
    return [
        _header(evaluation),
        _cards(evaluation),
        *(_answers(run) for run in evaluation.golden),
        *(_reading(evaluation.reading) if evaluation.reading else ()),
        section("Risk and coverage", _curve_text(evaluation), risk_plot(evaluation.curves)),
        _ranking(scores) if scores else "",
        section(
            "Errors",
            "What was asked, what was shown, and what would have been accepted.",
            error_lists(evaluation.errors),
        ),
        _footer(evaluation),
    ]


def _header(evaluation: Evaluation) -> str:
    scores = evaluation.scores
    asked = [f"{run.n:,} questions put to {run.name}" for run in evaluation.golden]
    if evaluation.reading:
        asked.append(
            f"{evaluation.reading.given.n:,} questions on {evaluation.reading.articles:,} articles, each alone"
        )
    ranked = [f"{scores.n:,} questions ranked by {len(scores.table)} systems"] if scores else []
    notes = "".join(f"<p class=note>{esc(note)}</p>" for note in evaluation.notes)
    return (
        f"<header><p class=eyebrow>Evaluation · {esc(evaluation.command)}</p><h1>{esc(evaluation.dataset)}</h1>"
        f"<p class=lead>{esc('; '.join(asked + ranked))}.</p>{notes}</header>"
    )


def _cards(evaluation: Evaluation) -> str:
    if evaluation.golden:
        shares = evaluation.golden[0].shares
        cards = [_card(name, shares[name], SHARES[name].meaning) for name in _GOLDEN_SUMMARY]
    elif evaluation.reading:
        balanced, given = evaluation.reading.balanced, evaluation.reading.given
        label, part = ("balanced: ", balanced) if balanced else ("", given)
        cards = [_card(f"{label}{name}", part.table.get(name), READING_MEANINGS[name]) for name in _READING_SUMMARY]
    elif evaluation.scores:
        figures = evaluation.scores.table[evaluation.scores.reference]
        cards = [_card(name, figures[name], MEANINGS[name]) for name in _SUMMARY]
    else:
        return ""
    return f"<div class=cards>{''.join(cards)}</div>"


def _card(name: str, estimate: Estimate | None, meaning: str) -> str:
    if estimate is None:
        return ""
    known = estimate.low is not None and estimate.high is not None
    interval = f"{estimate.low:.3f} to {estimate.high:.3f}" if known else "no interval"
    return (
        f"<div class=card><p class=eyebrow>{esc(name.replace('_', ' '))}</p><p class=big>{estimate.value:.3f}</p>"
        f"<p class=interval>{interval}</p><p class=lead>{esc(meaning)}</p></div>"
    )


def _answers(run: GoldenScores) -> str:
    shares = table(f"Answers by {run.name}", share_rows(run))
    kinds = table(f"Answers by {run.name}, by kind of question", kind_rows(run))
    intro = "A question the article does not answer is right if it is held back, an emergency if it is recognised."
    return section(f"Answers by {run.name}", intro, kind_bars(run), kinds, shares)


def _reading(scores: ReadingScores) -> list[str]:
    meanings = [["figure", "meaning"], *([name, meaning] for name, meaning in READING_MEANINGS.items())]
    intro = (
        "As given: each question put to its article. Balanced: the same question put to two texts that differ in one "
        f"sentence, one of which answers it. {drawn(scores.articles, 'article')}"
    )
    figures = section("Reading", intro, table("All figures", reading_rows(scores)), table("What they mean", meanings))
    found = (("As given", scores.reliability), ("Balanced", scores.reliability_balanced))
    return [figures, *(_calibration(name, reliability) for name, reliability in found if reliability)]


def _calibration(name: str, reliability: Reliability) -> str:
    intro = (
        f"Expected calibration error {reliability.error:.3f}: how far, on average, confidence is from the share of "
        "questions that the text answers and whose first quote is right. On the line, both are equal."
    )
    title = f"Confidence against truth: {name.lower()}"
    return section(title, intro, reliability_plot(reliability), table(title, reliability_rows(reliability)))


def _curve_text(evaluation: Evaluation) -> str:
    if evaluation.golden:
        return (
            "Each line walks from the surest answer to the least sure. The circle is where the product works; dashes "
            "beyond it are the questions it showed related quotes for, had it answered those too. The dotted line "
            "is 5% of answers wrong."
        )
    if evaluation.reading:
        return (
            "Each line answers the questions it is surest of first. An answer is wrong if its first quote is, or if "
            "the text does not answer. The circle is the most that can be answered with at most 5% wrong (dotted line)."
        )
    known = evaluation.scores is not None and evaluation.scores.n_sentences > 0
    wrong = "sentence it shows does not hold the answer" if known else "first passage is another"
    return (
        f"Each line answers the questions a system is surest of first. An answer is wrong if the {wrong}, or if the "
        "article has no answer. The circle is the most that can be answered with at most 5% wrong (dotted line)."
    )


def _ranking(scores: Scores) -> str:
    figures = table("All figures", system_rows(scores))
    leads = table(f"{scores.reference} less each other system", difference_rows(scores))
    return section("Ranking", footnote(scores), metric_bars(scores), figures, leads)


def _footer(evaluation: Evaluation) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in evaluation.versions.items())
    return f"<footer><p>{esc(versions)}</p></footer>"
