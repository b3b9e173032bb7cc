"""Answers written into the brief."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.domain.errors import BadInput, FolderHasProblems, Refused
from shipworthy.services.frame import frame
from shipworthy.services.read_brief import read_brief
from shipworthy.services.start import start
from shipworthy.store.guarded import file_hash


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    """A launch as `init` makes it, with a comment beside nearly every line."""
    start(tmp_path / "launch")
    return tmp_path / "launch"


def _comments(folder: Path) -> list[str]:
    """Return what is said in comments, in its order."""
    lines = (folder / "launch.yaml").read_text().splitlines()
    return [line.partition("#")[2] for line in lines if "#" in line]


ROW = {"event": "a wrong refund", "who": "shop", "low": "20", "high": "60", "detectable": "later"}


def _row(number: int, **said: str) -> dict[str, str]:
    """Return the fields of one row as a form sends them."""
    return {f"harm.{number}.{name}": said.get(name, "later" if name == "detectable" else "") for name in ROW}


def test_an_answer_stands_in_the_file_and_every_comment_stays(blank: Path) -> None:
    """A range, a person, a date, a list and a row are written at once."""
    before = _comments(blank)
    answers = {
        "goal": "Customers are answered on the day.", "decision.who": "head of support", "decision.by": "2027-03-01",
        "users": "six people\ncustomers", "value.low": "0.4", "value.likely": "0.7", "value.high": "1.1",
        "value.basis": "time study", **_row(0, **ROW),
    }  # fmt: skip
    made = frame(blank, answers)
    launch = read_brief(blank).launch
    assert launch.goal == "Customers are answered on the day."
    assert launch.users == ["six people", "customers"]
    assert launch.value is not None
    assert (launch.value.high, launch.harm[0].event, launch.harm[0].high) == (1.1, "a wrong refund", 60)
    assert set(_comments(blank)) == set(before)
    assert made.seen == file_hash(blank / "launch.yaml")


def test_what_stands_there_already_changes_nothing(blank: Path) -> None:
    """The same answers a second time leave the bytes as they are."""
    answers = {"goal": "Right answers.", **_row(0, **ROW)}
    frame(blank, answers)
    before = (blank / "launch.yaml").read_bytes()
    assert frame(blank, answers).changed == ()
    assert (blank / "launch.yaml").read_bytes() == before


def test_a_row_in_which_nothing_is_typed_is_no_row(blank: Path) -> None:
    """The empty row that a form shows is not written, though its list has a choice."""
    assert frame(blank, _row(0)).changed == ()
    assert read_brief(blank).launch.harm == []


def test_a_row_that_was_emptied_goes_and_the_others_stay(blank: Path) -> None:
    """The first of two harms is taken away."""
    frame(blank, _row(0, **ROW) | _row(1, **ROW | {"event": "a leak"}))
    frame(blank, _row(0) | _row(1, **ROW | {"event": "a leak"}))
    assert [harm.event for harm in read_brief(blank).launch.harm] == ["a leak"]


def test_an_answer_can_be_taken_away_again(blank: Path) -> None:
    """A text becomes empty, a date blank, a number goes."""
    frame(blank, {"goal": "g", "decision.by": "2027-03-01", "budget.seconds": "3"})
    frame(blank, {"goal": "", "decision.by": "", "budget.seconds": ""})
    launch = read_brief(blank).launch
    assert (launch.goal, launch.decision.by, launch.budget.seconds) == ("", None, None)
    assert read_brief(blank).problems == ()


def test_a_stale_save_is_refused_and_nothing_is_lost(blank: Path) -> None:
    """Somebody else wrote in between: what they wrote stays."""
    seen = read_brief(blank).seen
    frame(blank, {"goal": "Theirs."})
    with pytest.raises(Refused, match="changed by somebody else"):
        frame(blank, {"goal": "Mine."}, seen=seen)
    assert read_brief(blank).launch.goal == "Theirs."


def test_half_a_range_is_refused_with_its_place(blank: Path) -> None:
    """A lowest worth above the likely one is a new problem, so nothing of the answer is saved."""
    before = (blank / "launch.yaml").read_bytes()
    with pytest.raises(FolderHasProblems) as refused:
        frame(blank, {"goal": "g", "value.low": "5"})
    assert "low <= likely <= high" in str(refused.value.problems[0])
    assert (blank / "launch.yaml").read_bytes() == before


def test_mistakes_that_stand_there_already_keep_nobody_from_writing(blank: Path) -> None:
    """An unknown key is a problem before and after; the goal is written."""
    file = blank / "launch.yaml"
    file.write_text(file.read_text() + "colour: blue\n")
    frame(blank, {"goal": "Right answers."})
    assert read_brief(blank).launch.goal == "Right answers."
    assert len(read_brief(blank).problems) == 1


def test_an_assumption_gets_a_short_name_of_its_own(blank: Path) -> None:
    """Two that begin alike are told apart."""
    rows = {f"assumptions.{n}.statement": "Support reads drafts before sending." for n in (0, 1)}
    frame(blank, rows)
    assert [each.id for each in read_brief(blank).launch.assumptions] == [
        "support-reads-drafts",
        "support-reads-drafts-2",
    ]


def test_a_row_cannot_be_written_past_the_end(blank: Path) -> None:
    """Rows are numbered from 0 without leaving one out."""
    with pytest.raises(BadInput):
        frame(blank, {"harm.3.event": "x"})


@pytest.mark.parametrize(
    "said",
    [
        "a: b # c",
        "'",
        '"',
        "- x",
        "{a: b}",
        "&a *a",
        "!!python/object:os",
        "null",
        "2027-03-01",
        "0x1f",
        "\u2028x",
        "\ud800",
        "=",
        "%",
    ],
)
def test_whatever_is_typed_reads_back_as_a_text(blank: Path, said: str) -> None:
    """Nothing that a person types becomes YAML."""
    frame(blank, {"goal": said})
    goal = read_brief(blank).launch.goal
    assert isinstance(goal, str)
    assert goal in {said, said.replace("\u2028", " ").strip(), "?"}
    assert read_brief(blank).problems == ()
