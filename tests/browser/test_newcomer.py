"""A newcomer's whole way in one browser, on one launch folder: read, name, listen, define, lock, decide, defend.

What pages can do is done on pages. Running the variants and writing the memo are commands, and are the real ones.
"""

from __future__ import annotations

import json
import re
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Served, let_in
from tests.browser.reader import Reader
from tests.browser.test_interviews import select

from shipworthy.services.listening import listening
from shipworthy.store.read import read_launch

NAME = "Ada"
UNDONE = 3
LONG = 6
"""Sentences from which on a draft says three rules."""
WORDS = {2: "says two rules where one was asked for", 3: "says three rules where one was asked for"}
PARTS = {2: "Two rules", 3: "Three rules"}
MODE, CRITERION = "Several rules", "no_three_rules"
SPOKEN = "I read the first line and skipped the rest"
TALK = f"""WEBVTT

00:01.000 --> 00:04.000
<v Ann>When did you last write to the shop?

00:04.500 --> 00:09.000
<v Maria Lopez>On Tuesday, about a vase. {SPOKEN}.
"""
Serve = Callable[..., Served]


def ship(*words: object) -> str:
    """Call the command line as a newcomer does; return what it printed."""
    command = [sys.executable, "-m", "shipworthy", *map(str, words)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode in (0, 10, 11, 12), (words, done.stderr)
    return done.stdout


@dataclass
class Meant:
    """What the newcomer did, to hold the ledger against.

    Attributes:
        first: the verdict and the note of each case read in the first queue, as they stood at its end.
        again: the part of the failure mode that each case was given when it was read again.
        rows: how many rows of labels this takes: an undo, a name given to a note, a second reading are one more each.
    """

    first: dict[str, tuple[str, str]] = field(default_factory=dict)
    again: dict[str, str] = field(default_factory=dict)
    rows: int = 0


class Ledger:
    """The newcomer's ledger, read with nothing of the product: SQL on the file.

    Args:
        folder: the launch.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / ".shipworthy/ledger.db"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True) as found:
            return found.execute(query).fetchall()

    def events(self, verb: str) -> list[dict[str, Any]]:
        """Return the journal's events of a kind, in their order."""
        found = self.rows(f"select body from journal where verb = '{verb}' order by seq")
        return [json.loads(body) for (body,) in found]


@pytest.fixture
def folder(tmp_path: Path, each: int) -> Path:
    """The sample launch as `init` makes it, or each so-manieth of its messages, with both variants' answers to its open cases."""
    made = tmp_path / "launch"
    ship("init", made, "--from", "sample")
    for path in (made / "evalset").glob("*.jsonl"):
        path.write_text(
            "".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[::each]), encoding="utf-8"
        )
    for variant in ("rules", "retrieval"):
        ship("run", made, "--trust", "--variant", variant)
    return made


def rules_in(page: Page) -> int:
    """Return how many rules a draft says, as a reader sees it: each is two sentences or so."""
    sentences = len(re.findall(r"[.!?](?:\s|$)", page.locator("#output").inner_text()))
    return 3 if sentences >= LONG else 2 if sentences > 2 else 1


def by_tab(page: Page, button: str) -> None:
    """Go to a button with the Tab key alone, and press it with Enter."""
    wanted = page.get_by_role("button", name=button)
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each === document.activeElement"):
            page.keyboard.press("Enter")
            return
    pytest.fail(f"no Tab leads to {button}")


def read_one(reader: Reader, meant: Meant) -> None:
    """Read what is there and say what it is: one rule passes, more fail, with a note."""
    case, rules = reader.page.locator(".stage-head code").inner_text(), rules_in(reader.page)
    if rules == 1:
        reader.passes()
    else:
        reader.fails(WORDS[rules])
    meant.first[case] = ("pass", "") if rules == 1 else ("fail", WORDS[rules])
    meant.rows += 1


def reads(page: Page, meant: Meant, n: int) -> list[int]:
    """Label outputs by keyboard alone, with a reload midway and three undos; return the presses that a pass took."""
    page.goto("/review")
    by_tab(page, "Read 100 outputs, drawn at random")
    expect(page.locator("#item")).to_have_attribute("data-position", "1")
    reader = Reader(page)
    while len(meant.first) < n // 2:
        read_one(reader, meant)
    reader.saved()
    page.goto("/review/first-reading")
    expect(page.locator("#item")).to_have_attribute("data-position", str(n // 2 + 1))
    page.reload()
    while len(meant.first) < n:
        read_one(reader, meant)
    for _ in range(UNDONE):
        reader.undoes()
        del meant.first[page.locator(".stage-head code").inner_text()]
        meant.rows += 1
    expect(page.locator("#item")).to_have_attribute("data-position", str(n - UNDONE + 1))
    while len(meant.first) < n:
        read_one(reader, meant)
    reader.saved()
    return reader.presses


def names_and_splits(page: Page, meant: Meant) -> None:
    """Group the notes under one name by keyboard, split it, and read its outputs again."""
    page.goto("/taxonomy")
    failed = [case for case, (state, _) in meant.first.items() if state == "fail"]
    for _ in failed:
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator("#counted")).to_have_text(f"{len(failed)} chosen")
    page.keyboard.press("n")
    page.keyboard.type(MODE)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=MODE, exact=True).click()
    meant.rows += len(failed)
    for number, part in PARTS.items():
        page.get_by_label(f"Part {number - 1}").fill(part)
    page.get_by_label(f"{MODE} stays, for the rest").uncheck()
    page.get_by_role("button", name="Split it").click()
    page.get_by_role("link", name=f"Read {len(failed)} outputs again").click()
    reader = Reader(page)
    for _ in failed:
        case, part = page.locator(".stage-head code").inner_text(), PARTS[rules_in(page)]
        here = reader.number
        for mode in (part, MODE):  # the old one is set from before
            page.keyboard.press(page.locator(".modes li", has_text=mode).locator("kbd").inner_text())
        page.keyboard.press("Enter")
        reader.moved(here)
        meant.again[case] = part
        meant.rows += 1
    reader.saved()


def listens(page: Page, folder: Path) -> None:
    """Bring an interview in, replace its names, and code what somebody did."""
    talk = folder.parent / "talk.vtt"
    talk.write_text(TALK, encoding="utf-8")
    page.goto("/interviews")
    page.get_by_label("Transcript", exact=True).set_input_files(talk)
    page.get_by_label("Who asks").fill("Ann")
    page.get_by_label("They agreed").check()
    page.get_by_label("quote inside the team").check()
    page.get_by_role("button", name="Bring it in").click()
    page.get_by_label("Instead of Maria Lopez").fill("P1")
    page.get_by_role("button", name="Replace these and freeze the text").click()
    select(page, SPOKEN)
    expect(page.locator("#coding [name=start]")).not_to_have_value("")
    page.get_by_label("or a new one").fill("Reads one line")
    page.get_by_label("did", exact=True).check()
    page.get_by_role("button", name="Code it").click()
    expect(page.locator(".excerpts blockquote")).to_have_text(SPOKEN)


def writes_a_criterion(page: Page, meant: Meant) -> None:
    """Write a guardrail from a part of the split, with outputs that were labelled as its examples."""
    page.goto("/criteria")
    page.get_by_role("link", name="Write a criterion for Three rules").click()
    failing = next(case for case, part in meant.again.items() if part == PARTS[3])
    page.locator(f"input[name=fail_output][value='{failing}']").check()
    page.locator("input[name=pass_output]").first.check()
    page.get_by_label("The question").fill("Does it open with the rule that applies?")
    page.get_by_role("combobox", name="Why it is there").select_option("guardrail")
    page.get_by_label("At least").fill("1 of 2")
    page.get_by_label("You expect").fill("0.8")
    page.get_by_label("Who draws it there").fill("below half, support stops reading after one line")
    page.get_by_role("combobox", name="Scored by").select_option("check")
    page.locator("#scored_by").fill("right_policy_first")
    page.get_by_role("button", name="Price it").click()
    expect(page.locator("#bill")).to_contain_text(CRITERION)
    page.get_by_role("button", name="Write it into criteria.yaml").click()
    expect(page.get_by_role("status")).to_contain_text("Saved to criteria.yaml")


def locks_and_decides(page: Page, folder: Path) -> str:
    """Lock on the page, let the sealed cases be answered, open the holdout, open the memo; return what the verdict says."""
    page.goto("/plan")
    page.get_by_role("button", name=re.compile("Lock this plan and seal")).click()
    expect(page.get_by_role("heading", name="The plan is locked")).to_be_visible()
    ship("run", folder, "--trust", "--variant", "retrieval")
    ship("run", folder, "--trust", "--variant", "rules")
    page.goto("/decide")
    page.get_by_role("button", name=re.compile("Open the holdout: this is look 1 of")).click()
    expect(page.locator(".lead")).to_contain_text("look 1 at the holdout")
    said = page.get_by_role("heading", level=1).inner_text()
    ship("memo", folder)
    page.goto("/memo")
    page.get_by_role("link", name="The memo").click()
    expect(page.locator("body")).to_contain_text(said)
    return said


def check_labels(ledger: Ledger, meant: Meant) -> None:
    """Compare every label in the ledger with what was pressed."""
    rows = ledger.rows(
        "select queues.key, cases.key, labels.state, labels.note, labels.modes, labels.undoes from labels"
        " join cases on cases.no = labels.case_no join queues on queues.no = labels.queue_no"
        " join reviewers on reviewers.no = labels.reviewer_no"
        f" where reviewers.name = '{NAME}' order by labels.no"
    )
    assert len(rows) == meant.rows
    assert sum(undoes is not None for *_, undoes in rows) == UNDONE
    first = {
        case: (state, note, modes) for queue, case, state, note, modes, _ in rows if queue == "first-reading"
    }
    grouped = {"pass": "[]", "fail": '["several-rules"]'}
    assert first == {case: (state, note, grouped[state]) for case, (state, note) in meant.first.items()}
    again = {case: json.loads(modes) for queue, case, _, _, modes, _ in rows if queue != "first-reading"}
    assert again == {case: [part.lower().replace(" ", "-")] for case, part in meant.again.items()}


def check_changes(ledger: Ledger, meant: Meant) -> None:
    """Compare the history of the failure modes with what was named and split."""
    added, grouped, split = ledger.events("taxonomy")
    assert [each["change"] for each in (added, grouped, split)] == ["add", "group", "split"]
    assert {each["by"] for each in (added, grouped, split)} == {NAME}
    assert split["of"] == "several-rules"
    parts = [each["after"] for each in split["patches"] if each["before"] is None]
    assert [(each["name"], each["split_from"]) for each in parts] == [
        (name, "several-rules") for name in PARTS.values()
    ]
    (queue,) = ledger.rows("select about from queues where key like 'again-%'")
    assert json.loads(queue[0])["mode"] == "several-rules"
    assert ledger.rows(
        "select count(*) from queue_items join queues on queues.no = queue_items.queue_no where queues.key like 'again-%'"
    ) == [(len(meant.again),)]


def check_lock_and_look(ledger: Ledger) -> None:
    """Compare the one lock with the criterion that was written, and the one look with the holdout."""
    (locked,) = ledger.events("lock")
    criterion = next(each for each in locked["plan"]["criteria"] if each["id"] == CRITERION)
    assert (criterion["kind"], criterion["bar"]["at_least"]) == ("guardrail", 0.5)
    (look,) = ledger.events("look")
    assert (look["plan"], look["variant"], look["number"]) == (locked["sha"], "retrieval", 1)
    assert ledger.rows('select "plan", variant, number, groups from looks') == [
        (locked["sha"], "retrieval", 1, look["groups"])
    ]
    verbs = [
        verb
        for (verb,) in ledger.rows("select verb from journal where verb in ('lock', 'look') order by seq")
    ]
    assert verbs == ["lock", "look"]


@contextmanager
def sitting(browser: Browser, serve: Serve, folder: Path) -> Iterator[Page]:
    """Open the launch in a browser and say who is reading."""
    with let_in(browser, serve(folder)) as window:
        page = window.new_page()
        page.goto("/")
        page.get_by_label("Your name").fill(NAME)
        page.get_by_role("button", name="Use this name").click()
        yield page


@pytest.mark.campaign  # its parts, each by itself, are in the default suite
@pytest.mark.parametrize(("each", "n"), [(5, 20), (1, 50)])
def test_a_newcomer_goes_the_whole_way(
    browser: Browser, served: Serve, folder: Path, n: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From outputs read by keyboard to an open memo; the ledger and the files hold what was done, and nothing else."""
    monkeypatch.setenv("XDG_STATE_HOME", str(folder.parent / "state"))
    meant = Meant()
    with sitting(browser, served, folder) as page:
        presses = reads(page, meant, n)
        names_and_splits(page, meant)
        listens(page, folder)
        writes_a_criterion(page, meant)
        locks_and_decides(page, folder)
    assert statistics.median(presses) <= 1
    assert len(meant.first) == n
    assert {state for state, _ in meant.first.values()} == {"pass", "fail"}
    assert set(meant.again.values()) == set(PARTS.values())
    ledger = Ledger(folder)
    check_labels(ledger, meant)
    check_changes(ledger, meant)
    (coding,) = listening(folder).named("P1").codings
    assert (coding.text, coding.kind, coding.codes) == (SPOKEN, "did", ["reads-one-line"])
    assert read_launch(folder).criteria[-1].id == CRITERION
    check_lock_and_look(ledger)
    ship("verify", folder)
