"""Failure modes in a real browser: grouped by keyboard and by dragging, split and read again, and without scripts."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Served, let_in
from tests.review_launch import queue_for, recorded_launch

from shipworthy.domain.review import Said
from shipworthy.services.desk import desk_at
from shipworthy.services.save_label import Saving, save_label
from shipworthy.services.taxonomy_state import taxonomy_state

NOTES = (
    "too long",
    "far too long",
    "Too long!",
    "long and dull",
    "names another team",
    "the wrong team",
    "wrong team again",
)
Serve = Callable[..., Served]
PAGES = (
    "/taxonomy",
    "/taxonomy?show=all",
    "/taxonomy/mode/wrong-team",
    "/taxonomy/history",
    "/taxonomy/matrix",
)


@pytest.fixture
def launch(tmp_path: Path) -> Path:
    """Ten outputs that were read, seven of them failing, each with a note."""
    made = recorded_launch(tmp_path / "launch", [f"answer {n}" for n in range(10)])
    queue_for(made)
    with desk_at(made) as desk:
        for position, note in enumerate(NOTES):
            said = Said("fail", note)
            save_label(desk, Saving("first-reading", position, "Ada", said, 0, uuid.uuid4().hex))
        for position in range(len(NOTES), 10):
            save_label(desk, Saving("first-reading", position, "Ada", Said("pass"), 0, uuid.uuid4().hex))
    return made


def counts(folder: Path) -> dict[str, int]:
    """Return how many outputs show each failure mode, from the ledger."""
    with desk_at(folder) as desk:
        return {row.mode.id: row.count.outputs for row in taxonomy_state(desk).rows}


def named(page: Page, mode: str) -> None:
    """Wait until a failure mode stands on the page."""
    expect(page.locator(f'.mode[data-mode="{mode}"]')).to_be_visible()


def test_a_failure_mode_is_made_split_and_read_again_by_keyboard(
    browser: Browser, served: Serve, launch: Path
) -> None:
    """Notes are grouped and named, the mode is split, the outputs that have it are read again, and the counts follow."""
    server = served(launch)
    with let_in(browser, server) as window:
        page = window.new_page()
        page.goto("/")
        page.get_by_label("Your name").fill("Ada")
        page.get_by_role("button", name="Use this name").click()
        page.goto("/taxonomy")
        page.keyboard.press("j")
        page.keyboard.press("g")
        expect(page.locator("#counted")).to_have_text("4 chosen")
        page.keyboard.press("n")
        page.keyboard.type("Too long")
        page.keyboard.press("Enter")
        named(page, "too-long")
        expect(page.locator('.mode[data-mode="too-long"] .rate')).to_have_attribute(
            "aria-label", re.compile(r"^4 of 10 outputs; could be as many as")
        )
        page.get_by_role("link", name="Too long").click()
        page.get_by_label("Part 1").fill("Repeats itself")
        page.get_by_label("Part 2").fill("Off the point")
        page.get_by_role("button", name="Split it").click()
        page.get_by_role("link", name="Read 4 outputs again").click()
        for part in ("Repeats itself", "Repeats itself", "Off the point", "Too long"):
            here = page.locator("#item").get_attribute("data-position")
            page.keyboard.press("f")
            page.keyboard.type("read again")
            for mode in {part, "Too long"} if part != "Too long" else ():  # it is set from before
                key = page.locator(".modes li", has_text=mode).locator("kbd").inner_text()
                page.keyboard.press(f"Control+{key[-1]}")
            page.keyboard.press("Enter")
            page.wait_for_function(
                "here => document.getElementById('item')?.dataset.position !== here", arg=here
            )
        page.wait_for_function(
            "() => Object.keys(sessionStorage).every(key => !JSON.parse(sessionStorage[key]).outbox.length)"
        )
        page.goto("/taxonomy")
        assert page.get_by_text("to read again").count() == 0
    server.kill()
    found = counts(launch)
    assert (found["repeats-itself"], found["off-the-point"], found["too-long"]) == (2, 1, 1)


def test_notes_are_dragged_and_the_drag_is_taken_back(browser: Browser, served: Serve, launch: Path) -> None:
    """A dragged note takes the chosen ones with it; the page says so, and takes it back."""
    server = served(launch)
    with let_in(browser, server) as window:
        page = window.new_page()
        page.goto("/taxonomy")
        page.locator(".note", has_text="names another team").get_by_role("checkbox").check()
        page.locator(".note", has_text="the wrong team").drag_to(
            page.locator('.mode[data-mode="wrong-team"]')
        )
        expect(page.locator(".said")).to_contain_text("gave wrong-team to 2 outputs")
        page.get_by_role("button", name="Take it back").click()
        expect(page.locator(".said")).to_contain_text("took back: gave wrong-team to 2 outputs")
    server.kill()
    assert counts(launch)["wrong-team"] == 0


def test_everything_works_without_scripts(browser: Browser, served: Serve, launch: Path) -> None:
    """With JavaScript off notes are chosen, named, split, merged, linked and taken back."""
    server = served(launch)
    with let_in(browser, server, java_script_enabled=False) as window:
        page = window.new_page()
        page.goto("/taxonomy")
        page.get_by_role("link", name="Choose all 4").click()
        page.get_by_label("Name of the new one").fill("Too long")
        page.get_by_role("button", name="Group them").click()
        named(page, "too-long")
        page.get_by_role("link", name="Too long").click()
        page.get_by_label("Part 1").fill("Repeats itself")
        page.get_by_role("button", name="Split it").click()
        expect(page.locator(".said")).to_contain_text("split too-long into")
        page.goto("/taxonomy/mode/repeats-itself")
        page.get_by_label("Its labels count from then on for").select_option("too-long")
        page.get_by_role("button", name="Merge", exact=True).click()
        page.get_by_role("button", name="Link", exact=True).click()
        expect(page.locator(".said")).to_contain_text("linked too-long to the criterion right")
        page.goto("/taxonomy/history")
        for _ in range(5):
            page.get_by_role("button", name="Take back").first.click()
        expect(page.get_by_role("button", name="Take back")).to_have_count(0)
    server.kill()
    assert counts(launch) == {"invented-policy": 0, "wrong-team": 0}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_pages_are_open_to_everyone(
    browser: Browser, served: Serve, launch: Path, scheme: str, width: int
) -> None:
    """Axe finds nothing on any of the pages, light and dark, narrow and wide, and nothing runs over the edge."""
    with let_in(
        browser, served(launch), color_scheme=scheme, viewport={"width": width, "height": 900}
    ) as window:
        page = window.new_page()
        for url in PAGES:
            page.goto(url)
            found = Axe().run(page)
            assert found.violations_count == 0, (url, found.generate_report())
            assert page.evaluate("document.documentElement.scrollWidth") <= width, url
