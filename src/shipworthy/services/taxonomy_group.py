"""Group: give outputs a failure mode by their notes, as further labels of whoever groups them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

from shipworthy.domain.errors import BadInput, Refused, ShipworthyError
from shipworthy.domain.review import OPEN_READING, Output, Said, Turn
from shipworthy.domain.taxonomy import active
from shipworthy.services.desk import Desk
from shipworthy.services.label_commits import ToSave
from shipworthy.services.reviewer import reviewer_number
from shipworthy.services.taxonomy_change import Changed, record_change
from shipworthy.services.taxonomy_state import open_reads
from shipworthy.store.review import LabelRow, current_labels

SEEN_ALL = '{"judge": false, "others": false, "variant": false}'
"""Whoever groups other people's notes has read what they said."""
MOST = 2000


@dataclass(frozen=True)
class Grouped:
    """Outputs that were given a failure mode.

    Attributes:
        change: the event that holds them together, so that they can be taken back together.
        outputs: how many were given it.
        had_it: how many had it before.
    """

    change: Changed
    outputs: int
    had_it: int


def group_outputs(desk: Desk, outputs: Sequence[str], mode: str, *, by: str, instead_of: str = "") -> Grouped:
    """Give failing outputs a failure mode, beside those they have.

    A person's own label becomes a new version with the same note. On an output that only others labelled, the person
    settles: their labels stay as they are, and what is settled counts.

    Args:
        desk: the launch.
        outputs: their names, as `case/repeat`.
        mode: which failure mode.
        by: who groups them.
        instead_of: a failure mode that they have no longer, as when it was split.

    Raises:
        BadInput: an output is not there or nobody labelled it, or there is no such failure mode.
        Refused: an output passes.
        Stale: somebody labelled one of them in the meantime; those that were saved before stay, and can be taken back.
    """
    modes = {each.id: each for each in desk.launch.reading.taxonomy}
    if mode not in {each.id for each in active(tuple(modes.values()))}:
        merged = modes[mode].merged_into if mode in modes else None
        remedy = f"use `{merged}`, which it was merged into" if merged else "add it first"
        raise BadInput(
            f"no output can be given the failure mode `{mode[:60]}`", where="taxonomy.yaml", remedy=remedy
        )
    reads = {read.name: read for read in open_reads(desk)[0]}
    wanted = [_wanted(name, reads.get(name)) for name in dict.fromkeys(outputs)]
    if not wanted or len(wanted) > MOST:
        raise BadInput(f"{len(wanted):,} outputs to group", remedy=f"choose 1 to {MOST:,}")
    number = reviewer_number(desk, by)
    with desk.launch.ledger.read() as connection:
        held = current_labels(connection, outputs=wanted)
    given = [_label([row for row in held if row.output == output], number) for output in wanted]
    new = [
        (
            row,
            replace(
                said, modes=tuple(name for name in dict.fromkeys((*said.modes, mode)) if name != instead_of)
            ),
        )
        for row, said in given
    ]
    saving = [(row, said) for row, said in new if said != row.said or row.reviewer_no != number]
    change = _save(desk, number, saving, by=by, mode=mode)
    return Grouped(change, len(saving), len(new) - len(saving))


def _wanted(name: str, read: object) -> Output:
    from shipworthy.decision.mode_counts import ReadOutput  # noqa: PLC0415 - used once

    if not isinstance(read, ReadOutput):
        raise BadInput(
            f"nobody has labelled the output `{name[:80]}`",
            where="the open cases",
            remedy="name it as `case/repeat`, or read it first",
        )
    if not read.failed:
        raise Refused(
            f"`{name}` passes, so it has no failure mode", remedy="label it again if it should fail"
        )
    return read.output


def _label(rows: Sequence[LabelRow], number: int) -> tuple[LabelRow, Said]:
    """Return the label to go on from, and what it says: one's own, else what is settled, else what others said."""
    own = [row for row in rows if row.reviewer_no == number and row.turn in ("own", "settled")]
    settled = [row for row in rows if row.turn == "settled"]
    mine = [row for row in own if row.turn == "settled"] if settled else own
    if mine:
        best = min(mine, key=lambda row: (row.said.state != "fail", row.criterion != OPEN_READING, row.no))
        return best, replace(best.said, state="fail")
    telling = settled[-1:] or [row for row in rows if row.turn == "own"]
    failing = next((row for row in telling if row.said.state == "fail"), telling[0])
    modes = dict.fromkeys(name for row in telling for name in row.said.modes)
    return failing, Said("fail", "", tuple(modes), failing.said.step)


def _save(desk: Desk, number: int, saving: Sequence[tuple[LabelRow, Said]], *, by: str, mode: str) -> Changed:
    waiting: list[tuple[LabelRow, Future[LabelRow]]] = []
    for row, said in saving:
        mine = row.reviewer_no == number
        turn: Turn = "own" if mine and row.turn == "own" else "settled"
        version = row.version if mine else desk.version((number, row.output, row.criterion, "settled"))
        waiting.append(
            (
                row,
                desk.commits.submit(
                    ToSave(
                        number, row.output, row.criterion, turn, said, version, uuid.uuid4().hex,
                        row.queue_no if mine else None, None, row.blind if mine else SEEN_ALL,
                    )
                ),
            )
        )  # fmt: skip
    saved, failed = [], list[ShipworthyError]()
    for _, future in waiting:
        try:
            saved.append(future.result())
        except ShipworthyError as error:
            failed.append(error)
    numbers = [row.no for row in saved]
    change = record_change(desk, "group", [mode], by=by, about={"labels": numbers, "outputs": len(numbers)})
    if failed:
        raise failed[0]
    return change
