"""Values put into a file by their keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shipworthy.domain.errors import BadInput
from shipworthy.store.yaml_edit import edit_yaml
from shipworthy.store.yaml_put import clear, put, take_rows

TEXT = """\
title: Inbox      # its name

decision:
  who: ""         # one person
  by: null        # 2027-03-01
users: []         # three you have talked to
harm:
- {event: a, who: b}
- event: c        # the second
  who: d
"""


def _after(tmp_path: Path, *calls: tuple[Any, ...]) -> str:
    """Return the file after some calls of put, clear and take_rows."""
    path = tmp_path / "launch.yaml"
    path.write_text(TEXT)

    def change(data: Any) -> Any:
        for act, *arguments in calls:
            act(data, *arguments)
        return data

    edit_yaml(path, change)
    return path.read_text()


def test_a_value_is_put_where_its_key_stands_and_the_comment_stays(tmp_path: Path) -> None:
    """Only the line that is concerned differs."""
    after = _after(tmp_path, (put, "decision.who", "Ada"))
    assert after == TEXT.replace('who: ""         # one person', 'who: "Ada"      # one person')


def test_what_leads_to_a_key_is_made(tmp_path: Path) -> None:
    """Keys and rows that are missing come at the end."""
    after = _after(
        tmp_path, (put, "budget.seconds", 3), (put, "harm.2.event", "e"), (put, "assumptions.0.id", "x")
    )
    assert after.endswith("  who: d\n- event: e\nbudget:\n  seconds: 3\nassumptions:\n- id: x\n")


def test_a_list_in_one_line_stays_in_one_line(tmp_path: Path) -> None:
    """Users that were an empty list are a list of two, beside the same comment."""
    assert "users: [a, b]     # three you have talked to" in _after(tmp_path, (put, "users", ["a", "b"]))


def test_an_answer_that_is_taken_away_leaves_its_line(tmp_path: Path) -> None:
    """The key stays, so that it is asked again, with what is said beside it."""

    def emptied(data: Any, key: str) -> None:
        clear(data, key, left="", keep=True)

    assert "title: ''         # its name" in _after(tmp_path, (emptied, "title"))


def test_clearing_what_is_not_there_changes_nothing(tmp_path: Path) -> None:
    """Neither a key nor what leads to it is made."""
    assert _after(tmp_path, (clear, "budget.seconds"), (clear, "harm.7.event"), (clear, "value")) == TEXT


def test_rows_are_taken_out_by_their_places(tmp_path: Path) -> None:
    """The other row stays; a list that has lost its last row goes."""
    assert "event: a" not in _after(tmp_path, (take_rows, "harm", [0]))
    assert "harm" not in _after(tmp_path, (take_rows, "harm", [0, 1]))


@pytest.mark.parametrize("key", ["title.x", "harm.5.event", "harm.event", "decision.0", "users.1"])
def test_a_key_that_leads_nowhere_is_refused(tmp_path: Path, key: str) -> None:
    """Nothing is written through a text, past the end of a list, or by a name into one."""
    with pytest.raises(BadInput):
        _after(tmp_path, (put, key, "v"))
    assert (tmp_path / "launch.yaml").read_text() == TEXT
