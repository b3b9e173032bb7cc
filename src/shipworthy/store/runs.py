"""Runs in the ledger: opened, filled in acknowledged batches, closed by an event; or discarded unclosed.

A run holds the outputs of one variant from one place: one imported file, or one go of the runner.
Until it has its row in `closings` no count sees it. Its key names what it is (file hash, variant,
map), so the same import finds what an interrupted one left and goes on from there.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, literal, select

from shipworthy.store import journal
from shipworthy.store.digest import calls_digest, run_digest
from shipworthy.store.tables import (
    closings,
    explanations,
    outputs,
    runs,
    scores,
    series,
    steps,
    texts,
    variants,
)

ASKED = frozenset({"run", "fresh"})
"""Kinds of runs whose outputs were asked for here: each stands as JSON, while an imported one is the text of its file."""
IS_CLOSED = select(exists().where(closings.c.run_no == bindparam("run")))
"""Made once: it is asked with every batch."""


@dataclass(frozen=True)
class Run:
    """An open or closed run.

    Attributes:
        no: its number.
        variant_no: whose outputs it holds.
        closed: whether it counts.
        opened: number of the last journal event before it began.
    """

    no: int
    variant_no: int
    closed: bool
    opened: int


def run_key(*parts: str) -> str:
    """Name a run by what it is."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def variant_number(connection: Connection, name: str, fingerprint: str) -> int:
    """Return the ledger's number of a variant in one state of its code; added if new."""
    where = (variants.c.name == name) & (variants.c.fingerprint == fingerprint)
    found = connection.execute(select(variants.c.no).where(where)).scalar()
    if found is None:
        connection.execute(variants.insert().values(name=name, fingerprint=fingerprint))
        found = connection.execute(select(variants.c.no).where(where)).scalar_one()
    return int(found)


def find_variant(connection: Connection, name: str, fingerprint: str) -> int | None:
    """Return the ledger's number of a variant, None when it never ran."""
    where = (variants.c.name == name) & (variants.c.fingerprint == fingerprint)
    return connection.execute(select(variants.c.no).where(where)).scalar()


def earlier_states(connection: Connection, name: str) -> set[str]:
    """Return the states of a variant that answered cases; those that only answered a demo say nothing here."""
    v, r = variants.c, runs.c
    answered = exists().where(r.variant_no == v.no, r.kind != "demo")
    return set(connection.execute(select(v.fingerprint).where(v.name == name, answered)).scalars())


def series_number(connection: Connection, name: str) -> int:
    """Return the number of a score series; added if new."""
    found = find_series(connection, name)
    if found is None:
        connection.execute(series.insert().values(name=name))
        found = find_series(connection, name)
    return int(found or 0)


def find_series(connection: Connection, name: str) -> int | None:
    """Return the number of a score series, None when nothing was ever scored so."""
    return connection.execute(select(series.c.no).where(series.c.name == name)).scalar()


def has_values(connection: Connection, variant_no: int, name: str) -> bool:
    """Whether any output of a variant has a value in a series."""
    here = (scores.c.variant_no == variant_no) & (scores.c.series_no == find_series(connection, name))
    return bool(connection.execute(select(exists().where(here, scores.c.value.is_not(None)))).scalar())


def has_grades(connection: Connection, variant_no: int, name: str) -> bool:
    """Whether any output of a variant has a value outside 0 to 1 in a series."""
    s = scores.c
    here = (s.variant_no == variant_no) & (s.series_no == find_series(connection, name))
    return bool(connection.execute(select(exists().where(here, (s.value > 1) | (s.value < 0)))).scalar())


def recorded_names(connection: Connection, variant_no: int) -> list[str]:
    """Return the names of the scores that came with a variant's outputs."""
    rows = connection.execute(
        select(series.c.no, series.c.name).where(series.c.name.like("recorded:%"))
    ).all()
    named = [row.name for row in rows if has_values(connection, variant_no, row.name)]
    return sorted(name.removeprefix("recorded:") for name in named)


def open_run(
    connection: Connection,
    key: str,
    *,
    kind: str,
    variant_no: int,
    about: dict[str, Any],
    opened: int | None = None,
) -> Run:
    """Return the run of that key; begun if it is new, after the journal's last event unless an earlier one is named."""
    found = find_run(connection, key)
    if found is not None:
        return found
    if opened is None:
        opened, _ = journal.head(connection)
    values = {
        "key": key,
        "kind": kind,
        "variant_no": variant_no,
        "opened": opened,
        "about": json.dumps(about),
    }
    connection.execute(runs.insert().values(**values))
    made = find_run(connection, key)
    assert made is not None
    return made


def find_run(connection: Connection, key: str) -> Run | None:
    """Return the run of that key, None when there is none."""
    closed = exists().where(closings.c.run_no == runs.c.no)
    query = select(runs.c.no, runs.c.variant_no, closed.label("closed"), runs.c.opened).where(
        runs.c.key == key
    )
    row = connection.execute(query).first()
    return Run(row.no, row.variant_no, bool(row.closed), row.opened) if row else None


def unfinished(connection: Connection) -> list[tuple[Run, str, dict[str, Any]]]:
    """Return the runs that were never closed, with their kind and what they are about."""
    open_ones = ~exists().where(closings.c.run_no == runs.c.no)
    rows = connection.execute(select(runs).where(open_ones).order_by(runs.c.no))
    return [
        (Run(r.no, r.variant_no, closed=False, opened=r.opened), r.kind, json.loads(r.about)) for r in rows
    ]


def has_first(connection: Connection, run: Run) -> bool:
    """Whether a run holds any output that is the first of its case and repeat."""
    o = outputs.c
    mine = (o.variant_no == run.variant_no, o.run_no == run.no, o.attempt == 0)
    return bool(connection.execute(select(exists().where(*mine))).scalar())


def close_run(connection: Connection, run: Run, *, at: str, about: dict[str, Any], needed: list[str]) -> str:
    """Give a run its closing event, in the caller's transaction; from then on it counts.

    Args:
        connection: a writing transaction.
        run: the run, complete.
        at: the time as text, for the journal.
        about: what the event says beside the digests.
        needed: series that criteria ask for; answered outputs without a row in one become unscored.

    Returns:
        The digest of the run's content; empty when another process closed the run a moment before.
    """
    if is_closed(connection, run):
        return ""
    fill_series(connection, run, needed)
    digest = run_digest(connection, run.no, variant_no=run.variant_no)
    n_outputs = connection.execute(
        select(func.count()).where(outputs.c.variant_no == run.variant_no, outputs.c.run_no == run.no)
    ).scalar()
    calls = calls_digest(connection, run.no, variant_no=run.variant_no)
    body = {**about, "run": run.no, "n_outputs": n_outputs, "digest": digest, "calls": calls}
    seq = journal.append(connection, verb="close", body=body, at=at)
    connection.execute(closings.insert().values(run_no=run.no, seq=seq, n_outputs=n_outputs, digest=digest))
    return digest


def discard_run(connection: Connection, run: Run) -> None:
    """Remove an unclosed run with all its rows, in the caller's transaction: nothing half-written stays.

    A run that another process closed a moment before counts, and is left alone.
    """
    if is_closed(connection, run):
        return
    for table in (texts, steps, explanations, scores, outputs):
        connection.execute(
            delete(table).where(table.c.variant_no == run.variant_no, table.c.run_no == run.no)
        )
    connection.execute(delete(runs).where(runs.c.no == run.no))


def is_closed(connection: Connection, run: Run) -> bool:
    """Whether a run counts already."""
    return bool(connection.execute(IS_CLOSED, {"run": run.no}).scalar())


def fill_series(connection: Connection, run: Run, needed: list[str]) -> None:
    """Give every output of the run a row in every series: unscored, or no answer.

    Covers the series that criteria need and those that the run itself brought for some of its outputs.
    """
    mine = (scores.c.variant_no == run.variant_no) & (scores.c.run_no == run.no)
    brought = set(connection.execute(select(scores.c.series_no).where(mine).distinct()).scalars())
    total = connection.execute(
        select(func.count()).where(outputs.c.variant_no == run.variant_no, outputs.c.run_no == run.no)
    ).scalar()
    for number in sorted(brought | {series_number(connection, name) for name in needed}):
        have = connection.execute(select(func.count()).where(mine, scores.c.series_no == number)).scalar()
        if have != total:
            _fill(connection, run, number)


def _fill(connection: Connection, run: Run, number: int) -> None:
    o, s = outputs.c, scores.c
    same = (
        s.variant_no == o.variant_no,
        s.case_no == o.case_no,
        s.repeat == o.repeat,
        s.attempt == o.attempt,
    )
    missing = select(
        o.variant_no, literal(number), o.case_no, o.repeat, o.attempt, o.run_no, o.answered, literal(None)
    ).where(o.variant_no == run.variant_no, o.run_no == run.no, ~exists().where(*same, s.series_no == number))
    connection.execute(insert(scores).from_select([c.name for c in scores.columns], missing))
