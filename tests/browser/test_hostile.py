"""Whatever people or articles write is shown as text: nothing runs, nothing is fetched."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open
from tests.web.fake import HOSTILE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
ATTACKS = (
    HOSTILE,
    "<script>window.pwned=1</script>",
    "</h2></div><svg onload=window.pwned=1>",
    "[a](javascript:window.pwned=1) ![x](http://evil.example/x.png)",
    "{{#each this}}{{constructor.constructor 'window.pwned=1'}}{{/each}} `${window.pwned=1}`",
    "# heading\n\n<img src=http://evil.example/a.png>\n\n* item",
    "$$\\href{javascript:window.pwned=1}{x}$$ <details open ontoggle=window.pwned=1>",
    "&lt;img src=x onerror=window.pwned=1&gt; &#60;b&#62;",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_question_is_text(open_page: Open, attack: str) -> None:
    reader = open_page()
    reader.ask(f"magnesium {attack}")
    assert reader.run("() => window.pwned") is None
    assert reader.page.locator("#chat :is(img, script, svg.evil, iframe)").count() == 0
    assert [r for r in reader.requests if "evil" in r or r.endswith("/x")] == []
    shown = str(reader.page.locator(".asked bdi").last.text_content())
    assert shown == f"magnesium {attack}"


def test_a_hostile_article_is_text_everywhere(open_page: Open, hostile_address: str) -> None:
    reader = open_page(at=hostile_address)
    assert reader.page.locator(".welcome .chip").inner_text() == HOSTILE
    assert reader.page.locator("#pane h2").inner_text() == HOSTILE
    answer = reader.ask("magnesium symptom hostile")
    assert HOSTILE.split(" !")[0] in answer.locator("blockquote").first.inner_text()
    answer.locator(".why summary").click()
    answer.locator(".chip").first.click()
    reader.arrived(1)
    assert reader.run("() => window.pwned") is None
    assert reader.page.locator(":is(#pane, #chat, #top) :is(img, script, iframe)").count() == 0
    assert [r for r in reader.requests if "evil" in r or r.endswith("/x")] == []


def test_markup_that_got_through_could_not_run(open_page: Open) -> None:
    """The policy is the second wall: inject what escaping prevents and see it stopped."""
    reader = open_page()
    reader.run(
        """() => { const d = document.createElement('div'); document.body.append(d);
        d.innerHTML = '<img src="data:," onerror="window.pwned=1"><img src="http://evil.example/i.png">';
        const s = document.createElement('script'); s.textContent = 'window.pwned=1'; document.body.append(s); }"""
    )
    reader.settle()
    assert reader.run("() => window.pwned") is None
    refused = [error for error in reader.errors if "Content Security Policy" in error]
    assert len(refused) >= 2
    reader.errors.clear()


def test_right_to_left_questions_stay_in_their_place(open_page: Open) -> None:
    reader = open_page("phone")
    reader.ask("هل نقص المغنيسيوم يسبب النوبات؟ \u202e magnesium")
    assert reader.run("() => document.documentElement.scrollWidth <= innerWidth")
    assert reader.run("() => getComputedStyle(document.querySelector('.asked bdi')).direction") == "rtl"
    assert reader.run("() => getComputedStyle(document.querySelector('.answer .lead')).direction") == "ltr"
