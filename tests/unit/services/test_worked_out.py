"""What is kept of a launch is never old: a changed file, a commit, a new day, and it is worked out again."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.reviewing import reviewed

from shipworthy.domain.review import Said
from shipworthy.services import worked_out as module
from shipworthy.services.desk import desk_at
from shipworthy.services.kept import Kept
from shipworthy.services.make_queue import QueueWanted, make_queue
from shipworthy.services.save_label import Saving, save_label
from shipworthy.services.worked_out import worked_out


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """A launch kept open, whose files have rested for a moment."""
    folder = reviewed(tmp_path / "l", 3)
    with desk_at(folder) as desk:
        make_queue(desk, QueueWanted("all", 3))
    made = Kept(folder)
    made.opened()
    _rest()
    yield made
    made.close()


def _rest() -> None:
    """Wait until a file that was just written cannot change again without its time saying so."""
    time.sleep(0.06)


def _same_length(folder: Path) -> None:
    """Change one letter of a file, and set its time back."""
    path = folder / "criteria.yaml"
    before = path.stat()
    path.write_text(path.read_text().replace("Is it right?", "Is it wrong"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _label(folder: Path) -> None:
    """Another process saves a label."""
    with desk_at(folder) as desk:
        save_label(desk, Saving("all", 0, "Ada", Said("pass"), 0, "one"))


def _without_event(folder: Path) -> None:
    """Something is written to the ledger without an event in its journal."""
    with sqlite3.connect(folder / ".shipworthy/ledger.db") as connection:
        connection.execute("UPDATE variants SET name = name")


def _new(path: Path) -> None:
    """Make an empty file."""
    path.parent.mkdir(parents=True)
    path.touch()


CHANGES: dict[str, Callable[[Path], object]] = {
    "a letter of a file, its time set back": _same_length,
    "a new interview": lambda folder: _new(folder / "interviews/a.md"),
    "a file in a folder of a folder": lambda folder: _new(folder / "memo/old/memo.html"),
    "a file less": lambda folder: (folder / "taxonomy.yaml").unlink(),
    "a file that was renamed": lambda folder: (folder / "evalset/cases.jsonl").rename(
        folder / "evalset/c.jsonl"
    ),
    "a label of another process": _label,
    "a commit without an event": _without_event,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changed_is_worked_out_again(kept: Kept, change: Callable[[Path], object]) -> None:
    """Twice the same answer is worked out once; after any one change it is worked out anew, at once."""
    made: list[int] = []

    def make() -> int:
        """Count how often it was worked out."""
        made.append(len(made))
        return len(made)

    assert [worked_out(kept, "n", make) for _ in range(3)] == [1, 1, 1]
    change(kept.layout.folder)
    assert worked_out(kept, "n", make) == 2
    _rest()
    worked_out(kept, "n", make)
    n = len(made)
    assert [worked_out(kept, "n", make) for _ in range(2)] == [n, n]


def test_two_changes_in_one_tick_are_both_seen(kept: Kept) -> None:
    """A file was written a moment ago: nothing is kept until its time can tell a further change."""
    path = kept.layout.folder / "criteria.yaml"
    for letter in "abcdefgh":
        path.write_text(f"# {letter}\n")
        assert worked_out(kept, "text", path.read_text) == f"# {letter}\n"


def test_a_new_hour_is_worked_out_again(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said of today is not said tomorrow."""
    hours = iter(["2026-11-26T09:59:59+00:00", "2026-11-26T10:00:00+00:00"])
    monkeypatch.setattr(module, "now", lambda: next(hours))
    assert [worked_out(kept, "day", iter([n]).__next__) for n in (1, 2)] == [1, 2]


def test_what_fails_is_not_kept(kept: Kept) -> None:
    """Working it out fails once: the next time it is tried again."""
    with pytest.raises(ZeroDivisionError):
        worked_out(kept, "share", lambda: 1 / 0)
    assert worked_out(kept, "share", lambda: 0.5) == 0.5


def test_of_very_many_files_nothing_is_kept(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where looking at each file would take too long, everything is worked out each time."""
    monkeypatch.setattr(module, "MOST_FILES", 2)
    assert [worked_out(kept, "n", iter([n]).__next__) for n in (1, 2)] == [1, 2]


def test_no_more_is_kept_than_there_is_room_for(kept: Kept) -> None:
    """Twenty values, room for sixteen: the last ones are kept."""
    for n in range(20):
        worked_out(kept, n, lambda n=n: n)  # type: ignore[misc]
    assert worked_out(kept, 19, lambda: -1) == 19
    assert worked_out(kept, 0, lambda: -1) == -1
