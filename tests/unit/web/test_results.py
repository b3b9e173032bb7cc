"""Pages of results: the verdict without a look, the look that was agreed to, the outputs behind a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from tests.asgi import get, post
from tests.results import OPEN, SEALED, bring, locked, served
from tests.reviewing import reviewed

from shipworthy.web.links import output_link

AGREED = {"number": 1, "groups": SEALED}


@pytest.fixture
def launch(tmp_path: Path, ship: Callable[..., Any]) -> Path:
    """A locked launch: 30 open and 40 sealed outputs of each of two variants, of the candidate one in ten fails."""
    return locked(tmp_path / "launch", ship)


@pytest.fixture
def pages(launch: Path) -> Iterator[Starlette]:
    """The app over it."""
    app, kept = served(launch)
    yield app
    kept.close()


def test_the_verdict_is_a_rehearsal_until_the_holdout_is_opened(pages: Starlette) -> None:
    """The page shows 27 of 30 open outputs, what the look costs, and nothing of the 40 sealed ones."""
    page = get(pages, "/decide")
    assert page.status == 200
    assert "a rehearsal on open cases" in page.text
    assert f"Open the holdout: this is look 1 of {SEALED} groups" in page.text
    assert "It tests at an error of 0.05" in page.text
    assert re.search(r">1[0-9] passed<", page.text)  # half of the open ones in each slice
    assert "36 of 40" not in page.text


def test_the_look_is_the_one_that_was_agreed_to(
    pages: Starlette, launch: Path, ship: Callable[..., Any]
) -> None:
    """A look agreed to at 40 groups is refused for another number, and taken as it was said; again it is free."""
    assert post(pages, "/decide", AGREED | {"groups": SEALED - 1}).status == 409
    assert post(pages, "/decide", AGREED | {"number": 2}).status == 409
    assert "a rehearsal" in get(pages, "/decide").text
    assert post(pages, "/decide", AGREED).status == 303
    page = get(pages, "/decide").text
    assert "look 1 at the holdout" in page
    assert "Open the holdout" not in page
    assert post(pages, "/decide", AGREED).status == 303
    assert ship("decide", launch, "--format", "json").json["look"] == 1


def test_a_look_without_its_mark_is_not_taken(pages: Starlette) -> None:
    """A form that no page of ours sent opens nothing."""
    assert post(pages, "/decide", AGREED | {"form-mark": "wrong"}).status == 409
    assert "a rehearsal" in get(pages, "/decide").text


def test_any_number_leads_to_its_outputs_in_two_clicks(pages: Starlette) -> None:
    """From the verdict to the claim, from the claim to the three outputs that failed in both slices together."""
    claim = re.search(r'href="(/claims/\d+[^"]*)"', get(pages, "/decide").text)
    assert claim is not None
    found = re.search(r'href="(/outputs[^"]*state=failed)"', get(pages, claim[1]).text)
    assert found is not None
    listed = get(pages, found[1].replace("&amp;", "&")).text
    assert "explore-0" in listed
    assert "explore-1<" not in listed


def test_sealed_outputs_are_read_after_a_look_and_closed_again_by_new_ones(
    tmp_path: Path, ship: Callable[..., Any]
) -> None:
    """Thirty of forty sealed outputs are recorded and looked at; ten more are recorded: none may be listed by outcome."""
    folder = locked(tmp_path / "launch", ship, sealed=30)
    app, kept = served(folder)
    assert get(app, "/outputs?sealed=yes").status == 409
    assert get(app, "/outputs/new/holdout-0/1").status == 409
    assert post(app, "/decide", {"number": 1, "groups": 30}).status == 303
    opened = get(app, "/outputs?sealed=yes&state=failed")
    assert opened.status == 200
    assert "holdout-10" in opened.text
    assert get(app, "/outputs/new/holdout-0/1").status == 200
    assert get(app, "/flips?sealed=yes&criterion=better").status == 200
    assert get(app, "/flips?sealed=yes&criterion=right").status == 409
    bring(folder, ship, "holdout", SEALED, first=30)
    assert get(app, "/outputs?sealed=yes&state=failed").status == 409
    assert get(app, "/outputs/new/holdout-0/1").status == 409
    assert "this is look 2 of 40 groups" in get(app, "/decide").text
    kept.close()


def test_outputs_are_text_whatever_they_hold(pages: Starlette) -> None:
    """Every output is a script; none reaches a page as markup."""
    for address in ("/outputs", "/outputs/new/explore-0/1", "/flips", "/flips?before=new&after=old"):
        page = get(pages, address)
        assert page.status == 200
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text


def test_the_filters_choose_and_the_counts_add_up(pages: Starlette) -> None:
    """27 of 30 passed; three failed; of the slice topic=a three of 15 failed, and none of topic=b."""
    assert f"{OPEN} outputs in all" in get(pages, "/outputs?variant=new").text
    assert "3 outputs failed" in get(pages, "/outputs?state=failed").text
    assert "3 outputs failed, topic=a" in get(pages, "/outputs?state=failed&slice=topic%3Da").text
    assert "None ended so" in get(pages, "/outputs?state=failed&slice=topic%3Db").text
    assert "there is no slice" in get(pages, "/outputs?slice=nowhere").text
    assert "there is no criterion" in get(pages, "/outputs?criterion=nothing").text


def test_changes_are_counted_both_ways(pages: Starlette) -> None:
    """Of 30 cases ten fail under the baseline and three under the candidate, one of them (case 0) under both."""
    page = get(pages, "/flips").text
    found = get(pages, "/flips?way=broken").text
    assert re.findall(r"<h2>(explore-\d+)", found) == ["explore-10", "explore-20"]
    assert "9 of 30 groups fixed, 2 broken" in page


def test_runs_say_how_much_is_recorded_and_the_journal_that_its_chain_is_whole(pages: Starlette) -> None:
    """Four imports stand there, 40 of 40 sealed rows are there, and five events are sealed."""
    runs = get(pages, "/measure").text
    assert runs.count("<td>import</td>") == 4
    assert f"{SEALED} of {SEALED}" in runs
    journal = get(pages, "/journal").text
    assert "5 events, each sealed by the one before; the chain is whole" in journal
    assert "a plan was locked" in journal


def test_a_cost_that_nobody_recorded_has_no_figure(tmp_path: Path) -> None:
    """Neither time nor cost stands in the imported file: the page says so in words, and draws no empty axis."""
    app, kept = served(reviewed(tmp_path / "launch", 20))
    page = get(app, "/spread").text
    assert page.count("Not recorded for 20 outputs.") == 2
    assert "<svg" not in page
    kept.close()


def test_a_memo_is_shown_under_a_policy_of_its_own(pages: Starlette, launch: Path) -> None:
    """A memo that somebody replaced by an attack runs nothing: no script, no form, no request, no access to our pages."""
    assert "No memo was written yet" in get(pages, "/memo").text
    (launch / "memo").mkdir()
    (launch / "memo/memo.html").write_text("<script>alert(1)</script>")
    (launch / "memo/other.html").write_text("not ours")
    reply = get(pages, "/memo/memo")
    policy = reply.header("content-security-policy")
    assert reply.status == 200
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("sandbox")
    assert "script-src" not in policy
    assert [get(pages, f"/memo/{name}").status for name in ("other", "..", "other.html")] == [422, 422, 422]


@pytest.mark.parametrize("name", ["a/b", "..", "?x=1", "a b", "ü", "'\"><script>"])
def test_a_case_of_any_name_has_an_address(name: str) -> None:
    """Names that a browser could take for a path, or a question, go behind the question mark."""
    found = output_link("new", name, 2)
    assert found.startswith("/output?variant=new&case=") or found == "/outputs/new/a%20b/2"
    assert not set(found) & set("\"'<> ")


def test_pages_of_an_empty_launch_teach(folder: Callable[..., Path]) -> None:
    """With nothing run there are no numbers, and each page says what to do first."""
    app, kept = served(folder(launch_yaml=LAUNCH_OF_ONE, criteria_yaml=ONE))
    for address in ("/outputs", "/flips", "/tradeoff", "/measure", "/spread", "/journal", "/memo", "/decide"):
        page = get(app, address)
        assert page.status == 200, address
        assert "shipworthy" in page.text or "import" in page.text, address
    kept.close()


LAUNCH_OF_ONE = """
title: Empty
baseline: old
candidate: new
variants: {new: {recorded: true}, old: {recorded: true}}
"""
ONE = """
- {id: right, bar: {at_least: 0.8}, scorer: {recorded: passed}}
"""
