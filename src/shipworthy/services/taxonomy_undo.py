"""Undo: take one change of the taxonomy back, as a further change."""

from __future__ import annotations

import uuid
from typing import Any

from shipworthy.decision.mode_changes import Patch, taken_back
from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.review import before
from shipworthy.services.desk import Desk
from shipworthy.services.label_commits import ToSave
from shipworthy.services.taxonomy_change import Changed, change_modes, record_change
from shipworthy.services.taxonomy_history import Event, taxonomy_history
from shipworthy.services.taxonomy_link import write_link
from shipworthy.store.mode_labels import labels_by_mode
from shipworthy.store.review import LabelRow, by_number, chain


def undo_change(desk: Desk, number: int | None = None, *, by: str) -> Changed:
    """Take a change back; nothing is removed from the journal.

    A part of a split that somebody has used in a label goes back into the failure mode it came from.

    Args:
        desk: the launch.
        number: of the change; the latest that stands unless said.
        by: who takes it back.

    Raises:
        BadInput: there is no such change.
        Refused: it was taken back already, or what it changed was changed since, or is in use.
    """
    event = _event(desk, number)
    about: dict[str, Any] = {"undoes": event.number, "undone": event.words}
    if event.kind in ("link", "unlink"):
        remove = event.kind == "link"
        mode = event.body["modes"][0]
        whole = bool(event.body.get("alone"))
        write_link(desk, mode, event.body["criterion"], remove=remove, whole=whole)
        return record_change(desk, "undo", [mode], by=by, about=about)
    if event.kind == "group":
        _labels_back(desk, event.body["labels"])
        return record_change(desk, "undo", event.body["modes"], by=by, about=about)
    patches = [Patch.from_json(each) for each in event.body["patches"]]
    in_use = _in_use(desk)
    return change_modes(
        desk, "undo", lambda entries: taken_back(entries, patches, in_use), by=by, about=about
    )


def _event(desk: Desk, number: int | None) -> Event:
    history = taxonomy_history(desk)
    if number is None:
        found = next((event for event in history if event.stands), None)
        if found is None:
            raise Refused("there is no change left to take back", where="taxonomy.yaml")
        return found
    found = next((event for event in history if event.number == number), None)
    if found is None:
        raise BadInput(
            f"there is no change {number} of the taxonomy", remedy="see `shipworthy taxonomy history`"
        )
    if not found.stands:
        why = "is an undo itself" if found.kind == "undo" else f"was taken back by change {found.undone}"
        raise Refused(f"change {number} {why}", remedy="make the change again instead")
    return found


def _in_use(desk: Desk) -> dict[str, str]:
    """Return what would be lost with each failure mode: the criteria that name it, and labels."""
    with desk.launch.ledger.read() as connection:
        labels = labels_by_mode(connection)
    found = {mode: f"{n:,} label{'' if n == 1 else 's'}" for mode, n in labels.items()}
    for criterion in desk.launch.reading.criteria:
        for mode in criterion.failure_modes:
            found[mode] = f"the criterion {criterion.id}"
    return found


def _labels_back(desk: Desk, numbers: list[int]) -> None:
    with desk.launch.ledger.read() as connection:
        rows = [by_number(connection, number) for number in numbers]
        chains = [chain(connection, r.reviewer_no, r.output, r.criterion, r.turn) for r in rows]
    if any(held[-1].no != row.no for row, held in zip(rows, chains, strict=True)):
        raise Refused(
            "one of these outputs was labelled again since",
            remedy="take the failure mode away where it does not fit: label those outputs again",
        )
    waiting = [desk.commits.submit(_back(row, held)) for row, held in zip(rows, chains, strict=True)]
    for future in waiting:
        future.result()


def _back(row: LabelRow, held: list[LabelRow]) -> ToSave:
    said = before([(each.version, each.said) for each in held], row.version)
    turn: Any = row.turn
    return ToSave(
        row.reviewer_no, row.output, row.criterion, turn, said, row.version, uuid.uuid4().hex, row.queue_no,
        None, row.blind,
    )  # fmt: skip
