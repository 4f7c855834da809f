"""Widths, zoom, motion, colours and axe-core."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open
from tests.browser.reader import QUESTIONS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
AXE = """async () => {
  const found = await axe.run(document, { resultTypes: ['violations'] });
  return found.violations.map((v) => [v.impact, v.id, v.nodes.map((n) => n.target.join(' ') + ' ' + n.failureSummary)]);
}"""
GRAVE = ("serious", "critical")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_axe_finds_nothing_serious(open_page: Open, axe: str, size: str, scheme: str) -> None:
    reader = open_page(size, color_scheme=scheme, bypass_csp=True)
    reader.run(axe + ";0")
    found = {"empty": reader.run(AXE)}
    for kind, question in QUESTIONS.items():
        answer = reader.ask(question)
        if answer.locator(".why").count():
            answer.locator(".why summary").click()
        found[kind] = reader.run(AXE)
    reader.page.locator("#source summary").click()
    found["source"] = reader.run(AXE)
    reader.page.locator("#source summary").click()
    reader.answers.first.locator("a.cite").first.click()
    reader.settle()
    found["place"] = reader.run(AXE)
    assert {where: [v for v in seen if v[0] in GRAVE] for where, seen in found.items()} == {w: [] for w in found}


@pytest.mark.parametrize("width", [320, 390, 640, 768, 1023, 1024, 1440, 1920, 2560])
def test_no_width_scrolls_sideways(open_page: Open, width: int) -> None:
    reader = open_page((width, 800))
    reader.ask(QUESTIONS["answer"])
    reader.ask("x" * 400)
    assert reader.run("() => document.documentElement.scrollWidth") <= width
    for part in ("#top", "#composer", "#ask", "#box"):
        box = reader.page.locator(part).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width + 1


def test_twice_the_size_still_shows_all(open_page: Open) -> None:
    """200 % on a 1280 by 800 screen is 640 by 400 to the page."""
    reader = open_page((640, 400), device_scale_factor=2)
    answer = reader.ask(QUESTIONS["answer"])
    assert answer.locator("blockquote").first.is_visible()
    assert reader.page.locator("#top .what").is_visible()
    answer.locator("a.cite").first.click()
    reader.settle()
    assert reader.current_is_seen()


def test_what_this_is_and_the_source_stay_in_view(open_page: Open) -> None:
    for size in ("phone", "desktop"):
        reader = open_page(size)
        for _ in range(3):
            reader.ask(QUESTIONS["answer"])
        for part in ("#top .what", "#source .source-line"):
            box = reader.page.locator(part).bounding_box()
            assert box is not None
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= SIZE_OF[size]
        assert "Not a person, and not medical advice" in reader.page.locator("#top .what").inner_text()
        assert "Blog post. Unknown: author, publisher, dates." in reader.page.locator("#source").inner_text()


SIZE_OF = {"phone": 844, "desktop": 800}


def test_less_motion_means_no_gliding(open_page: Open) -> None:
    reader = open_page(reduced_motion="reduce")
    answer = reader.ask(QUESTIONS["answer"])
    answer.locator("a.cite").nth(1).click()
    assert reader.current_is_seen()


def test_dark_is_dark(open_page: Open) -> None:
    reader = open_page(color_scheme="dark")
    assert reader.run("() => getComputedStyle(document.querySelector('#pane')).backgroundColor") == "rgb(27, 30, 34)"
    assert reader.run("() => getComputedStyle(document.querySelector('#pane article')).color") == "rgb(232, 229, 222)"
