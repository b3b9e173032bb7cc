"""Every page in a real browser: open to everyone, light and dark, narrow and wide, and complete without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.browser.conftest import Served, let_in, start
from tests.crawl import Reached, missed, reach
from tests.everything import everything
from tests.program import Program
from tests.results import served as app_over

Scheme = Literal["light", "dark"]
DARK_AND_NARROW: tuple[Scheme, int] = ("dark", 360)
THE_OTHERS: tuple[tuple[Scheme, int], ...] = (("light", 1440), ("dark", 1440), ("light", 360))
NO_PAGES = ("/review/{queue}/ahead", "/review/{queue}/edge", "/review/{queue}/{number}/text", "/memo/{name}")
"""Parts and files that are no page of ours to look at; the memo has tests of its own."""


@pytest.fixture(scope="module")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A launch with something on every page; what belongs to a person stays out of the real home."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("home")))
        yield everything(tmp_path_factory.mktemp("every") / "launch")


@pytest.fixture(scope="module")
def server(program: Program, launch: Path) -> Iterator[Served]:
    """A server over it, for all tests of this file."""
    running = start(program, launch)
    yield running
    running.kill()


@pytest.fixture(scope="module")
def addresses(launch: Path) -> list[str]:
    """One address of every kind of page, found by following links from the start."""
    with ThreadPoolExecutor(1) as apart:  # the browser's driver keeps a loop running in this thread
        reached = apart.submit(_reached, launch).result()
    found = [
        each.address
        for each in reached
        if each.route not in NO_PAGES and each.reply.status == 200 and "keep=1" not in each.address and "part=1" not in each.address
    ]  # fmt: skip
    assert len(found) > 40
    return found


def _reached(launch: Path) -> list[Reached]:
    app, kept = app_over(launch)
    found = reach(app, each=1)
    kept.close()
    assert missed(app, found) == set()
    return found


SIDEWAYS = """() => Array.from(document.querySelectorAll(".scroll:has(.cards)")).filter((each) => each.scrollWidth > each.clientWidth)
    .map((each) => each.getAttribute("aria-label"))"""
"""Tables that are cards where there is no room for columns, and have to be scrolled all the same."""


def faults_of(page: Page, address: str, width: int) -> list[str]:
    """Return what axe finds on a page, whether it runs over the edge, and which cards have to be scrolled sideways."""
    found = Axe().run(page)
    faults = [
        f"{address} {width}: {each['id']} {each['nodes'][0]['html'][:200]}"
        for each in found.response["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    faults += [f"{address} {width}: {each} scrolls sideways" for each in page.evaluate(SIDEWAYS)]
    return [*faults, *([f"{address}: {wide} of {width} pixels"] if wide > width else [])]  # fmt: skip


@pytest.mark.campaign
@pytest.mark.parametrize(("scheme", "width"), [DARK_AND_NARROW, *THE_OTHERS])
def test_every_page_is_open_to_everyone(
    browser: Browser, server: Served, addresses: list[str], scheme: Scheme, width: int
) -> None:
    """Axe finds nothing on any page, nothing runs over the edge, the browser refuses nothing of ours, no page fails."""
    with let_in(browser, server, color_scheme=scheme, viewport={"width": width, "height": 900}) as window:
        page = window.new_page()
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        for address in addresses:
            page.goto(address)
            faults += faults_of(page, address, width)
        assert faults == []


@pytest.mark.campaign
def test_every_page_is_complete_without_scripts(
    browser: Browser, server: Served, addresses: list[str]
) -> None:
    """Without JavaScript each page has its heading and its words, and no button stands outside a form."""
    with let_in(browser, server, java_script_enabled=False) as window:
        page = window.new_page()
        for address in addresses:
            reply = page.goto(address)
            assert reply is not None
            assert reply.status == 200, address
            assert page.locator("h1, h2").first.is_visible(), address
            outside = page.locator("main button:not(form button):not([form])").filter(visible=True)
            assert outside.count() == 0, (address, outside.first.inner_text())


def test_the_main_forms_work_without_scripts(browser: Browser, server: Served, launch: Path) -> None:
    """Brief, theme, label, failure mode, challenge: each is filled in, sent and shown again, without JavaScript."""
    with let_in(browser, server, java_script_enabled=False) as window:
        page = window.new_page()
        page.goto("/frame")
        page.get_by_label("If nothing is built").fill("people go on choosing")
        page.get_by_role("button", name="Save the brief").click()
        assert "people go on choosing" in (launch / "launch.yaml").read_text()
        page.goto("/themes")
        page.locator("form:has-text('Add it') [name=name]").fill("Tracking")
        page.get_by_role("button", name="Add it").click()
        assert "Tracking" in (launch / "taxonomy.yaml").read_text()
        page.goto("/review/first-reading")
        here = page.url
        page.locator("button[name=state][value=pass]").first.click()
        assert page.url != here
        page.goto("/outputs")
        page.locator("main select[name=state]").select_option("failed")
        page.locator("main form button").first.click()
        assert "state=failed" in page.url
        page.goto("/taxonomy/mode/rude")
        for summary in page.locator("main summary").all():
            summary.click()
        page.locator("#name").fill("Rude words")
        page.get_by_role("button", name="Save", exact=True).click()
        assert "Rude words" in (launch / "taxonomy.yaml").read_text()
