"""Results in a real browser: from the verdict of the sample launch to the outputs behind a number, in two clicks."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Served, let_in

PAGES = (
    "/decide",
    "/claims/1",
    "/outputs?state=failed",
    "/flips",
    "/tradeoff",
    "/measure",
    "/spread",
    "/journal",
    "/memo",
)


@pytest.fixture(scope="module")
def launch(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample launch, locked and run."""
    return Path(shutil.copytree(sample, tmp_path_factory.mktemp("results") / "launch"))


def number_of(text: str) -> int:
    """Return the first number in a text."""
    found = re.search(r"[\d,]+", text)
    assert found is not None
    return int(found[0].replace(",", ""))


def looks(launch: Path) -> int:
    """Return how many looks the ledger has."""
    with sqlite3.connect(launch / ".shipworthy/ledger.db") as ledger:
        return int(ledger.execute("select count(*) from looks").fetchone()[0])


def to_failed_outputs(page: Page) -> int:
    """Go from the verdict to a claim, from the claim to its failed outputs; return how many the claim says."""
    page.goto("/decide")
    failed = page.get_by_role("link", name=re.compile("failed$"))
    page.locator("table.claims tbody tr", has=failed).first.locator("th a").click()
    said = number_of(failed.inner_text())
    failed.click()
    return said


def test_two_clicks_lead_from_the_verdict_to_outputs_and_the_look_is_paid_for_once(
    browser: Browser, served: Callable[..., Served], launch: Path
) -> None:
    """Without JavaScript: rehearsal, its failed outputs, one of them whole; then the look, and the outputs it revealed."""
    with let_in(browser, served(launch), java_script_enabled=False) as window:
        page = window.new_page()
        said = to_failed_outputs(page)
        expect(page.locator(".lead")).to_contain_text(f"{said:,} output{'s' if said != 1 else ''} failed")
        page.locator(".outputs h2 a").first.click()
        expect(page.get_by_role("heading", name="Answered")).to_be_visible()
        assert looks(launch) == 0
        page.goto("/decide")
        page.get_by_role("button", name=re.compile("Open the holdout: this is look 1 of")).click()
        expect(page.locator(".lead")).to_contain_text("look 1 at the holdout")
        page.reload()
        assert looks(launch) == 1
        said = to_failed_outputs(page)
        expect(page.locator(".lead")).to_contain_text("on the holdout")
        expect(page.locator(".lead")).to_contain_text(f"{said:,} output{'s' if said != 1 else ''} failed")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_every_page_of_results_is_open_to_everyone(
    browser: Browser, served: Callable[..., Served], launch: Path, scheme: str, width: int
) -> None:
    """Axe finds nothing on any of them, nothing runs over the edge, and the browser refuses nothing of ours."""
    with let_in(
        browser, served(launch), color_scheme=scheme, viewport={"width": width, "height": 900}
    ) as window:
        page = window.new_page()
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
        for address in PAGES:
            page.goto(address)
            found = Axe().run(page)
            assert found.violations_count == 0, (address, found.generate_report())
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert refused == []
