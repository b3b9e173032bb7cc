"""Check the course: gather what a lesson needs from the folder and the ledger, and mark it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from shipworthy.coach.lesson import Marked
from shipworthy.coach.lesson_ask import mark_ask
from shipworthy.coach.lesson_bound import mark_bound
from shipworthy.coach.lesson_look import Looked, Noted, mark_look
from shipworthy.coach.lesson_name import Group, Grouped, mark_name
from shipworthy.coach.lesson_own import mark_own
from shipworthy.coach.lesson_prove import mark_prove
from shipworthy.decision.mode_counts import ReadOutput
from shipworthy.domain.errors import BadInput, Misused
from shipworthy.domain.taxonomy import active, counts_for
from shipworthy.services.course_gather import asked, bounded, proved
from shipworthy.services.course_owned import owned
from shipworthy.services.desk import Desk, desk_at
from shipworthy.services.taxonomy_state import open_reads
from shipworthy.store.course_file import read_truth
from shipworthy.store.evalset_file import placed_cases
from shipworthy.store.layout import Layout
from shipworthy.store.promises import read_incidents


def check_lesson(folder: Path, number: int) -> Marked:
    """Mark one lesson of the course; nothing is written.

    Args:
        folder: the practice launch.
        number: the lesson.

    Raises:
        Misused: there is no such lesson.
        BadInput: the folder is no practice launch.
        FolderHasProblems: the folder has mistakes.
    """
    if number not in MARKS:
        known = ", ".join(map(str, MARKS))
        raise Misused(f"there is no lesson {number} to check", remedy=f"lessons that can be checked: {known}")
    with desk_at(folder) as desk:
        _refuse_another(desk)
        return MARKS[number](desk)


def check_course(folder: Path) -> tuple[Marked, ...]:
    """Mark every lesson of the course; nothing is written.

    Raises:
        BadInput: the folder is no practice launch.
        FolderHasProblems: the folder has mistakes.
    """
    with desk_at(folder) as desk:
        _refuse_another(desk)
        return tuple(mark(desk) for mark in MARKS.values())


def is_practice(layout: Layout) -> bool:
    """Whether a folder is a practice launch of the course: it has the drafts that were recorded for it."""
    return set(read_truth().drafts) <= {placed.case.id for placed in placed_cases(layout, [])}


def _refuse_another(desk: Desk) -> None:
    layout = desk.launch.layout
    if not is_practice(layout):
        raise BadInput(
            "this is no practice launch: the course can only mark its own sample material",
            where=str(layout.folder),
            remedy="make one with `shipworthy learn start practice`, and name its folder",
        )


def _reads(desk: Desk) -> list[ReadOutput]:
    reads, _ = open_reads(desk, variant="drafts")
    planted = read_truth().drafts
    return [read for read in reads if read.state in ("pass", "fail") and _case(read) in planted]


def _case(read: ReadOutput) -> str:
    return read.name.rsplit("/", 1)[0]


def _look(desk: Desk) -> Marked:
    truth = read_truth()
    noted = tuple(Noted(_case(read), read.failed, read.note) for read in _reads(desk))
    return mark_look(Looked(noted, truth.drafts, truth.hints))


def _name(desk: Desk) -> Marked:
    since = {each.failure_mode for each in read_incidents(desk.launch.layout, []).values()}
    modes = [mode for mode in desk.launch.reading.taxonomy if mode.id not in since]  # those of lesson 6
    target = counts_for(modes)
    failed = [read for read in _reads(desk) if read.failed]
    groups = tuple(
        Group(
            mode.id,
            mode.definition,
            frozenset(
                _case(read) for read in failed if mode.id in {target.get(name, name) for name in read.modes}
            ),
            len(set(mode.examples)),
        )
        for mode in active(modes)
    )
    return mark_name(Grouped(groups, frozenset(map(_case, failed)), read_truth().drafts))


def _ask(desk: Desk) -> Marked:
    return mark_ask(asked(desk.launch.layout.folder))


def _bound(desk: Desk) -> Marked:
    return mark_bound(bounded(desk.launch))


def _prove(desk: Desk) -> Marked:
    return mark_prove(proved(desk.launch))


def _own(desk: Desk) -> Marked:
    return mark_own(owned(desk.launch))


MARKS: dict[int, Callable[[Desk], Marked]] = {1: _look, 2: _name, 3: _ask, 4: _bound, 5: _prove, 6: _own}
"""Lessons that can be checked, in their order."""
