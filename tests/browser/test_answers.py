"""Every kind of answer, on a phone and on a wide screen."""

from __future__ import annotations

import pytest

from retrieval import texts
from tests.browser.conftest import Open
from tests.browser.reader import QUESTIONS
from tests.web.fake import DISCLAIMER

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
HEALTH = ("answer", "related", "not_covered", "personal", "emergency")
LABELS = {
    "related": "Nearest in the article",
    "not_covered": "Not in the article",
    "personal": "Ask a professional",
    "emergency": "This may be an emergency",
    "invalid": "Please check your question",
}


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_each_kind_has_its_look_label_and_disclaimer(open_page: Open, size: str) -> None:
    reader = open_page(size)
    for kind, question in QUESTIONS.items():
        answer = reader.ask(question)
        assert f"kind-{kind}" in str(answer.get_attribute("class"))
        label = answer.locator(".label")
        assert (label.inner_text() if label.count() else None) == LABELS.get(kind)
        assert (answer.locator(".disclaimer").count() == 1) == (kind in HEALTH)
        if kind in HEALTH:
            assert answer.locator(".disclaimer").inner_text() == DISCLAIMER
        assert (answer.locator(".quote").count() > 0) == (kind in ("answer", "related", "personal"))


def test_the_quote_and_its_heading_are_shown(open_page: Open) -> None:
    answer = open_page().ask(QUESTIONS["answer"])
    assert answer.locator("blockquote").first.inner_text().startswith("Symptoms of hypomagnesemia can vary but may")
    assert answer.locator(".quote-place").first.inner_text() == "What are the symptoms of low magnesium levels?"
    assert answer.locator(".lead").all_inner_texts() == ["The article says:"]


def test_not_covered_names_the_words_and_offers_what_is(open_page: Open) -> None:
    reader = open_page()
    answer = reader.ask(QUESTIONS["not_covered"])
    assert answer.locator(".lead").all_inner_texts() == [texts.not_covered(["bake", "pizza", "cheese"])]
    before = reader.answers.count()
    answer.locator(".chip").first.click()
    assert "kind-answer" in str(reader.arrived(before).get_attribute("class"))


def test_an_emergency_begins_with_the_call(open_page: Open) -> None:
    reader = open_page("phone")
    answer = reader.ask(QUESTIONS["emergency"])
    assert answer.inner_text().startswith("Call 112, 911 or 999 now")
    calls = [link.get_attribute("href") for link in answer.locator("a.call").all()]
    assert calls == ["tel:112", "tel:911", "tel:999"]
    assert str(reader.page.locator("#alarm").text_content()).startswith("Call 112, 911 or 999 now.")


def test_why_this_is_folded_and_says_it_in_words(open_page: Open) -> None:
    answer = open_page().ask(QUESTIONS["answer"])
    why = answer.locator(".why")
    assert not why.locator(".sources").is_visible()
    why.locator("summary").click()
    assert why.locator(".certainty").inner_text().endswith("Very sure that the article speaks of this.")
    assert why.locator(".strength").all_inner_texts()[0] == "strong word match"
    assert "symptoms" in [word.lower() for word in why.locator("u").all_inner_texts()]
    assert "0." not in why.inner_text()


def test_the_answer_is_announced_once_in_words(open_page: Open) -> None:
    reader = open_page()
    reader.ask(QUESTIONS["answer"])
    said = str(reader.page.locator("#say").text_content())
    assert said.startswith("The article says: Quote 1: Symptoms of hypomagnesemia can vary")
    assert said.endswith(DISCLAIMER)
    assert reader.page.locator("#chat [role=log]").get_attribute("aria-live") == "off"
    assert reader.page.locator("#chat [data-testid][aria-label]").count() == 0


def test_mended_spelling_is_told(open_page: Open) -> None:
    answer = open_page().ask("what is hypomagnasemia")
    assert answer.locator(".searched").inner_text() == "Searched for: hypomagnesemia"
