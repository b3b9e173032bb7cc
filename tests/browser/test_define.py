"""Frame and Define in a real browser: a criterion from a failure mode, a line, a lock."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.browser.conftest import Served, let_in
from tests.labelling import MODES, give_labels

from shipworthy.domain.review import Said
from shipworthy.services.bring_in import Order, bring_in
from shipworthy.services.opened import opened
from shipworthy.store import journal
from shipworthy.store.read import read_launch

LAUNCH = """\
title: Product descriptions   # ours
goal: Buyers find helpful texts.
candidate: new
variants: {new: {recorded: true}}
slices: {shelf: {by: shelf, shares: {a: 0.5, b: 0.5}, scope: true}}
harm: [{event: a fault is told, who: shop, low: 5, high: 40}]
"""
CRITERIA = """\
# lines of ours
- id: right
  question: Is it right?
  bar: {at_least: 0.8, why: "the old texts reach 61 of 100"}
  hoped_for: 0.95
  scorer: {recorded: passed}
"""
HOSTILE = "<img src=x onerror=alert(1)>"
PAGES = (
    "/frame", "/criteria", "/criteria/new", "/criteria/new?mode=too-long", "/evalset", "/evalset/doctor", "/evalset/grow", "/plan",
)  # fmt: skip

SHAPES: tuple[tuple[Literal["light", "dark"], int], ...] = (
    ("light", 360),
    ("light", 1440),
    ("dark", 360),
    ("dark", 1440),
)


@pytest.fixture
def launch(tmp_path: Path) -> Path:
    """Twenty labelled outputs, of which one is hostile, and a hundred and twenty sealed cases."""
    made = tmp_path / "launch"
    (made / "evalset").mkdir(parents=True)
    for name, text in (("launch.yaml", LAUNCH), ("criteria.yaml", CRITERIA), ("taxonomy.yaml", MODES)):
        (made / name).write_text(text)
    rows = [
        {
            "id": f"c{n}",
            "input": f"product {n}",
            "tags": {"shelf": "ab"[n % 2]},
            "part": "explore" if n < 20 else "holdout",
        }
        for n in range(140)
    ]
    (made / "evalset/cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    lines = [f"c{n},{HOSTILE if n == 0 else f'text {n}'},{int(n > 5)}\n" for n in range(20)]
    (tmp_path / "new.csv").write_text("case,output,passed\n" + "".join(lines))
    bring_in(made, tmp_path / "new.csv", Order(variant="new"))
    said = {f"c{n}": Said("fail", HOSTILE, ("too-long",)) if n < 3 else Said("pass") for n in range(5)}
    give_labels(made, {**said, "c5": Said("defer", "just one line over")})
    return made


def test_the_pages_are_open_to_everyone(
    browser: Browser, served: Callable[..., Served], launch: Path
) -> None:
    """Axe finds nothing, light and dark, narrow and wide; nothing runs over the edge, and nothing of an output is executed."""
    with let_in(browser, served(launch)) as window:
        page = window.new_page()
        spoken: list[str] = []
        page.on("dialog", lambda dialog: spoken.append(dialog.message))
        page.on("requestfailed", lambda request: spoken.append(request.url))
        for address in PAGES:
            page.goto(address)
            for scheme, width in SHAPES:
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 900})
                found = Axe().run(page)
                assert found.violations_count == 0, f"{address} {scheme} {width}: {found.generate_report()}"
                assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert spoken == []


def _write(page: Page) -> None:
    """Write a criterion from a failure mode, as somebody does who has read outputs."""
    page.goto("/criteria")
    page.get_by_role("link", name="Write a criterion for Too long").click()
    page.locator("input[name=fail_output][value=c0]").check()
    page.locator("input[name=borderline_output][value=c5]").check()
    page.locator("#borderline").fill("passes: one line over is read all the same")
    page.get_by_label("At least").fill("9 of 10")
    page.get_by_label("You expect").fill("0.98")
    page.get_by_label("Who draws it there").fill("a good text is short")
    page.get_by_role("combobox", name="Scored by").select_option("recorded")
    page.locator("#scored_by").fill("passed")
    page.get_by_role("button", name="Price it").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_criterion_is_written_from_a_failure_mode_and_the_plan_is_locked(
    browser: Browser, served: Callable[..., Served], launch: Path, scripts: bool
) -> None:
    """Picked, priced, a vague word pointed at, written, locked; files and ledger hold it, with and without JavaScript."""
    with let_in(browser, served(launch), java_script_enabled=scripts) as window:
        page = window.new_page()
        _write(page)
        assert "no_too_long on shelf=a: 60 sealed groups now" in page.locator("#bill").inner_text()
        assert page.locator("mark", has_text="good").count() == 1
        assert page.locator("input[name=fail_output][value=c0]").is_checked()
        page.get_by_label("Who draws it there").fill("buyers leave after ten lines")
        page.get_by_role("button", name="Write it into criteria.yaml").click()
        page.wait_for_url("**/criteria?saved=1*")
        page.get_by_role("link", name="Plan and lock").click()
        page.get_by_role("button", name="Lock this plan and seal 120 cases").click()
        assert page.get_by_role("heading", name="The plan is locked").is_visible()
    made = read_launch(launch).criteria[1]
    assert (made.id, made.fail, made.bar.at_least, made.hoped_for) == ("no_too_long", HOSTILE, 0.9, 0.98)
    assert made.borderline == "text 5\npasses: one line over is read all the same"
    assert (launch / "criteria.yaml").read_text().startswith(CRITERIA)
    with opened(launch) as found, found.ledger.read() as connection:
        ((_, _, body),) = journal.events(connection, "lock")
    assert [criterion["id"] for criterion in body["plan"]["criteria"]] == ["right", "no_too_long"]


def test_two_windows_on_one_brief_lose_nothing(
    browser: Browser, served: Callable[..., Served], launch: Path
) -> None:
    """The second to save is told, keeps what was typed beside what stands there, and saves knowingly."""
    with let_in(browser, served(launch)) as window:
        one, two = window.new_page(), window.new_page()
        for page in (one, two):
            page.goto("/frame")
        one.get_by_label("What is better for whom").fill("Buyers find a text.")
        one.get_by_role("button", name="Save the brief").click()
        two.get_by_label("What is better for whom").fill("Buyers read to the end.")
        two.get_by_label("Who decides").fill("head of shop")
        two.get_by_role("button", name="Save the brief").click()
        assert "What you typed is still here" in two.get_by_role("alert").inner_text()
        assert two.get_by_text("In the file now: Buyers find a text.").is_visible()
        two.get_by_role("button", name="Save the brief").click()
        two.wait_for_url("**/frame?saved=1")
    made = read_launch(launch).launch
    assert (made.goal, made.decision.who) == ("Buyers read to the end.", "head of shop")
    assert "# ours" in (launch / "launch.yaml").read_text()
