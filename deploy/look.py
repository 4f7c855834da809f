"""Ask in a real browser, read what a person would read, and note whatever the page fetched from elsewhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from deploy.errors import SimulationError

SHOWN = "text => document.body.innerText.replace(/\\s+/g, ' ').includes(text)"
PATIENCE = 30_000  # milliseconds
BY_POLICY = "csp"  # the page's own security policy stopped it, so nothing left the browser


def look(address: str, question: str, answer: dict[str, Any], chromium: str) -> list[str]:
    """Type the question, wait for the quote and the disclaimer, return requests that left for other hosts.

    Gradio's script tries to fetch fonts and a header from elsewhere when it runs on a Space; the page's security policy
    stops these before they leave.

    Raises:
        SimulationError: the page does not show what the API answered, or a script on it failed.
    """
    from playwright.sync_api import TimeoutError as Late
    from playwright.sync_api import sync_playwright

    wanted = [" ".join(text.split()) for text in (answer["quotes"][0]["text"], answer.get("disclaimer", "")) if text]
    requests: list[str] = []
    stopped: list[str] = []
    failures: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("requestfailed", lambda request: stopped.append(request.url) if request.failure == BY_POLICY else None)
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(address)
        page.locator("textarea").first.fill(question)
        page.keyboard.press("Enter")
        try:
            for text in wanted:
                page.wait_for_function(SHOWN, arg=text, timeout=PATIENCE)
        except Late as error:
            shown = " ".join(page.inner_text("body").split())[-300:]
            raise SimulationError(f"the page does not show {wanted!r}; it ends with {shown!r}") from error
        finally:
            browser.close()
    if failures:
        raise SimulationError(f"a script on the page failed: {failures[0]}")
    ours = urlsplit(address).netloc
    return [url for url in requests if urlsplit(url).netloc not in ("", ours) and url not in stopped]
