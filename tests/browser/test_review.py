"""The review screen in a real browser: by keyboard, through reloads, dropped replies, a killed server, and without scripts."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Route, expect
from tests.browser.conftest import Served, free_port, let_in
from tests.browser.reader import Reader
from tests.payloads import HOSTILE
from tests.review_launch import labels_in, queue_for, recorded_launch

SCREEN = "/review/first-reading"
ANSWERS = (
    "Your parcel left on Monday.", "# Refund\n\nWe pay it **back**.", '{"team": "returns"}', "id,name,team\n1,Ada,a\n2,Bo,b",
    '[{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]',
)  # fmt: skip
Serve = Callable[..., Served]


@pytest.fixture
def launch(tmp_path: Path) -> Path:
    """Sixty recorded outputs of five shapes, all in the first reading."""
    made = recorded_launch(tmp_path / "launch", [ANSWERS[i % 5] for i in range(60)])
    queue_for(made)
    return made


def test_fifty_by_keyboard_alone(browser: Browser, served: Serve, launch: Path) -> None:
    """Fifty outputs are labelled with one key a pass, through a reload and three undos, and the ledger has all of it."""
    server = served(launch)
    meant: dict[int, tuple[str, str]] = {}
    with let_in(browser, server) as window:
        page = window.new_page()
        page.goto(SCREEN)
        reader = Reader(page)
        for step in range(50):
            if step % 5 == 4:
                meant[reader.fails(f"wrong {step}")] = ("fail", f"wrong {step}")
            else:
                meant[reader.passes()] = ("pass", "")
            if step == 24:
                page.reload()
        for _ in range(3):
            del meant[reader.undoes()]
        for _ in range(3):
            meant[reader.fails("on second thought")] = ("fail", "on second thought")
        reader.saved()
    server.kill()
    assert {number: (row.state, row.note) for number, row in labels_in(launch).items()} == meant
    assert len(meant) == 50
    assert statistics.median(reader.presses) <= 1


def test_a_queue_ends(browser: Browser, served: Serve, tmp_path: Path) -> None:
    """After the last output the queue says that it is done, and how it went."""
    made = recorded_launch(tmp_path / "launch", ANSWERS)
    queue_for(made)
    with let_in(browser, served(made)) as window:
        page = window.new_page()
        page.goto(SCREEN)
        reader = Reader(page)
        for _ in range(4):
            reader.passes()
        page.keyboard.press("d")
        expect(page.get_by_role("heading", level=1)).to_have_text("All read but what you put off")
        page.get_by_role("link", name="Output 5").click()
        expect(page.locator(".with-script")).to_be_visible()
        page.keyboard.press("p")
        expect(page.get_by_role("heading", level=1)).to_have_text("This queue is done")


def test_the_note_takes_keys_and_ctrl_works_inside_it(browser: Browser, served: Serve, launch: Path) -> None:
    """In the note letters are letters; with Ctrl they are the keys of the screen; Escape leaves, and what is written stays."""
    server = served(launch)
    with let_in(browser, server) as window:
        page = window.new_page()
        page.goto(SCREEN)
        reader = Reader(page)
        page.keyboard.press("f")
        page.keyboard.type("pud 12?")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("more")
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        expect(page.locator("#item")).to_have_attribute("data-position", "2")
        page.keyboard.press("k")
        expect(page.locator("#note")).to_have_value("pud 12?\nmore")
        page.locator("#note").focus()
        page.keyboard.press("Control+p")
        expect(page.locator("#item")).to_have_attribute("data-position", "2")
        reader.saved()
    server.kill()
    assert [(row.state, row.note) for row in labels_in(launch).values()] == [("pass", "pud 12?\nmore")]


def test_failure_modes_come_after_the_first_reading(browser: Browser, served: Serve, launch: Path) -> None:
    """No list of failures is shown at first; once an output is labelled, number keys name how it fails."""
    server = served(launch)
    with let_in(browser, server) as window:
        page = window.new_page()
        page.goto(SCREEN)
        reader = Reader(page)
        expect(page.get_by_text("invents a policy")).to_have_count(0)
        page.keyboard.press("3")
        expect(page.locator("#status")).to_contain_text("after the first reading")
        reader.fails("states a rule")
        reader.saved()
        page.keyboard.press("k")
        expect(page.get_by_label("invents a policy")).to_be_visible()
        page.keyboard.press("3")
        page.keyboard.press("4")
        page.keyboard.press("4")
        page.keyboard.press("Enter")
        expect(page.locator("#item")).not_to_have_attribute("data-position", "1")
        reader.saved()
    server.kill()
    assert labels_in(launch)[1].said.modes == ("invented-policy",)


def test_two_tabs_lose_nothing(browser: Browser, served: Serve, launch: Path) -> None:
    """A save from a tab that read an older label is told politely, with both values, and nothing is overwritten unasked."""
    server = served(launch)
    with let_in(browser, server) as window:
        first, second = window.new_page(), window.new_page()
        first.goto(f"{SCREEN}/1")
        second.goto(f"{SCREEN}/1")
        Reader(first).fails("no date")
        Reader(first).saved()
        second.keyboard.press("p")
        told = second.locator("#differences")
        expect(told).to_contain_text(
            "Output 1 was labelled in the meantime. It holds: fails no date. You were about to save: passes"
        )
        second.reload()
        expect(told).to_contain_text("It holds: fails no date")
        assert labels_in_while(server, launch)[1] == ("fail", "no date")
        told.get_by_role("button", name="Save mine").click()
        Reader(second).saved()
    server.kill()
    assert labels_in(launch)[1].state == "pass"


def test_a_second_thought_before_the_first_is_saved(browser: Browser, served: Serve, launch: Path) -> None:
    """Going back and labelling again before the first label was acknowledged is no difference with oneself."""
    server = served(launch)
    with let_in(browser, server) as window:
        page = window.new_page()
        page.goto(SCREEN)
        page.wait_for_load_state("networkidle")
        page.route("**/first-reading/1", lambda route: (page.wait_for_timeout(600), route.continue_()))
        page.keyboard.press("p")
        page.keyboard.press("k")
        expect(page.locator("#item")).to_have_attribute("data-position", "1")
        page.keyboard.press("f")
        page.keyboard.type("no, it fails")
        page.keyboard.press("Enter")
        Reader(page).saved()
        expect(page.locator("#differences")).to_be_hidden()
    server.kill()
    row = labels_in(launch)[1]
    assert (row.state, row.note, row.version) == ("fail", "no, it fails", 2)


def labels_in_while(_server: Served, folder: Path) -> dict[int, tuple[str, str]]:
    """Return what the ledger holds while the server runs."""
    return {number: (row.state, row.note) for number, row in labels_in(folder).items()}


def test_a_fifth_of_the_replies_is_dropped(browser: Browser, served: Serve, launch: Path) -> None:
    """With one in five requests or replies lost, every label arrives once, in the end."""
    chance = random.Random(1)
    dropped = []

    def lossy(route: Route) -> None:
        """Lose the request, or let the server do it and lose the reply."""
        what = chance.random()
        if route.request.method != "POST" or what > 0.2:
            route.continue_()
            return
        if what < 0.1:
            route.fetch()
        dropped.append(what)
        route.abort()

    server = served(launch)
    meant = {}
    with let_in(browser, server) as window:
        page = window.new_page()
        page.route("**/review/**", lossy)
        page.goto(SCREEN)
        reader = Reader(page)
        for step in range(30):
            if step % 3 == 2:
                meant[reader.fails(f"n{step}")] = ("fail", f"n{step}")
            else:
                meant[reader.passes()] = ("pass", "")
        reader.saved()
    server.kill()
    assert len(dropped) >= 3
    assert any(what < 0.1 for what in dropped)
    found = labels_in(launch)
    assert {number: (row.state, row.note) for number, row in found.items()} == meant
    assert {row.version for row in found.values()} == {1}


def test_the_server_is_killed_midway(browser: Browser, served: Serve, launch: Path) -> None:
    """The server is killed while somebody labels; what was not saved stays in the tab, through a reload, and arrives."""
    port = free_port()
    server = served(launch, port=port)
    meant = {}
    with let_in(browser, server) as window:
        page = window.new_page()
        page.goto(SCREEN)
        reader = Reader(page)
        for _ in range(8):
            meant[reader.passes()] = ("pass", "")
        page.wait_for_load_state("networkidle")
        server.kill()
        for step in range(3):
            meant[reader.fails(f"while it was away {step}")] = ("fail", f"while it was away {step}")
        page.locator("#note").fill("half a sentence")
        expect(page.locator("#status")).to_contain_text("not saved yet")
        here = reader.number
        again = served(launch, port=port)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{SCREEN}/{here}")
        expect(page.locator("#note")).to_have_value("half a sentence")
        reader.saved()
    again.kill()
    assert {number: (row.state, row.note) for number, row in labels_in(launch).items()} == meant


def test_without_scripts(browser: Browser, served: Serve, launch: Path) -> None:
    """Without JavaScript one press is verdict, save and next; note, undo, go to and find work by forms."""
    server = served(launch)
    with let_in(browser, server, java_script_enabled=False) as window:
        page = window.new_page()
        page.goto(SCREEN)
        title = page.get_by_role("heading", level=1)
        page.get_by_role("button", name="Pass").click()
        expect(title).to_have_text("Output 2 of 60")
        page.get_by_label("What went wrong first?").fill("no date")
        page.get_by_role("button", name="Fail").click()
        expect(title).to_have_text("Output 3 of 60")
        page.get_by_role("button", name="Pass").click()
        expect(title).to_have_text("Output 4 of 60")
        page.get_by_role("button", name="undo").click()
        expect(title).to_have_text("Output 3 of 60")
        page.get_by_label("go to").fill("2")
        page.get_by_role("button", name="Go").click()
        expect(page.get_by_label("What went wrong first?")).to_have_value("no date")
        page.get_by_role("button", name="Show what others said").click()
        expect(page.get_by_text("zebra")).to_be_visible()
        page.get_by_label("find").fill("refund")
        page.get_by_role("button", name="Find").click()
        expect(title).to_have_text("12 outputs found")
    server.kill()
    assert {number: row.state for number, row in labels_in(launch).items()} == {1: "pass", 2: "fail"}


@pytest.mark.campaign
def test_nothing_hostile_runs(browser: Browser, served: Serve, tmp_path: Path) -> None:
    """Hostile text as input and as output of every case opens no dialog, asks no other host and breaks no page."""
    storable = [
        text
        for text in HOSTILE
        if text.encode("utf-8", "ignore") == text.encode("utf-8", "replace") and len(text) < 3_000
    ]
    made = recorded_launch(
        tmp_path / "launch", storable, inputs=storable, expected="<img src=x onerror=alert(1)>"
    )
    queue_for(made, n=len(storable))
    server = served(made)
    seen: list[str] = []
    with let_in(browser, server) as window:
        page = window.new_page()
        page.on("dialog", lambda dialog: (seen.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: seen.append(f"error {error}"))
        window.on(
            "request", lambda asked: seen.append(asked.url) if not asked.url.startswith(server.url) else None
        )
        page.goto(SCREEN)
        for number in range(1, len(storable) + 1):
            expect(page.locator("#item")).to_have_attribute("data-position", str(number))
            assert page.locator("#verdict button").count() == 3
            page.keyboard.press(" ")
            page.keyboard.press("j")
        assert page.locator("script").count() == 1
    assert seen == []
    assert len(storable) > 150


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_pages_are_open_to_everyone(
    browser: Browser, served: Serve, launch: Path, scheme: str, width: int
) -> None:
    """Axe finds nothing on any page of the review, light and dark, narrow and wide, and nothing runs over the edge."""
    queue_for(launch, "shared", n=4, overlap=1.0, seed=3)
    with let_in(
        browser, served(launch), color_scheme=scheme, viewport={"width": width, "height": 900}
    ) as window:
        page = window.new_page()
        visited = [f"{SCREEN}/{number}" for number in (1, 2, 3, 4, 5)]
        for at in [
            "/review",
            *visited,
            f"{SCREEN}?find=refund",
            f"{SCREEN}/agreement",
            f"{SCREEN}/differences",
            "/review/shared/1",
        ]:
            page.goto(at)
            if at == visited[0]:
                page.keyboard.press("?")
            found = Axe().run(page)
            assert found.violations_count == 0, (at, found.generate_report())
            assert page.evaluate("document.documentElement.scrollWidth") <= width, at


@pytest.mark.campaign
def test_the_next_output_is_painted_at_once(browser: Browser, served: Serve, tmp_path: Path) -> None:
    """With 100,000 outputs in the ledger and in the queue, the next one is painted within 100 ms of the key."""
    made = recorded_launch(tmp_path / "launch", [ANSWERS[i % 5] for i in range(50_000)])
    queue_for(made, n=100_000, variants=["zebra", "yak"])
    with let_in(browser, served(made)) as window:
        page = window.new_page()
        page.goto(SCREEN)
        page.wait_for_timeout(2000)
        reader = Reader(page)
        for _ in range(50):
            reader.passes()
            page.wait_for_timeout(200)
        took = page.evaluate("performance.getEntriesByName('next output painted').map(each => each.duration)")
    assert len(took) == 50
    assert statistics.median(took) < 100
    assert sorted(took)[47] < 100
