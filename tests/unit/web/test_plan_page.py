"""The plan on a page, and the lock."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from tests.asgi import get, post

from shipworthy.services.edit_bar import edit_bar
from shipworthy.services.kept import Kept
from shipworthy.services.lock_state import lock_state
from shipworthy.services.plan import plan
from shipworthy.web.app import make_app
from shipworthy.web.serving import Serving, hosts_of

LAUNCH = """
title: Inbox
candidate: new
variants: {new: {recorded: true}}
slices: {topic: {by: topic, shares: {a: 0.7, b: 0.3}, scope: true}}
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.8, why: "rules reach 61 of 100"}
  hoped_for: 0.95
  scorer: {recorded: passed}
"""


@pytest.fixture
def app(folder: Callable[..., Path]) -> Iterator[Starlette]:
    """The pages over a launch with 60 sealed cases in each of two slices."""
    rows = [
        f'{{"id": "c{n}", "tags": {{"topic": "{"ab"[n % 2]}"}}, "part": "holdout"}}\n' for n in range(120)
    ]
    made = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl="".join(rows))
    kept = Kept(made)
    yield make_app(Serving(kept, b"k" * 32, hosts_of(8321)))
    kept.close()


def _seen(page: str) -> str:
    """Return the plan that a page shows, as its form sends it."""
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return found[1]


def test_the_page_says_what_each_claim_takes_as_plan_does(app: Starlette) -> None:
    """Groups, chance and price are those of `shipworthy plan`, and the page writes nothing."""
    page = get(app, "/plan").text
    outlook = plan(app.state.serving.kept.layout.folder).outlook
    for sized in outlook.sized:
        assert f"<td>{sized.slice}</td>" in page
        assert f'<td class="numeric">{sized.groups}</td><td class="numeric">{sized.least}</td>' in page
    assert "80 of 100" in page
    assert not lock_state(app.state.serving.kept)


def test_the_lock_fixes_what_the_page_showed(app: Starlette) -> None:
    """The button carries the plan; afterwards the page says that it is locked, and offers no second lock."""
    reply = post(app, "/lock", {"seen": _seen(get(app, "/plan").text)})
    assert (reply.status, reply.header("location")) == (303, "/plan?locked=now#lock")
    page = get(app, "/plan").text
    assert "The plan is locked" in page
    assert 'action="/lock"' not in page
    assert lock_state(app.state.serving.kept)


def test_another_plan_than_the_one_shown_is_not_locked(app: Starlette) -> None:
    """A bar was moved after the page was opened: the page says so and shows the plan as it is now."""
    seen = _seen(get(app, "/plan").text)
    edit_bar(app.state.serving.kept.layout.folder, "right", "0.85", "theirs")
    reply = post(app, "/lock", {"seen": seen})
    assert reply.status == 409
    assert "the plan was changed after you opened the page; nothing is locked" in reply.text
    assert _seen(reply.text) != seen
    assert not lock_state(app.state.serving.kept)


def test_a_line_that_moves_after_the_lock_ends_it(app: Starlette) -> None:
    """The page of criteria says beforehand what a change costs, and the plan is no longer locked afterwards."""
    post(app, "/lock", {"seen": _seen(get(app, "/plan").text)})
    assert "The plan is locked. A change" in get(app, "/criteria").text
    edit_bar(app.state.serving.kept.layout.folder, "right", "0.85", "theirs")
    assert not lock_state(app.state.serving.kept)
    assert "The plan is locked. A change" not in get(app, "/criteria").text


def test_the_path_says_that_a_plan_is_locked(app: Starlette) -> None:
    """Define is done once a plan is locked."""
    assert "no plan is locked" in get(app, "/").text
    post(app, "/lock", {"seen": _seen(get(app, "/plan").text)})
    assert "1 criterion, a plan is locked" in get(app, "/").text


def test_a_launch_without_a_criterion_is_told_what_belongs_here(folder: Callable[..., Path]) -> None:
    """No table, no button, and where to begin."""
    kept = Kept(folder(launch_yaml=LAUNCH, criteria_yaml="[]\n"))
    page = get(make_app(Serving(kept, b"k" * 32, hosts_of(8321))), "/plan")
    kept.close()
    assert page.status == 200
    assert "there is nothing to plan" in page.text
    assert 'action="/lock"' not in page.text
