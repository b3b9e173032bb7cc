"""A criterion written into criteria.yaml."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shipworthy.domain.errors import BadInput, FolderHasProblems, Refused
from shipworthy.services.edit_bar import edit_bar
from shipworthy.services.read_criteria import read_criteria
from shipworthy.services.write_criterion import write_criterion

CRITERIA = """\
# Our lines.
- id: right
  bar: {at_least: 0.8, why: "rules reach 61 of 100"}  # drawn in May
  scorer: {recorded: passed}
- id: quick
  estimand: quantile
  of: latency_s
  quantile: 0.95
  bar: {at_most: 3.0, why: "a wait"}
"""
TYPED = {
    "id": "no_slow", "question": "Is it there in time?", "at_least": "0.9", "why": "agents begin to write after that",
    "scorer": "recorded", "scored_by": "passed", "failure_modes": "slow",
}  # fmt: skip


@pytest.fixture
def launch(folder: Callable[..., Path]) -> Path:
    """A launch with two criteria and two failure modes."""
    return folder(
        launch_yaml="title: Inbox\n",
        criteria_yaml=CRITERIA,
        taxonomy_yaml="- {id: slow, severity: annoying}\n- {id: rude, severity: harmful}\n",
    )


def test_it_stands_below_the_others_and_nothing_else_changes(launch: Path) -> None:
    """The file begins with the bytes that it had."""
    write_criterion(launch, TYPED | {"pass": "two lines\nof an output"})
    text = (launch / "criteria.yaml").read_text()
    assert text.startswith(CRITERIA)
    assert [each.criterion.id for each in read_criteria(launch).asked] == ["right", "quick", "no_slow"]
    assert "  pass: |-\n    two lines\n    of an output\n" in text


def test_failure_modes_that_nothing_asks_about_are_named_worst_first(launch: Path) -> None:
    """The harmful one comes before the annoying one, until a criterion names it."""
    assert [mode.id for mode in read_criteria(launch).unasked] == ["rude", "slow"]
    write_criterion(launch, TYPED | {"failure_modes": "rude"})
    assert [mode.id for mode in read_criteria(launch).unasked] == ["slow"]


@pytest.mark.parametrize(
    "wrong", [{"slices": "topic"}, {"failure_modes": "unknown"}, {"scorer": "check"}, {"id": "No Slow"}]
)
def test_what_the_folder_does_not_declare_is_refused(launch: Path, wrong: dict[str, str]) -> None:
    """A slice, a failure mode, a check that there is not, and a name that is none: nothing is saved."""
    with pytest.raises(FolderHasProblems):
        write_criterion(launch, TYPED | wrong)
    assert (launch / "criteria.yaml").read_text() == CRITERIA


def test_a_name_that_is_taken_is_refused(launch: Path) -> None:
    """Two criteria of one name would be one in every table."""
    with pytest.raises(BadInput, match="already"):
        write_criterion(launch, TYPED | {"id": "right"})


def test_a_stale_form_is_refused(launch: Path) -> None:
    """Somebody else wrote a criterion since the form was shown."""
    seen = read_criteria(launch).seen
    write_criterion(launch, TYPED)
    with pytest.raises(Refused, match="changed by somebody else"):
        write_criterion(launch, TYPED | {"id": "other"}, seen=seen)


def test_a_line_is_drawn_elsewhere_with_its_reason(launch: Path) -> None:
    """The number and the reason change in their line, and the comment beside them stays."""
    edit_bar(launch, "right", "85%", "agents rewrite more than they save below it")
    text = (launch / "criteria.yaml").read_text()
    assert "at_least: 0.85" in text
    assert "# drawn in May" in text
    assert read_criteria(launch).asked[0].criterion.bar.why == "agents rewrite more than they save below it"


def test_a_ceiling_is_moved_as_a_number(launch: Path) -> None:
    """A waiting time is no share."""
    edit_bar(launch, "quick", "2.5", "a draft after that is no help")
    assert read_criteria(launch).asked[1].criterion.bar.at_most == 2.5


@pytest.mark.parametrize(
    ("value", "why"),
    [("0.85", "rules reach 61 of 100"), ("0.85", " "), ("0.8", ""), ("lots", "because"), ("1.5", "because")],
)
def test_a_line_without_a_reason_of_its_own_is_not_drawn(launch: Path, value: str, why: str) -> None:
    """Neither an old reason nor none will do for a new line, and a line must be a number."""
    with pytest.raises(BadInput):
        edit_bar(launch, "right", value, why)
    assert (launch / "criteria.yaml").read_text() == CRITERIA
