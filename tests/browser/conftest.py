"""A Chromium, servers over the fake Answerer, and pages at several sizes."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from corpus.common.settings import ROOT
from tests.browser.reader import Reader
from tests.web.serving import served

AXE = ROOT / "data" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
AXE_VERSION = "4.14.1"
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
)
SIZES = {"phone": (390, 844), "desktop": (1280, 800)}

Open = Callable[..., Reader]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with served() as where:
        yield where


@pytest.fixture(scope="session")
def hostile_address() -> Iterator[str]:
    with served("hostile") as where:
        yield where


@pytest.fixture(scope="session")
def feedback_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("feedback")


@pytest.fixture(scope="session")
def feedback_address(feedback_folder: Path) -> Iterator[str]:
    with served(ASK_FEEDBACK=str(feedback_folder)) as where:
        yield where


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Open]:
    """Open the page; whatever a page logs as an error fails the test when it ends."""
    opened: list[Reader] = []

    def open_(size: str | tuple[int, int] = "desktop", at: str = address, path: str = "/", **options: object) -> Reader:
        width, height = SIZES[size] if isinstance(size, str) else size
        context = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        page: Page = context.new_page()
        reader = Reader(page, at)
        opened.append(reader)
        reader.go(path)
        return reader

    yield open_
    for reader in opened:
        reader.page.context.close()
    errors = [error for reader in opened for error in reader.errors]
    assert errors == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, installed once into data/, never committed."""
    if not AXE.exists():
        folder = AXE.parents[2]
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), f"axe-core@{AXE_VERSION}"]
        subprocess.run(command, check=True, capture_output=True)
    return AXE.read_text(encoding="utf-8")
