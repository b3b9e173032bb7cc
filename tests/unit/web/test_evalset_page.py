"""The eval set on a page, and fresh cases from what failed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from tests.asgi import Reply, get, post

from shipworthy.services.bring_in import Order, bring_in
from shipworthy.services.kept import Kept
from shipworthy.store.evalset_file import read_cases
from shipworthy.store.layout import Layout
from shipworthy.web.app import make_app
from shipworthy.web.serving import Serving, hosts_of

LAUNCH = """
title: Inbox
candidate: new
variants: {new: {recorded: true}}
slices: {topic: {by: topic, shares: {a: 0.7, b: 0.3}, scope: true}}
"""
CRITERIA = "- id: right\n  bar: {at_least: 0.8}\n  hoped_for: 0.95\n  scorer: {recorded: passed}\n"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Starlette]:
    """The pages over six open cases in three groups, of which two failed, and forty sealed ones."""
    made = tmp_path / "launch"
    (made / "evalset").mkdir(parents=True)
    (made / "launch.yaml").write_text(LAUNCH)
    (made / "criteria.yaml").write_text(CRITERIA)
    rows = [
        {
            "id": f"c{n}",
            "input": f"question {n} <i>",
            "tags": {"topic": "ab"[n % 2]},
            "part": "explore",
            "group": f"g{n // 2}",
        }
        for n in range(6)
    ]
    sealed = [
        {"id": f"h{n}", "input": f"sealed {n}", "tags": {"topic": "ab"[n % 2]}, "part": "holdout"}
        for n in range(40)
    ]
    (made / "evalset/cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in [*rows, *sealed]))
    (tmp_path / "new.csv").write_text(
        "case,output,passed\n" + "".join(f"c{n},says {n},{int(n > 1)}\n" for n in range(6))
    )
    bring_in(made, tmp_path / "new.csv", Order(variant="new"))
    kept = Kept(made)
    yield make_app(Serving(kept, b"k" * 32, hosts_of(8321)))
    kept.close()


def _folder(app: Starlette) -> Path:
    """Return the folder of the launch."""
    found: Path = app.state.serving.kept.layout.folder
    return found


def _text(page: str) -> str:
    """Return a page's words."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_cases_are_counted_by_part_and_slice_with_their_groups(app: Starlette) -> None:
    """Six open cases are three groups; each slice holds half of the cases and meets all groups."""
    text = _text(get(app, "/evalset").text)
    assert "46 cases in 43 groups" in text
    assert "everywhere 6 (3) 0 (0) 0 (0) 40 (40)" in text
    assert "topic=a 70 of 100 3 (3) 0 (0) 0 (0) 20 (20)" in text


def test_what_is_wrong_with_it_is_found_as_the_doctor_finds_it(app: Starlette) -> None:
    """Its page says how many cases were examined, and why each finding matters."""
    reply = get(app, "/evalset/doctor")
    assert reply.status == 200
    assert "46 cases in 43 groups examined" in _text(reply.text)


def test_what_each_slice_needs_is_said(app: Starlette) -> None:
    """Groups now and for 80 of 100, slice by slice."""
    text = _text(get(app, "/evalset/grow").text)
    assert "topic=b right 20" in text


def test_slices_that_need_cases_get_worksheets(app: Starlette) -> None:
    """Each of the two slices takes more groups than it has; its empty cases wait on a worksheet, and are no cases."""
    assert post(app, "/evalset/grow", {}).header("location") == "/evalset?sheets=2"
    text = _text(get(app, "/evalset?sheets=2").text)
    assert "2 worksheets made." in text
    assert "grow-topic-a" in text
    assert len(list(read_cases(Layout(_folder(app)), []))) == 46


def _sheet(app: Starlette) -> str:
    """Make a worksheet of what failed, and return its address."""
    return post(app, "/evalset/from-failures", {"variant": "new", "criterion": ""}).header("location")


def _send(app: Starlette, address: str, do: str, seen: str = "", **typed: str) -> Reply:
    """Send a worksheet's form with something typed."""
    found = re.search(r'name="seen" value="(\w+)"', get(app, address).text)
    assert found
    rows = {"input:0": "", "expected:0": "", "input:1": "", "expected:1": ""}
    return post(
        app,
        address,
        rows
        | {key.replace("_", ":"): text for key, text in typed.items()}
        | {"seen": seen or found[1], "do": do},
    )


def test_what_failed_becomes_cases_to_write_and_then_cases(app: Starlette) -> None:
    """Two cases failed; one is written and brought in, in the group of the one it comes from; the other waits."""
    address = _sheet(app)
    page = get(app, address).text
    assert "question 0 &lt;i&gt;" in page
    reply = _send(app, address, "take", input_0="question 0, put another way", expected_0="yes")
    assert reply.header("location") == "/evalset?taken=1"
    fresh = next(case for case in read_cases(Layout(_folder(app)), []) if case.id == "c0-fresh")
    assert (fresh.input, fresh.expected, fresh.group, fresh.part) == (
        "question 0, put another way",
        "yes",
        "g0",
        "explore",
    )
    assert "1 case to write, 0 filled in" in _text(get(app, "/evalset").text)


def test_what_is_filled_in_is_kept_for_later(app: Starlette) -> None:
    """Saved, it stands in the form again."""
    address = _sheet(app)
    assert _send(app, address, "save", input_1="half a thought").status == 303
    assert "half a thought</textarea>" in get(app, address).text


def test_a_worksheet_that_somebody_else_filled_in_is_not_written_over(app: Starlette) -> None:
    """The typed text is still in the page."""
    address = _sheet(app)
    seen = re.search(r'name="seen" value="(\w+)"', get(app, address).text)
    assert seen
    _send(app, address, "save", input_0="theirs")
    reply = _send(app, address, "save", seen[1], input_0="mine")
    assert reply.status == 409
    assert "mine</textarea>" in reply.text
    assert "theirs</textarea>" in get(app, address).text


def test_nothing_that_is_filled_in_brings_nothing_in(app: Starlette) -> None:
    """The page says so, and the eval set stays as it is."""
    reply = _send(app, _sheet(app), "take")
    assert reply.status == 422
    assert len(list(read_cases(Layout(_folder(app)), []))) == 46


def test_a_second_worksheet_of_the_same_failures_is_refused(app: Starlette) -> None:
    """Somebody may have begun to fill in the first."""
    _sheet(app)
    assert post(app, "/evalset/from-failures", {"variant": "new"}).status == 409


@pytest.mark.parametrize("key", ["nothing", "..%2f..%2fcases", "cases.jsonl", "%00"])
def test_a_worksheet_is_found_by_its_key_alone(app: Starlette, key: str) -> None:
    """No address reaches a file."""
    assert get(app, f"/evalset/todo/{key}").status in (404, 422)


def test_an_empty_eval_set_teaches_where_to_begin(tmp_path: Path) -> None:
    """What belongs here, and the one command."""
    (tmp_path / "launch").mkdir()
    (tmp_path / "launch/launch.yaml").write_text("title: x\nvariants: {new: {recorded: true}}\n")
    kept = Kept(tmp_path / "launch")
    page = get(make_app(Serving(kept, b"k" * 32, hosts_of(8321))), "/evalset").text
    kept.close()
    assert "There is no case yet" in page
    assert "shipworthy import FILE --cases" in page


@pytest.mark.parametrize("path", ["/evalset/doctor", "/evalset/grow", "/challenges"])
def test_a_case_without_a_tag_is_shown_in_place(app: Starlette, tmp_path: Path, path: str) -> None:
    """A case has no `topic`: the page says so above everything that it can say all the same, and not after it is mended."""
    cases = tmp_path / "launch/evalset/cases.jsonl"
    before = cases.read_text()
    cases.write_text(before + json.dumps({"id": "bare", "input": "?"}) + "\n")
    reply = get(app, path)
    assert reply.status == 200
    assert "cases without the tag `topic`" in reply.text
    assert "That did not work" not in reply.text
    cases.write_text(before)
    assert "to mend in the folder" not in get(app, path).text
