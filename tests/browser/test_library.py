"""The library in a real browser: read, searched, filtered, printed; open to everyone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from tests.browser.conftest import Served, let_in, start
from tests.program import Program

from shipworthy.cli.main import run
from shipworthy.store.article_file import read_articles

TABLE, PLAIN = "two-reviewers", "when-to-stop"
"""An article with tables, and one with a command that is wide."""


@pytest.fixture(scope="module")
def server(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server over a fresh launch, for all tests of this file."""
    made = tmp_path_factory.mktemp("library") / "launch"
    assert run(["init", str(made)]) == 0
    running = start(program, made)
    yield running
    running.kill()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize(
    "path", ["/library", "/library?search=zzz", f"/library/{TABLE}", f"/library/{PLAIN}"]
)
def test_the_library_is_open_to_everyone(
    browser: Browser, server: Served, path: str, scheme: str, width: int
) -> None:
    """Axe finds nothing, light and dark, narrow and wide, and nothing runs over the edge."""
    size = {"width": width, "height": 900}
    with let_in(browser, server, color_scheme=scheme, viewport=size) as window:
        page = window.new_page()
        page.goto(path)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_reading_on_without_scripts(browser: Browser, server: Served) -> None:
    """Without JavaScript a reader searches, filters, reads, goes on to the next article, and comes back."""
    with let_in(browser, server, java_script_enabled=False) as window:
        page = window.new_page()
        page.goto("/")
        page.get_by_role("link", name="Library").click()
        page.get_by_label("Words that must stand in it").fill("kappa")
        page.get_by_role("button", name="Find").click()
        assert page.locator(".articles a").all_inner_texts()[0] == "Two reviewers, one definition"
        page.get_by_role("link", name="Show all").click()
        assert page.locator(".articles li").count() == len(read_articles())
        page.get_by_label("Step of the path").select_option("Own")
        page.get_by_role("button", name="Find").click()
        assert page.locator(".articles li").count() == 2
        page.get_by_role("link", name="Decide when to stop before you start").click()
        page.locator("[rel=next]").click()
        assert page.locator("h1").inner_text() == "The title follows the responsibility"
        page.get_by_role("link", name="Back to the library").first.click()
        assert page.locator("h1").inner_text() == "Library"


def test_an_article_has_reading_width(browser: Browser, server: Served) -> None:
    """On a wide screen a line of text has 60 to 75 characters or so."""
    with let_in(browser, server, viewport={"width": 1440, "height": 900}) as window:
        page = window.new_page()
        page.goto("/library/how-many")
        paragraph = page.locator(".text p").nth(1)
        box = paragraph.bounding_box()
        assert box is not None
        height = page.evaluate("p => parseFloat(getComputedStyle(p).lineHeight)", paragraph.element_handle())
        characters = len(paragraph.inner_text()) / round(box["height"] / height)
        assert 55 <= characters <= 80


def test_an_article_prints_on_few_pages(browser: Browser, server: Served, tmp_path: Path) -> None:
    """On paper the article stands without navigation, on three pages of A4 at most."""
    from pypdf import PdfReader  # noqa: PLC0415 - only here

    with let_in(browser, server) as window:
        page = window.new_page()
        page.goto(f"/library/{TABLE}")
        page.pdf(path=str(tmp_path / "article.pdf"), format="A4")
    pages = PdfReader(tmp_path / "article.pdf").pages
    text = " ".join(unicodedata.normalize("NFKC", " ".join(one.extract_text() for one in pages)).split())
    assert len(pages) <= 3
    assert "Two reviewers, one definition" in text
    assert "Back to the library" not in text
