"""What somebody at the page does and sees, so that tests read like it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

QUESTIONS = {
    "answer": "What are the symptoms of low magnesium levels?",
    "related": "Is hypomagnesemia common in pregnancy?",
    "not_covered": "How do I bake a pizza with cheese?",
    "personal": "Should I take magnesium supplements for my seizures?",
    "emergency": "My son is having a seizure now and is unconscious",
    "smalltalk": "hello",
    "invalid": "   ",
}


class Reader:
    """A person at the page."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append(f"{request.method} {request.url}"))
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error":
            self.errors.append(text)

    def go(self, path: str = "/") -> None:
        self.page.goto(self.address + path)
        self.page.wait_for_selector("body.ready")

    @property
    def box(self) -> Locator:
        return self.page.locator("#box textarea")

    @property
    def answers(self) -> Locator:
        return self.page.locator("#chat .answer")

    def ask(self, question: str) -> Locator:
        """Type a question, press Enter, and get the new answer."""
        before = self.answers.count()
        self.box.fill(question)
        self.box.press("Enter")
        return self.arrived(before)

    def arrived(self, before: int) -> Locator:
        self.page.wait_for_function("n => document.querySelectorAll('#chat .answer').length > n", arg=before)
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return self.answers.last

    def settle(self) -> None:
        """Wait until nothing scrolls or slides any more."""
        self.page.wait_for_timeout(500)

    def run(self, script: str, argument: Any = None) -> Any:
        return self.page.evaluate(script, argument)

    def marked(self) -> list[str]:
        return list(self.run("() => [...document.querySelectorAll('.s.marked')].map((s) => s.textContent)"))

    def current(self) -> str:
        return " ".join(self.run("() => [...document.querySelectorAll('.s.current')].map((s) => s.textContent)"))

    def current_is_seen(self) -> bool:
        """The sentence marked strongest is on screen, inside the pane and not under anything."""
        return bool(
            self.run(
                """() => {
                  const s = document.querySelector('.s.current');
                  if (!s) return false;
                  const r = s.getClientRects()[0];
                  const [x, y] = [r.left + r.width / 2, r.top + r.height / 2];
                  const top = document.elementFromPoint(x, y);
                  return y > 0 && y < innerHeight && x < innerWidth && (top === s || s.contains(top));
                }"""
            )
        )

    def focused(self) -> str:
        """What has the keyboard, as `id` or class or tag."""
        return str(self.run("() => { const e = document.activeElement; return e.id || e.className || e.tagName; }"))
