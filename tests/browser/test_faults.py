"""What somebody at the page sees when the server cannot: calm words, nothing lost, and a way on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.browser.conftest import Open
from tests.browser.reader import QUESTIONS, Reader
from tests.web.serving import served
from web import page_texts as texts
from web.feedback import FILE
from web.middleware.throttling import RETRY_SECONDS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@contextmanager
def somebody_asking_slowly(address: str) -> Iterator[None]:
    """All the server's places are taken while the block runs."""
    over, taken = threading.Event(), threading.Event()

    def keep_asking() -> None:
        with httpx.Client(base_url=address, timeout=30) as http:
            while not over.is_set():
                taken.set()
                http.post("/gradio_api/run/ask", json={"data": ["slowly"]})

    other = threading.Thread(target=keep_asking)
    other.start()
    taken.wait()
    try:
        yield
    finally:
        over.set()
        other.join()


def told(reader: Reader) -> str:
    reader.page.wait_for_selector("#failed:not([hidden])")
    return reader.page.locator("#failed").inner_text()


def test_a_busy_server_is_told_calmly_and_asking_again_is_enough(open_page: Open) -> None:
    with served("narrow") as address:
        reader = open_page(at=address)
        with somebody_asking_slowly(address):
            reader.page.wait_for_timeout(300)
            reader.box.fill(QUESTIONS["answer"])
            reader.box.press("Enter")
            assert told(reader) == texts.MANY_ASK.format(seconds=RETRY_SECONDS)
        assert reader.page.locator("#failed").get_attribute("role") == "alert"
        assert not reader.page.locator("#busy").is_visible()
        assert reader.answers.count() == 0
        assert reader.box.input_value() == QUESTIONS["answer"]
        reader.errors.clear()  # the browser logs the 503 itself
        reader.box.press("Enter")
        reader.arrived(0)
        assert reader.answers.count() == 1
        assert not reader.page.locator("#failed").is_visible()
        assert reader.box.input_value() == ""


def test_past_the_rate_one_is_told_how_long_to_wait(open_page: Open) -> None:
    with served(ASK_RATE_PER_MINUTE="1") as address:
        reader = open_page(at=address)
        reader.ask(QUESTIONS["answer"])
        reader.box.fill(QUESTIONS["smalltalk"])
        reader.box.press("Enter")
        before, after = texts.MANY_ASK.split("{seconds}")
        said = told(reader)
        assert said.startswith(before)
        assert said.endswith(after)
        assert 1 <= int(said.removeprefix(before).removesuffix(after)) <= 60
        assert reader.box.input_value() == QUESTIONS["smalltalk"]
        reader.errors.clear()  # the browser logs the 429 itself


def test_a_server_that_is_gone_is_told_and_the_conversation_stays(open_page: Open) -> None:
    with served() as address:
        reader = open_page(at=address)
        reader.ask(QUESTIONS["answer"])
    reader.box.fill(QUESTIONS["smalltalk"])
    reader.box.press("Enter")
    assert told(reader) == texts.FAILED
    assert reader.answers.count() == 1
    assert reader.box.input_value() == QUESTIONS["smalltalk"]
    reader.errors.clear()


def test_a_rating_that_cannot_be_stored_is_told(open_page: Open, tmp_path: Path) -> None:
    (tmp_path / FILE).symlink_to("/dev/full")
    with served(ASK_FEEDBACK=str(tmp_path)) as address:
        reader = open_page(at=address)
        answer = reader.ask(QUESTIONS["answer"])
        answer.locator(".do-rate").first.click()
        reader.page.wait_for_function(
            "t => document.querySelector('.stored').textContent === t", arg=texts.FEEDBACK_FAILED
        )
        assert answer.locator(".do-rate").count() == len(texts.RATINGS)
        reader.ask(QUESTIONS["smalltalk"])
        reader.errors.clear()  # the browser logs the 503 itself


def test_a_question_too_long_is_not_cut_off_but_refused_in_words(open_page: Open) -> None:
    reader = open_page()
    question = "Can low magnesium cause a seizure? ".ljust(1_500, "?")
    answer = reader.ask(question)
    assert "1,000 characters" in answer.inner_text()
    assert reader.box.input_value() == question


def test_an_answer_from_another_article_than_the_pages_marks_nothing_in_it(open_page: Open) -> None:
    """As after a restart with a newer index: the page still shows the article it was opened with."""
    reader = open_page()
    reader.ask(QUESTIONS["answer"])
    reader.run("() => (document.querySelector('#pane').dataset.edition = 'older')")
    second = reader.ask(QUESTIONS["answer"])
    assert told(reader) == texts.OUTDATED
    assert reader.marked() == []
    assert second.locator("blockquote").count() == 3
    assert second.locator("a.place[href]").count() == 0
    assert second.locator("a.place").count() > 0
    assert reader.answers.count() == 2
    assert reader.answers.first.locator("a.place[href]").count() > 0
    reader.page.reload()
    reader.page.wait_for_selector("body.ready")
    reader.ask(QUESTIONS["answer"])
    assert len(reader.marked()) == 3
