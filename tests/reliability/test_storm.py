"""What a storm is counted as; no more is asserted of time than that a slow server is told from a fast one."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.storm import IN_A_ROW, Asked, _recovery, storm, summary, wordings
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


def test_the_questions_are_many_different_and_the_same_each_time() -> None:
    asked = wordings()
    assert asked == wordings()
    assert len(set(asked)) == len(asked) > 300
    assert not any(question.startswith(("-", "#", ">", " ")) for question in asked)


@contextmanager
def slow_at_first(slow: int) -> Iterator[str]:
    """A server whose first `slow` answers take a tenth of a second, the others no time."""
    left = [slow]

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            left[0] -= 1
            time.sleep(0.1 if left[0] >= 0 else 0)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_recovery_is_the_time_until_answers_are_fast_again() -> None:
    questions = ["?"] * IN_A_ROW
    with slow_at_first(0) as address:
        assert _recovery(address, questions, 0.09) < 0.09
    with slow_at_first(3) as address:
        assert 0.29 < _recovery(address, questions, 0.09) < 1.5
