"""The confidence by arithmetic, the curve by hand, the fit against plain descent, and folds that see none of theirs."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.common.errors import CalibrationError, SettingError
from index.encoder.encode import Card, Doubles
from retrieval.answering import thresholds
from retrieval.answering.evidence import Evidence, confidence
from retrieval.answering.thresholds import Rule, Thresholds, load_thresholds, model_key
from retrieval.evaluate import calibrate
from retrieval.evaluate.calibrate import (
    RIDGE,
    Calibrated,
    Fit,
    Labelled,
    Target,
    ThresholdPoint,
    choose,
    cross_fit,
    curve,
    fit,
)
from retrieval.ranking.search import RANKING_VERSION

EVIDENCE = Evidence(
    covered=0.5, taught=0.1, lead=-0.2, topic=0.6, late=0.7, words=1.0, strange=0.0, far=0.0, worst=1.0, margin=0.3
)
CARD = Card("m", "", "0123456789abcdef" * 4, 8, 16, (-3, -1))
RULE = Rule({"covered": 1.0}, 0.0, 0.5, 0.3)


def stored(folder: Path, **changes: object) -> Path:
    kept = Thresholds(model_key(CARD), RANKING_VERSION, RULE, RULE, "a test")
    (folder / thresholds.FILE).write_text(json.dumps(json.loads(kept.to_json()) | changes), encoding="utf-8")
    return folder


def labelled(features: list[list[float]], right: str, answerable: str) -> Labelled:
    return Labelled(
        np.array(features), np.array([c == "1" for c in right]), np.array([c == "1" for c in answerable]), np.zeros(1)
    )


def test_confidence_is_logistic() -> None:
    assert confidence(EVIDENCE, {"covered": 2.0, "lead": 5.0}, 0.0) == 0.5
    assert confidence(EVIDENCE, {"margin": 10.0}, -2.0) == pytest.approx(1 / (1 + math.exp(-1)))
    assert confidence(EVIDENCE, {"margin": 1e9}, 0.0) == pytest.approx(1)
    assert 0 < confidence(EVIDENCE, {"margin": -1e9}, 0.0) < 1e-20


def test_features_come_in_the_order_named() -> None:
    assert EVIDENCE.vector(["margin", "covered"]) == [0.3, 0.5]


def test_the_curve_by_hand() -> None:
    found = labelled([[0.0]] * 4, right="1101", answerable="1110")
    points = curve(np.array([0.9, 0.8, 0.7, 0.6]), found)
    assert [(p.answer_at, round(p.coverage, 3), p.risk) for p in points] == [
        (0.9, 0.333, 0),  # one right
        (0.8, 0.667, 0),
        (0.7, 1, pytest.approx(1 / 3)),  # answerable, but the quotes are not the accepted ones
        (0.6, 1, 0.5),  # not answerable, so wrong whatever is quoted
    ]


def test_each_question_counts_at_its_own_point() -> None:
    points = curve(np.array([0.99996, 0.12346]), labelled([[0.0]] * 2, "11", "11"))
    assert [(p.answer_at, p.coverage) for p in points] == [(0.9999, 0.5), (0.1234, 1)]


POINTS = [
    ThresholdPoint(0.9, 0.5, 0.0),
    ThresholdPoint(0.8, 0.8, 0.04),
    ThresholdPoint(0.7, 0.96, 0.1),
    ThresholdPoint(0.6, 1.0, 0.2),
]


@pytest.mark.parametrize(
    ("wrong", "least", "chosen"),
    [(0.05, 0.5, 0.8), (0.0, 0.5, 0.9), (0.05, 0.95, 0.7), (0.5, 0.0, 0.6), (0.0, 1.0, 0.6)],
)
def test_the_point_chosen(wrong: float, least: float, chosen: float) -> None:
    assert choose(POINTS, wrong, least).answer_at == chosen


def test_the_fit_reaches_the_optimum_that_plain_descent_finds() -> None:
    drawn = np.random.default_rng(3)
    features = drawn.normal(size=(80, 2)) * [3.0, 0.2] + [5.0, -1.0]
    answerable = features @ [1.0, 4.0] + drawn.normal(size=80) > 1.0
    x = np.column_stack([(features - features.mean(axis=0)) / features.std(axis=0), np.ones(80)])
    w = np.zeros(3)
    for _ in range(20_000):
        slope = x.T @ (1 / (1 + np.exp(-(x @ w))) - answerable) + RIDGE * np.append(w[:2], 0)
        w -= 0.02 * slope
    expected = 1 / (1 + np.exp(-(x @ w)))
    assert fit(features, answerable).confidence(features) == pytest.approx(expected, abs=1e-3)


def test_no_fold_sees_its_own_question(monkeypatch: pytest.MonkeyPatch) -> None:
    features = [[float(n)] for n in range(25)]
    asked = labelled(features, "1" * 25, "10" * 12 + "1")
    told: list[tuple[set[float], set[float]]] = []

    def spy(train: Doubles, answerable: object) -> Fit:
        del answerable
        seen = set(train[:, 0])

        class Noted(Fit):
            def confidence(self, features: Doubles) -> Doubles:
                told.append((seen, set(features[:, 0])))
                return features[:, 0]

        return Noted(np.zeros(1), 0.0)

    monkeypatch.setattr(calibrate, "fit", spy)
    assert cross_fit(asked).tolist() == [row[0] for row in features]
    assert len(told) == calibrate.FOLDS
    assert all(not seen & tested and len(seen) + len(tested) == 25 for seen, tested in told)


def test_a_target_is_two_shares() -> None:
    assert str(Target(0.05, 0.97)) == "at most 5% wrong if 97% of the answerable are answered"
    with pytest.raises(SettingError, match=r"--wrong-at-most 1\.5 is no share"):
        Target(1.5, 0.9)
    with pytest.raises(SettingError, match="--answer-at-least nan is no share"):
        Target(0.05, math.nan)


def test_thresholds_and_curve_are_written_and_read_back(tmp_path: Path) -> None:
    kept = Thresholds(model_key(CARD), RANKING_VERSION, RULE, replace(RULE, bias=1.0), "a test")
    Calibrated(kept, "", {"with_bank": POINTS[:1]}).write(tmp_path / thresholds.FILE)
    assert load_thresholds(tmp_path, CARD) == kept
    written = (tmp_path / calibrate.CURVE).read_text(encoding="utf-8")
    assert written == "rule,answer_at,coverage,risk\nwith_bank,0.9,0.5000,0.0000\n"


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    kept = Calibrated(Thresholds("m", 1, RULE, RULE, ""), "", {})
    with pytest.raises(SettingError, match="cannot be written"):
        kept.write(tmp_path / "none" / thresholds.FILE)


def test_thresholds_of_another_model_name_both_and_the_command(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError) as error:
        load_thresholds(stored(tmp_path, model="other/-1"), CARD)
    expected = "the thresholds are for model other/-1, the index is of 0123456789abcdef/-3,-1 (m); "
    assert str(error.value) == expected + "run: python -m retrieval.evaluate.calibrate"


def test_thresholds_of_another_ranking_name_both_and_the_command(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError) as error:
        load_thresholds(stored(tmp_path, ranking=0), CARD)
    expected = (
        f"the thresholds are for ranking 0, this is {RANKING_VERSION}; run: python -m retrieval.evaluate.calibrate"
    )
    assert str(error.value) == expected


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"with_bank": 1}', "\xff"])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / thresholds.FILE).write_bytes(text.encode("latin-1"))
    with pytest.raises(
        CalibrationError, match=r"thresholds\.json cannot be read .*run: python -m retrieval\.evaluate\.calibrate"
    ):
        load_thresholds(tmp_path, CARD)


def test_without_a_file_of_its_own_an_index_takes_the_shipped_one(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError, match="the thresholds are for model 53aa51172d142c89/-3,-1"):
        load_thresholds(tmp_path, CARD)
