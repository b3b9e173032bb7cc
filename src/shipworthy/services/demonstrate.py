"""The demo: the sample launch from its folder to its memo, by the same services that any launch uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.errors import Refused
from shipworthy.services.carry_labels import import_labels
from shipworthy.services.check import Checked, check
from shipworthy.services.desk import desk_at
from shipworthy.services.lock import Locked, lock
from shipworthy.services.record import Recorded, record
from shipworthy.services.report import Reported, report
from shipworthy.services.start import start

Tell = Callable[[str], None]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Demonstrated:
    """What each step left behind."""

    checked: Checked
    locked: Locked
    recorded: Recorded
    reported: Reported


def demonstrate(folder: Path, *, tell: Tell, progress: Progress = lambda _n, _d, _a: None) -> Demonstrated:
    """Make the sample launch in a new folder, run it, decide it and write its memo.

    Args:
        folder: where; it must not exist.
        tell: told each command before its work begins.
        progress: told variant, done and planned.

    Raises:
        Refused: the folder exists.
    """
    if folder.exists():
        raise Refused(
            "there is something already", where=str(folder), remedy="name another folder, or remove it"
        )
    tell(f"shipworthy init {folder} --from sample")
    start(folder, template="sample")
    tell(f"shipworthy check {folder}")
    checked = check(folder)
    tell(f"shipworthy run {folder}        # the open cases: to read and to learn from")
    record(folder, agree=lambda _: True, progress=progress)  # this very program wrote that code a moment ago
    tell(
        f"shipworthy look import {folder} {folder}/read.jsonl   # what was said of 36 of them when they were read"
    )
    with desk_at(folder) as desk:
        import_labels(desk, folder / "read.jsonl")
    tell(f"shipworthy lock {folder}       # the plan is fixed, the holdout sealed")
    locked = lock(folder)
    tell(f"shipworthy run {folder}        # the holdout")
    recorded = record(folder, agree=lambda _: True, progress=progress)
    tell(f"shipworthy decide {folder}; shipworthy memo {folder}")
    return Demonstrated(checked, locked, recorded, report(folder))
