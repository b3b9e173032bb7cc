"""What comes next for an interview, and when its text has to go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from shipworthy.services.interview_show import interview_list

TODAY = dt.datetime.now(dt.UTC).date()


@pytest.fixture
def listed(folder: Callable[..., Path]) -> Callable[..., tuple[str, str]]:
    """Return the state and the due date of an interview with a head and a text."""

    def show(
        consent: str = "given", *, done: str = "true", text: str = "hello", until: str = ""
    ) -> tuple[str, str]:
        """Write it, and list it."""
        made = folder(launch_yaml="title: T\n")
        (made / "interviews").mkdir(exist_ok=True)
        kept = f", retain_until: {until}" if until else ""
        head = f"alias: P1\nconsent: {{state: {consent}, date: 2027-03-01{kept}}}\npseudonymised: {{done: {done}}}\n"
        (made / "interviews/P1.md").write_text(f"---\n{head}---\n\n{text}\n", encoding="utf-8")
        (row,) = interview_list(made)
        return row.state, row.due

    return show


@pytest.mark.parametrize(
    ("about", "state"),
    [
        ({"consent": "missing"}, "consent missing"),
        ({"text": ""}, "no text yet"),
        ({"done": "false"}, "names to replace"),
        ({}, "to code"),
    ],
)
def test_the_next_step_is_said(
    listed: Callable[..., tuple[str, str]], about: dict[str, str], state: str
) -> None:
    """Consent, then a text, then names, then codes: one at a time."""
    assert listed(**about)[0] == state


@pytest.mark.parametrize(
    ("days", "words"), [(-1, "was to go by"), (0, "has to go by"), (30, "has to go by"), (31, ""), (400, "")]
)
def test_a_text_that_has_to_go_is_said_a_month_before(
    listed: Callable[..., tuple[str, str]], days: int, words: str
) -> None:
    """Yesterday, today, in thirty days: said; later: not yet."""
    due = listed(until=str(TODAY + dt.timedelta(days=days)))[1]
    assert due.startswith(words)
    assert bool(due) == bool(words)


def test_nothing_has_to_go_where_there_is_no_text(listed: Callable[..., tuple[str, str]]) -> None:
    """A sheet holds nothing to delete."""
    assert listed(text="", until=str(TODAY - dt.timedelta(days=9)))[1] == ""
