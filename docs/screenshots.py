"""The README's pictures, taken from the running product: `make screenshots`."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = Path("/usr/bin/chromium")
QUESTION = "What are the symptoms of low magnesium levels?"
PICTURES = {"page.png": (1280, 800, "light"), "phone.png": (390, 844, "dark")}
COLOURS = 128  # keeps the files small; the page has few


def main() -> None:
    """Serve, ask one question at each size, save."""
    environment = {**os.environ, "ASK_PORT": "0"}
    with subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            address = _address(server)
            with sync_playwright() as playwright:
                path = str(CHROMIUM) if CHROMIUM.exists() else None
                browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
                for name in PICTURES:
                    _take(browser, address, name)
                browser.close()
        finally:
            server.terminate()


def _address(server: subprocess.Popen[str]) -> str:
    """The address is in the last line the server prints before it serves."""
    for line in server.stdout or ():
        if "http://" in line:
            return line[line.index("http://") :].strip()
    sys.exit("app.py ended before it served")


def _take(browser: Browser, address: str, name: str) -> None:
    width, height, scheme = PICTURES[name]
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page.goto(address)
    page.wait_for_selector("body.ready")
    page.fill("#box textarea", QUESTION)
    page.press("#box textarea", "Enter")
    page.wait_for_selector("#chat .answer")
    page.wait_for_timeout(800)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)
    picture.save(ROOT / "docs" / name, optimize=True)
    page.close()


if __name__ == "__main__":
    main()
