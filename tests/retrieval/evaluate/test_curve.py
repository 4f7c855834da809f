from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluate.curve import Point, risk_coverage, widest_within

rows = st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.booleans()), min_size=1, max_size=15)


def test_by_hand() -> None:
    # Surest first: right, wrong, unanswerable (wrong), right; the middle two are equally sure.
    points = risk_coverage([0.4, 0.9, 0.7, 0.7], [False, False, True, True], [True, True, True, False])
    assert [(p.coverage, p.risk, p.confidence) for p in points] == [
        (pytest.approx(1 / 3), 0.0, 0.9),
        (pytest.approx(2 / 3), pytest.approx(2 / 3), 0.7),
        (1.0, 0.5, 0.4),
    ]


def test_coverage_counts_questions_never_answered() -> None:
    assert [p.coverage for p in risk_coverage([0.9], [False], [True], total=4)] == [0.25]
    assert risk_coverage([], [], []) == ()


@given(rows)
def test_each_point_is_what_its_threshold_gives(found: list[tuple[int, bool, bool]]) -> None:
    confidence, wrong, answerable = (list(column) for column in zip(*found, strict=True))
    points = risk_coverage([float(c) for c in confidence], wrong, answerable)
    assert [p.confidence for p in points] == sorted({float(c) for c in confidence}, reverse=True)
    for point in points:
        answered = [(w, a) for c, w, a in found if c >= point.confidence]
        assert point.risk == pytest.approx(sum(w for w, _ in answered) / len(answered))
        assert point.coverage == pytest.approx(sum(a for _, a in answered) / max(1, sum(answerable)))


def test_the_working_point_is_the_widest_the_risk_allows() -> None:
    points = [Point(0.2, 0.1, 0.9), Point(0.5, 0.05, 0.8), Point(0.9, 0.06, 0.1)]
    assert widest_within(points) == points[1]
    assert widest_within(points, 0.01) is None
