"""Link: name a failure mode in the criterion that answers for it, in criteria.yaml."""

from __future__ import annotations

from typing import Any

from ruamel.yaml.comments import CommentedMap

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.problem import Problem
from shipworthy.services.desk import Desk
from shipworthy.services.taxonomy_change import Changed, Kind, follow, record_change
from shipworthy.store import journal
from shipworthy.store.entries import entries
from shipworthy.store.yaml_edit import Edited, edit_yaml, put
from shipworthy.store.yaml_file import YamlFile


def link_mode(
    desk: Desk, mode: str, criterion: str, *, by: str, remove: bool = False, seen: str | None = None
) -> Changed:
    """Name a failure mode in a criterion, or take it out again.

    Args:
        desk: the launch.
        mode: which failure mode.
        criterion: the id of the criterion.
        by: who links them.
        remove: take it out instead.
        seen: the hash of criteria.yaml as the person saw it.

    Raises:
        BadInput: there is no such failure mode or criterion.
        Refused: the plan is locked, or the file was changed by somebody else in between.
    """
    reading = desk.launch.reading
    if mode not in {each.id for each in reading.taxonomy}:
        raise BadInput(
            f"there is no failure mode `{mode[:60]}`", where="taxonomy.yaml", remedy="check its id"
        )
    known = [each.id for each in reading.criteria]
    if criterion not in known:
        raise BadInput(
            f"there is no criterion `{criterion[:60]}`",
            where="criteria.yaml",
            remedy=f"use one of: {', '.join(known)}" if known else "write one first",
        )
    with desk.launch.ledger.read() as connection:
        if journal.events(connection, "lock"):
            raise Refused(
                "the plan is locked, and criteria.yaml is part of it",
                where="criteria.yaml",
                remedy="link them before the next lock: after this one any change of a criterion is a change of the plan",
            )
    kind: Kind = "unlink" if remove else "link"
    alone = not next(each.failure_modes for each in reading.criteria if each.id == criterion)
    edited = write_link(desk, mode, criterion, remove=remove, seen=seen)
    if edited.before == edited.after:
        return Changed(0, kind, (mode,), edited.after)
    return record_change(desk, kind, [mode], by=by, about={"criterion": criterion, "alone": alone})


def write_link(
    desk: Desk, mode: str, criterion: str, *, remove: bool, whole: bool = False, seen: str | None = None
) -> Edited:
    """Write a failure mode into a criterion, or take it out; the journal is told by whoever calls this.

    Args:
        desk: the launch.
        mode: which failure mode.
        criterion: the id of the criterion.
        remove: take it out instead.
        whole: take the key away with its last failure mode.
        seen: the hash of criteria.yaml as the person saw it.

    Raises:
        Refused: the file was changed by somebody else in between.
        BadInput: the criterion is no longer there.
    """
    edited = edit_yaml(
        desk.launch.layout.criteria,
        lambda data: _changed(data, criterion, mode, remove=remove, whole=whole),
        name="criteria.yaml",
        seen=seen,
        problems=_problems,
    )
    follow(desk)
    return edited


def _changed(data: Any, criterion: str, mode: str, *, remove: bool, whole: bool) -> Any:
    row = next(
        (row for row in data or () if isinstance(row, CommentedMap) and row.get("id") == criterion), None
    )
    if row is None:
        raise BadInput(f"there is no criterion `{criterion}` any more", where="criteria.yaml")
    named = list(row.get("failure_modes") or [])
    if remove == (mode not in named):
        return data
    if "failure_modes" in row and isinstance(row["failure_modes"], list):
        if remove:
            row["failure_modes"].remove(mode)
            if whole and not row["failure_modes"]:
                del row["failure_modes"]
        else:
            row["failure_modes"].append(mode)
    else:
        put(row, "failure_modes", [mode])
    return data


def _problems(file: YamlFile) -> list[Problem]:
    found: list[Problem] = []
    entries(file, Criterion, found)
    return found
