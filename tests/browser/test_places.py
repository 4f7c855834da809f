"""Numbers lead to sentences: marks, jumps, the drawer, links, reload and back."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open
from tests.browser.reader import QUESTIONS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_newest_answer_marks_its_places_by_itself(open_page: Open) -> None:
    reader = open_page()
    answer = reader.ask(QUESTIONS["answer"])
    reader.settle()
    quotes = answer.locator("blockquote").all_inner_texts()
    assert len(quotes) == 3
    assert sorted(reader.marked()) == sorted(quotes)
    assert reader.current() == quotes[0]
    assert reader.current_is_seen()


def test_choosing_a_number_goes_there_and_escape_comes_back(open_page: Open) -> None:
    reader = open_page()
    answer = reader.ask(QUESTIONS["answer"])
    for number in (2, 3, 1):
        answer.locator("a.cite").nth(number - 1).click()
        reader.settle()
        assert reader.current() == answer.locator("blockquote").nth(number - 1).inner_text()
        assert reader.current_is_seen()
        assert reader.run("() => document.activeElement.classList.contains('current')")
    reader.page.keyboard.press("Escape")
    assert reader.focused().startswith("cite")


def test_the_way_back_ends_with_the_next_question(open_page: Open) -> None:
    reader = open_page()
    reader.ask(QUESTIONS["answer"]).locator("a.cite").first.click()
    assert reader.page.locator("#back").is_visible()
    reader.ask(QUESTIONS["smalltalk"])
    assert not reader.page.locator("#back").is_visible()


def test_only_the_panes_scroll_on_a_wide_screen(open_page: Open) -> None:
    reader = open_page()
    reader.ask(QUESTIONS["answer"]).locator("a.cite").first.click()
    assert reader.run("() => document.body.scrollHeight - innerHeight") == 0
    bar = reader.run("() => ['#pane', '.pane-bar'].map((s) => document.querySelector(s).clientWidth)")
    assert bar[0] == bar[1]  # no line of the article shows beside it


def test_an_older_answer_brings_its_marks_back(open_page: Open) -> None:
    reader = open_page()
    first = reader.ask(QUESTIONS["answer"]).locator("blockquote").all_inner_texts()
    reader.ask(QUESTIONS["not_covered"])
    assert reader.marked() == []
    reader.answers.first.locator("a.cite").nth(1).click()
    assert sorted(reader.marked()) == sorted(first)
    assert reader.current() == first[1]


def test_on_a_phone_the_drawer_opens_at_the_mark_and_closes_back(open_page: Open) -> None:
    reader = open_page("phone")
    answer = reader.ask(QUESTIONS["answer"])
    assert not reader.page.locator("#pane").is_visible()
    answer.locator("a.cite").nth(1).click()
    reader.settle()
    assert reader.page.locator("#pane").get_attribute("role") == "dialog"
    assert reader.current_is_seen()
    assert reader.run("() => document.querySelector('#talk').inert")
    reader.page.locator("#back").click()
    reader.settle()
    assert not reader.page.locator("#pane").is_visible()
    assert reader.focused().startswith("cite")
    assert not reader.run("() => document.querySelector('#talk').inert")


def test_the_phones_back_key_closes_the_drawer(open_page: Open) -> None:
    reader = open_page("phone")
    reader.page.locator("#open").click()
    reader.settle()
    assert reader.page.locator("#pane").is_visible()
    reader.page.go_back()
    reader.settle()
    assert not reader.page.locator("#pane").is_visible()
    assert reader.focused() == "open"


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_reload_and_link_keep_the_place(open_page: Open, size: str) -> None:
    reader = open_page(size)
    answer = reader.ask(QUESTIONS["answer"])
    answer.locator("a.cite").nth(2).click()
    reader.settle()
    sentence, address = reader.current(), reader.page.url
    reader.page.reload()
    reader.page.wait_for_selector("body.ready")
    reader.settle()
    assert reader.current() == sentence
    assert reader.current_is_seen()
    other = open_page(size, path=address.removeprefix(reader.address))
    other.settle()
    assert other.current() == sentence
    assert other.current_is_seen()


def test_back_returns_to_the_place_before(open_page: Open) -> None:
    reader = open_page()
    answer = reader.ask(QUESTIONS["answer"])
    quotes = answer.locator("blockquote").all_inner_texts()
    answer.locator("a.cite").nth(1).click()
    answer.locator("a.cite").nth(2).click()
    reader.page.go_back()
    assert reader.current() == quotes[1]


def test_copy_takes_quote_and_source_and_link(open_page: Open) -> None:
    reader = open_page(permissions=["clipboard-read", "clipboard-write"])
    answer = reader.ask(QUESTIONS["answer"])
    answer.locator(".do-copy").first.click()
    reader.page.wait_for_function("document.querySelector('.do-copy').textContent === 'Copied'")
    copied = str(reader.run("() => navigator.clipboard.readText()"))
    words, link = copied.split("\n")
    assert words.startswith("“Symptoms of hypomagnesemia can vary")
    assert words.endswith("Can hypomagnesemia cause seizures? › What are the symptoms of low magnesium levels?")
    assert link.startswith(f"{reader.address}/#at-0-")
    answer.locator(".do-link").first.click()
    reader.page.wait_for_function("document.querySelector('.do-link').textContent === 'Link copied'")
    assert reader.run("() => navigator.clipboard.readText()") == link


def test_contents_lead_to_headings(open_page: Open) -> None:
    reader = open_page()
    reader.page.locator(".contents summary").click()
    reader.page.locator(".contents a", has_text="Clinical Observations").click()
    reader.settle()
    assert reader.run("() => document.activeElement.textContent") == "Clinical Observations"
    assert reader.run("() => document.activeElement.getBoundingClientRect().top < innerHeight")
