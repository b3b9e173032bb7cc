"""Settle: what people agree on, and what was adjudicated, becomes the series of labels that criteria read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from shipworthy.domain.errors import BadInput
from shipworthy.domain.review import FIRM, Output
from shipworthy.services.clock import now
from shipworthy.services.desk import Desk
from shipworthy.services.planned import candidate_of
from shipworthy.services.queue_kinds import variant_no
from shipworthy.services.seal import seal_series
from shipworthy.store.insert import add
from shipworthy.store.review import current_labels
from shipworthy.store.runs import series_number
from shipworthy.store.tables import closings, outputs, queue_items, queues, scores


@dataclass(frozen=True)
class SettledLabels:
    """What became of the labels of a criterion; nothing is said of how they went.

    Attributes:
        criterion: which.
        name: of the labels, as `scorer: {labels: NAME}` and `labels: {recorded: NAME}` read them.
        variant: whose outputs.
        variant_no: the ledger's number of it, as it is now.
        written: labels that are new.
        known: labels that were there already.
        silent: outputs without an answer, which nobody needs to label.
        differ: outputs on which people differ; they wait for an adjudicator.
        waiting: outputs that have fewer labels than people were wanted.
        left: answered outputs without a label.
    """

    criterion: str
    name: str
    variant: str
    variant_no: int
    written: int
    known: int
    silent: int
    differ: int
    waiting: int
    left: int


def settle_labels(desk: Desk, criterion: str, *, name: str, variant: str | None = None) -> SettledLabels:
    """Write the labels that stand as a series of scores; labels that differ or wait are left for later.

    Args:
        desk: the launch.
        criterion: under which outputs were labelled; empty for open reading.
        name: of the labels, as criteria name them.
        variant: whose outputs; the candidate's unless said.

    Raises:
        BadInput: there is no such variant, or a label differs from the one that was written before.
    """
    whose = variant or candidate_of(desk.launch.launch)
    with desk.launch.ledger.write() as connection:
        number = variant_no(desk.launch, connection, whose)
        there = _recorded(connection, number)
        stand, differ, waiting = _standing(connection, criterion, number)
        stand = {output: value for output, value in stand.items() if output in there}
        kept = _kept(connection, number, name)
        _refuse_changes(stand, kept, name)
        new = [output for output in stand if output not in kept]
        silent = [o for o, (_, answered) in there.items() if not answered and o not in kept]
        series = series_number(connection, f"labels:{name}")
        rows = [
            (number, series, o.case_no, o.repeat, 0, there[o][0], there[o][1], stand.get(o))
            for o in new + silent
        ]
        add(connection, scores, rows)
        seal_series(connection, variant_no=number, series=f"labels:{name}", at=now())
    answered = sum(1 for _, answers in there.values() if answers)
    labelled = sum(1 for output in {*kept, *new} if output in there and there[output][1])
    known = len(stand) - len(new)
    return SettledLabels(
        criterion, name, whose, number, len(new), known, len(silent), differ, waiting, answered - labelled
    )


def _recorded(connection: Connection, number: int) -> dict[Output, tuple[int, int]]:
    """Return run and answered of each recorded output of a variant."""
    o = outputs.c
    query = (
        select(o.case_no, o.repeat, o.run_no, o.answered)
        .select_from(outputs.join(closings, closings.c.run_no == o.run_no))
        .where(o.variant_no == number, o.attempt == 0)
    )
    return {Output(number, r[0], r[1]): (r[2], r[3]) for r in connection.execute(query)}


def _standing(connection: Connection, criterion: str, number: int) -> tuple[dict[Output, float], int, int]:
    """Return the labels that stand, and how many outputs differ or wait for another reader."""
    wanted = _readers(connection, criterion, number)
    own: defaultdict[Output, list[str]] = defaultdict(list)
    settled: dict[Output, str] = {}
    for row in current_labels(connection, criterion):
        if row.variant_no != number or row.state not in FIRM or row.turn == "again":
            continue
        if row.turn == "settled":
            settled[row.output] = row.state
        else:
            own[row.output].append(row.state)
    stand: dict[Output, float] = {}
    differ = waiting = 0
    for output, states in own.items():
        if output in settled:
            stand[output] = float(settled[output] == "pass")
        elif len(states) < wanted.get(output, 1):
            waiting += 1
        elif len(set(states)) > 1:
            differ += 1
        else:
            stand[output] = float(states[0] == "pass")
    return stand, differ, waiting


def _readers(connection: Connection, criterion: str, number: int) -> dict[Output, int]:
    """Return how many people were wanted for each output, in whatever queue."""
    q = queue_items.c
    query = (
        select(q.case_no, q.repeat, func.max(q.readers))
        .select_from(queue_items.join(queues, queues.c.no == q.queue_no))
        .where(queues.c.criterion == criterion, q.variant_no == number)
        .group_by(q.case_no, q.repeat)
    )
    return {Output(number, row[0], row[1]): row[2] for row in connection.execute(query)}


def _kept(connection: Connection, number: int, name: str) -> dict[Output, float | None]:
    s = scores.c
    series = series_number(connection, f"labels:{name}")
    query = select(s.case_no, s.repeat, s.value).where(s.variant_no == number, s.series_no == series)
    return {Output(number, row[0], row[1]): row[2] for row in connection.execute(query)}


def _refuse_changes(stand: dict[Output, float], kept: dict[Output, float | None], name: str) -> None:
    changed = [output for output, value in stand.items() if output in kept and kept[output] != value]
    if changed:
        raise BadInput(
            f"{len(changed):,} labels differ from the ones that were settled before as `{name}`",
            where="the ledger",
            remedy="settled labels are not changed: settle them under another name, and name that in criteria.yaml",
        )
