"""What a storm is counted as; how fast anything is, is never asserted."""

from __future__ import annotations

from benchmarks.storm import Asked, storm, summary
from tests.web.serving import served


def test_the_summary_by_hand() -> None:
    asked = [Asked(200, 0.1, 0), Asked(200, 0.3, 0), Asked(503, 0.01, 2), Asked(429, 0.01, 2), Asked(0, 1, 0)]
    found = summary(8, asked, 2.0, 0.5)
    assert (found.per_second, found.p50, found.busy, found.busy_p99, found.errors) == (1.0, 200.0, 2, 10.0, 1)
    assert found.line("ours").startswith("| ours | 8 | 1 | 200 | ")
    assert found.line("ours").endswith("| 2 | 10 | 1 | 0.5 |\n")


def test_a_storm_on_the_real_server_has_no_errors() -> None:
    with served() as address:
        found = storm(address, 8, 1.0)
    assert found.errors == 0
    assert found.per_second > 0
