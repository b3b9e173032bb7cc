"""A pre-mortem that is written apart, then put together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from shipworthy.domain.errors import BadInput, FolderHasProblems, Refused
from shipworthy.services.add_cause import add_cause, put_together
from shipworthy.services.read_brief import read_brief

TODAY = dt.date(2026, 11, 26)


@pytest.fixture
def launch(folder: Callable[..., Path]) -> Path:
    """A launch with one failure mode."""
    return folder(launch_yaml="title: Inbox  # ours\n", criteria_yaml="[]\n", taxonomy_yaml="- id: slow\n")


def _said(launch: Path, who: str, cause: str = "nobody read it", **more: str) -> None:
    """Write one cause."""
    add_cause(launch, {"participant": who, "cause": cause, **more})


def test_while_people_write_apart_each_sees_their_own(launch: Path) -> None:
    """Ada does not see what Ben wrote, and nobody in particular sees nothing."""
    _said(launch, "Ada", "a")
    _said(launch, "Ben", "b")
    brief = read_brief(launch)
    assert [cause.cause for cause in brief.causes("Ada")] == ["a"]
    assert brief.causes(None) == ()
    assert "# ours" in (launch / "launch.yaml").read_text()


def test_put_together_everybody_sees_all_and_what_comes_later_is_not_alone(launch: Path) -> None:
    """The third cause was written after the first two were seen."""
    _said(launch, "Ada")
    _said(launch, "Ben")
    put_together(launch, TODAY)
    _said(launch, "Cem", early_sign="fewer drafts", tripwire="pause", failure_mode="slow")
    causes = read_brief(launch).causes(None)
    assert [(cause.participant, cause.written_independently) for cause in causes] == [
        ("Ada", True), ("Ben", True), ("Cem", False),
    ]  # fmt: skip
    assert causes[2].failure_mode == "slow"
    assert read_brief(launch).launch.premortem.together == TODAY


def test_one_person_cannot_put_anything_together(launch: Path) -> None:
    """Two causes of one person are those of one mind."""
    _said(launch, "Ada", "a")
    _said(launch, "Ada", "b")
    with pytest.raises(Refused, match="fewer than two people"):
        put_together(launch, TODAY)


def test_they_are_put_together_once(launch: Path) -> None:
    """A second time is refused with the day of the first."""
    _said(launch, "Ada")
    _said(launch, "Ben")
    put_together(launch, TODAY)
    with pytest.raises(Refused, match="2026-11-26"):
        put_together(launch, TODAY)


def test_a_cause_needs_somebody_and_something(launch: Path) -> None:
    """Neither a name nor a cause may be blank, and a failure mode must be one that there is."""
    for who, cause in (("", "x"), ("Ada", " ")):
        with pytest.raises(BadInput):
            _said(launch, who, cause)
    with pytest.raises(FolderHasProblems):
        _said(launch, "Ada", failure_mode="unknown")
    assert read_brief(launch).launch.premortem.causes == []
