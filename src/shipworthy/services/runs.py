"""Runs: what was run, imported and scored, how much of the plan is recorded, and what calls came to."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from shipworthy.services.opened import Opened
from shipworthy.store.calls import Doubt, Told, in_doubt, told
from shipworthy.store.fingerprint import variant_fingerprint
from shipworthy.store.of_outputs import Of
from shipworthy.store.outcomes import recorded
from shipworthy.store.runs import find_variant
from shipworthy.store.tables import closings, journal, runs, variants

MOST_RUNS = 200


@dataclass(frozen=True)
class RunLine:
    """One run, import or scoring.

    Attributes:
        no: its number.
        kind: run, import or score.
        variant: whose outputs.
        current: whether the variant is as it was then.
        outputs: how many it brought; None while it is not finished.
        closed_at: when it was finished, as text; empty while it is not.
        source: the file that was imported; empty for a run.
    """

    no: int
    kind: str
    variant: str
    current: bool
    outputs: int | None
    closed_at: str
    source: str


@dataclass(frozen=True)
class Recorded:
    """How much of what is planned for a variant is there: rows, whatever came of them.

    Attributes:
        variant: which.
        open_planned: cases times repeats on the parts explore and tune.
        open_there: of these, how many have a row.
        sealed_planned: the same on the holdout.
        sealed_there: of these, how many have a row.
    """

    variant: str
    open_planned: int
    open_there: int
    sealed_planned: int
    sealed_there: int


@dataclass(frozen=True)
class Accounts:
    """Everything that was asked and recorded.

    Attributes:
        runs: the latest first.
        more_runs: how many earlier ones are not listed.
        recorded: for each variant of the launch.
        bills: what calls came to; how calls on sealed cases went is not in them.
        doubts: calls that were about to be sent when a run was interrupted.
        as_of: the day of the price list; empty without one.
    """

    runs: tuple[RunLine, ...]
    more_runs: int
    recorded: tuple[Recorded, ...]
    bills: tuple[Told, ...]
    doubts: tuple[Doubt, ...]
    as_of: str


def accounts(launch: Opened) -> Accounts:
    """Return the runs of a launch with what they came to."""
    listed = launch.launch.price_list
    with launch.ledger.read() as connection:
        present = {
            name: find_variant(
                connection, name, variant_fingerprint(launch.layout, launch.launch.resolved(name))
            )
            for name in launch.launch.variants
        }
        total = connection.execute(select(func.count()).select_from(runs)).scalar_one()
        lines = _lines(connection, set(present.values()))
        there = tuple(_recorded(launch, connection, name, number) for name, number in present.items())
        return Accounts(
            lines, total - len(lines), there, tuple(told(connection)), tuple(in_doubt(connection)),
            listed.as_of.isoformat() if listed else "",
        )  # fmt: skip


def _lines(connection: Connection, present: set[int | None]) -> tuple[RunLine, ...]:
    query = (
        select(
            runs.c.no, runs.c.kind, runs.c.variant_no, runs.c.about, variants.c.name, closings.c.n_outputs, journal.c.at
        )
        .select_from(
            runs.join(variants, variants.c.no == runs.c.variant_no)
            .outerjoin(closings, closings.c.run_no == runs.c.no)
            .outerjoin(journal, journal.c.seq == closings.c.seq)
        )
        .order_by(runs.c.no.desc())
        .limit(MOST_RUNS)
    )  # fmt: skip
    return tuple(
        RunLine(
            row.no, row.kind, row.name, row.variant_no in present, row.n_outputs, row.at or "", _source(row.about)
        )
        for row in connection.execute(query)
    )  # fmt: skip


def _source(about: str) -> str:
    try:
        found = json.loads(about)
    except ValueError:
        return ""
    return str(found.get("file", "")) if isinstance(found, dict) else ""


def _recorded(launch: Opened, connection: Connection, name: str, number: int | None) -> Recorded:
    repeats = launch.launch.resolved(name).repeats or 1
    planned = {part: launch.cases.planned(part).n_cases * repeats for part in ("explore", "tune", "holdout")}
    there = dict.fromkeys(planned, 0)
    if number is not None:
        there |= recorded(connection, Of(launch.cases.no, number, None), repeats=repeats)
    return Recorded(
        name, planned["explore"] + planned["tune"], there["explore"] + there["tune"],
        planned["holdout"], there["holdout"],
    )  # fmt: skip
