"""Asking: what it costs, what is seen meanwhile, what goes wrong without harm, and the keyboard alone."""

from __future__ import annotations

import json
import statistics
from pathlib import Path

import pytest

from tests.browser.conftest import Open
from tests.browser.reader import QUESTIONS
from tests.web.fake import STARTERS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PAINT = """async ([question]) => {
  const box = document.querySelector('#box textarea');
  const before = document.querySelectorAll('#chat .answer').length;
  box.value = question;
  box.dispatchEvent(new Event('input', { bubbles: true }));
  await new Promise((done) => setTimeout(done, 200));
  const start = performance.now();
  box.dispatchEvent(new KeyboardEvent('keypress', { key: 'Enter', bubbles: true }));
  box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  while (document.querySelectorAll('#chat .answer').length === before) {
    await new Promise(requestAnimationFrame);
    if (performance.now() - start > 5000) return -1;
  }
  await new Promise(requestAnimationFrame);
  return performance.now() - start;
}"""


def test_a_question_costs_one_request_and_none_elsewhere(open_page: Open) -> None:
    reader = open_page()
    reader.ask(QUESTIONS["answer"])  # the chatbot's own code is fetched once
    reader.requests.clear()
    for kind in QUESTIONS:
        reader.ask(QUESTIONS[kind])
    assert reader.requests == [f"POST {reader.address}/gradio_api/run/predict"] * len(QUESTIONS)


def test_nothing_is_asked_of_another_host(open_page: Open) -> None:
    reader = open_page()
    reader.ask(QUESTIONS["answer"])
    elsewhere = [r for r in reader.requests if not r.split(" ", 1)[1].startswith((reader.address, "data:"))]
    assert elsewhere == []


def test_what_travels_does_not_grow_with_the_conversation(open_page: Open) -> None:
    reader = open_page()
    sizes = []
    for _ in range(4):
        with reader.page.expect_response("**/run/predict") as response:
            reader.ask(QUESTIONS["answer"])
        sizes.append(len(response.value.body()))
    assert max(sizes) - min(sizes) < 100


def test_an_answer_is_painted_soon(open_page: Open) -> None:
    reader = open_page()
    reader.ask(QUESTIONS["smalltalk"])
    times = [reader.run(PAINT, [QUESTIONS["answer"]]) for _ in range(5)]
    assert 0 < statistics.median(times) < 500  # 150 ms on a quiet machine; tests share theirs


def test_a_slow_answer_shows_that_it_is_coming_and_more_sending_does_no_harm(open_page: Open) -> None:
    reader = open_page()
    reader.requests.clear()
    reader.box.fill("What are the symptoms, slowly?")
    reader.box.press("Enter")
    reader.page.wait_for_selector("#busy:not([hidden])", timeout=1200)
    reader.box.fill("And the next question")
    reader.box.press("Enter")
    reader.page.locator("#ask").click()
    reader.page.locator("#chat .chip").first.click()
    reader.arrived(0)
    reader.settle()
    assert not reader.page.locator("#busy").is_visible()
    assert reader.answers.count() == 1
    assert reader.box.input_value() == "And the next question"
    assert len([r for r in reader.requests if "predict" in r]) == 1


def test_a_failed_answer_is_told_and_the_question_kept(open_page: Open) -> None:
    reader = open_page()
    reader.box.fill("Please break down")
    reader.box.press("Enter")
    reader.page.wait_for_selector("#failed:not([hidden])")
    assert reader.box.input_value() == "Please break down"
    reader.ask(QUESTIONS["answer"])
    assert not reader.page.locator("#failed").is_visible()
    reader.errors.clear()  # the browser logs the 500 of the first question


def test_history_travels_and_starting_again_forgets_it(open_page: Open) -> None:
    reader = open_page()
    sent: list[object] = []
    reader.page.on("request", lambda r: sent.append(json.loads(r.post_data)["data"]) if r.post_data else None)
    reader.ask(QUESTIONS["answer"])
    reader.ask(QUESTIONS["invalid"])
    reader.ask("and how is it treated?")
    assert sent[-1] == ["and how is it treated?", [QUESTIONS["answer"]]]
    reader.page.locator("#again").click()
    reader.page.wait_for_selector(".welcome")
    assert reader.marked() == []
    reader.ask(QUESTIONS["smalltalk"])
    assert sent[-1] == [QUESTIONS["smalltalk"], []]


def test_first_questions_are_offered_and_ask_themselves(open_page: Open) -> None:
    reader = open_page("phone")
    assert reader.page.locator(".welcome .chip").all_inner_texts() == list(STARTERS)
    reader.page.locator(".welcome .chip").nth(1).click()
    reader.arrived(0)
    assert STARTERS[1] in reader.page.locator(".asked").inner_text()


def test_the_keyboard_alone_is_enough(open_page: Open) -> None:
    reader = open_page()
    keys = reader.page.keyboard
    keys.press("/")
    keys.type(QUESTIONS["answer"])
    keys.press("Enter")
    reader.arrived(0)
    for _ in range(40):  # back from the box into the answer
        keys.press("Shift+Tab")
        if reader.focused().startswith("cite"):
            break
    number = reader.run("() => document.activeElement.querySelector('.seen').textContent")
    outline = reader.run("() => getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"
    keys.press("Enter")
    reader.settle()
    assert reader.current_is_seen()
    assert reader.run("() => document.querySelector('.s.current').dataset.quote") == number
    keys.press("Escape")
    assert reader.focused().startswith("cite")


def test_feedback_says_what_is_stored_and_stores_it(
    open_page: Open, feedback_address: str, feedback_folder: Path
) -> None:
    reader = open_page(at=feedback_address)
    answer = reader.ask(QUESTIONS["answer"])
    assert "The rest of the conversation and your address are not." in answer.locator(".stored").inner_text()
    answer.locator(".do-rate", has_text="Wrong place").click()
    reader.page.wait_for_function("document.querySelector('.stored').textContent.startsWith('Thank you')")
    (line,) = (feedback_folder / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    stored = json.loads(line)
    assert stored["question"] == QUESTIONS["answer"]
    assert stored["rating"] == "wrong_place"
    assert stored["quotes"][0]["text"] == answer.locator("blockquote").first.inner_text()
    assert set(stored) == {"question", "kind", "rating", "quotes", "day", "versions"}


def test_without_a_folder_no_feedback_is_asked_for(open_page: Open) -> None:
    reader = open_page()
    assert reader.ask(QUESTIONS["answer"]).locator(".feedback").count() == 0


def test_a_long_question_leaves_room_for_its_answer(open_page: Open) -> None:
    reader = open_page("phone")
    answer = reader.ask(("my daughter has seizures and is it magnesium, " * 40)[:1000])
    reader.settle()
    assert reader.run("(e) => e.getBoundingClientRect().top < innerHeight / 2", answer.element_handle())
    assert reader.page.locator(".asked bdi").get_attribute("tabindex") == "0"
