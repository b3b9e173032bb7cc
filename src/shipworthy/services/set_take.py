"""Take: bring filled-in worksheets into the eval set, beside the cases they come from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from shipworthy.domain.errors import BadInput, FolderHasProblems, Refused
from shipworthy.domain.evalset import Case
from shipworthy.services.check import check
from shipworthy.store.case_lines import change_cases
from shipworthy.store.evalset_file import read_cases, write_cases
from shipworthy.store.layout import Layout
from shipworthy.store.todo import read_todo

OPEN = ("explore", "tune")


@dataclass(frozen=True)
class Taken:
    """Cases that were brought in.

    Attributes:
        path: the new file of cases.
        cases: how many.
        empty: how many rows nobody has filled in.
        grouped: cases that were given a group, so that what comes from them stands with them.
    """

    path: Path
    cases: int
    empty: int
    grouped: int


def take(folder: Path, worksheet: Path) -> Taken:
    """Write the filled-in cases of a worksheet into a new file of the eval set.

    A case that comes from one without a group gives its origin that group: the two stand or fall together.

    Args:
        folder: the launch folder.
        worksheet: a file that `set grow --write` or `set from-failures` made, with inputs filled in.

    Raises:
        BadInput: nothing is filled in, or a row is no case.
        Refused: a case would go into a sealed part, or its id or this worksheet was taken before.
        FolderHasProblems: the folder has mistakes, or would have some with these cases; nothing is kept then.
    """
    if problems := check(folder).problems:
        raise FolderHasProblems(problems)
    layout = Layout(folder)
    filled, empty = read_todo(worksheet)
    if not filled:
        raise BadInput(
            f"none of the {empty:,} rows is filled in",
            where=str(worksheet),
            remedy="write `input` in some of them",
        )
    there = {case.id: case for case in read_cases(layout, [])}
    for case in filled:
        _refuse(case, there, worksheet)
    grouped = {
        case.group: {"group": case.group}
        for case in filled
        if case.group in there and there[case.group].group is None
    }
    parts = {case.group: case.part for case in there.values() if case.group is not None}
    parts |= {name: there[name].part for name in grouped if name is not None}
    filled = [replace(case, part=parts.get(case.group or "", case.part)) for case in filled]
    for case in filled:
        _refuse(case, there, worksheet)
    name = hashlib.sha256("\n".join(case.id for case in filled).encode("utf-8", "replace")).hexdigest()[:8]
    path = layout.evalset / f"{worksheet.stem}-{name}.jsonl"
    if path.exists():
        raise Refused("these cases were taken before", where=str(path), remedy="look there")
    write_cases(path, filled)
    if problems := check(folder).problems:  # an id that stands twice, a tag without a share
        path.unlink()
        raise FolderHasProblems(problems)
    changes = {name: given for name, given in grouped.items() if name is not None}
    if changes:
        change_cases(layout, {name: {"group": name} for name in changes})
    return Taken(path, len(filled), empty, len(changes))


def _refuse(case: Case, there: dict[str, Case], worksheet: Path) -> None:
    if case.id in there:
        raise Refused(
            f"the eval set has a case `{case.id}` already",
            where=str(worksheet),
            remedy="give it an id of its own, or remove the row",
        )
    if case.part not in OPEN:
        raise Refused(
            f"the case `{case.id}` would go into {case.part}",
            where=str(worksheet),
            remedy='leave `"part": "explore"`; shipworthy set split moves fresh cases',
        )
