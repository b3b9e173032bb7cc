"""The start page in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from tests.browser.conftest import Served, let_in

from shipworthy.cli.main import run


@pytest.fixture(scope="module")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh launch as `init` makes it."""
    made = tmp_path_factory.mktemp("start") / "launch"
    assert run(["init", str(made)]) == 0
    return made


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_start_page_is_open_to_everyone(
    browser: Browser, served: Callable[..., Served], launch: Path, scheme: str, width: int
) -> None:
    """Axe finds nothing on the start page, light and dark, narrow and wide, and nothing runs over the edge."""
    size = {"width": width, "height": 900}
    with let_in(browser, served(launch), color_scheme=scheme, viewport=size) as window:
        page = window.new_page()
        page.goto("/")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_name_is_remembered_without_scripts(
    browser: Browser, served: Callable[..., Served], launch: Path
) -> None:
    """Without JavaScript a reviewer says her name, and every page shows it."""
    with let_in(browser, served(launch), java_script_enabled=False) as window:
        page = window.new_page()
        page.goto("/")
        page.get_by_label("Your name").fill("Ada")
        page.get_by_role("button", name="Use this name").click()
        assert page.locator(".who").inner_text() == "Ada"
