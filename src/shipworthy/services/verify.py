"""Verify a ledger: the chain of its journal, and every digest derived again from the rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from shipworthy.services.check_decisions import check_decisions
from shipworthy.services.verify_review import verify_labels
from shipworthy.store import journal
from shipworthy.store.digest import asked_digest, calls_digest, index_digest, run_digest, series_digest
from shipworthy.store.layout import Layout
from shipworthy.store.ledger import open_ledger
from shipworthy.store.runs import find_series
from shipworthy.store.tables import closings, looks, runs, sets


@dataclass(frozen=True)
class Verified:
    """What was checked, and every place where the ledger does not say what its journal sealed."""

    events: int
    head: str
    runs: int
    series: int
    labels: int
    decisions: int
    keys: tuple[str, ...]
    faults: tuple[str, ...]


def verify(folder: Path, *, head: str = "") -> Verified:
    """Check the journal's chain, derive all digests again, and check every signed decision with its memo.

    Args:
        folder: the launch folder.
        head: a journal head that was kept outside; the chain must have it.

    Raises:
        BadInput: there is no ledger, or the file is not one.
    """
    layout = Layout(folder)
    ledger = open_ledger(layout.ledger, create=False)
    try:
        with ledger.read() as connection:
            faults = _chain(connection)
            n_runs = _runs(connection, faults)
            _asked(connection, faults)
            n_series = _series(connection, faults)
            _looks(connection, faults)
            _locks(connection, faults)
            _live(connection, faults)
            n_labels = verify_labels(connection, faults)
            decided = check_decisions(layout, connection)
            faults += decided.faults
            if head and not journal.has(connection, head):
                faults.append(f"the journal has no event with the head that was kept, {head}")
            events, last = journal.head(connection)
    finally:
        ledger.close()
    return Verified(events, last, n_runs, n_series, n_labels, decided.decisions, decided.keys, tuple(faults))


def _chain(connection: Connection) -> list[str]:
    broken = journal.broken_at(connection)
    return [] if broken is None else [f"journal event {broken} does not carry the seal of its content"]


def _runs(connection: Connection, faults: list[str]) -> int:
    sealed = {body["run"]: body for _, _, body in journal.events(connection, "close")}
    closed = connection.execute(select(closings.c.run_no, runs.c.variant_no).join(runs)).all()
    for row in closed:
        body = sealed.pop(row.run_no, None)
        if body is None:
            faults.append(f"run {row.run_no} counts, but no event closed it")
            continue
        if run_digest(connection, row.run_no, variant_no=row.variant_no) != body["digest"]:
            faults.append(f"the outputs or scores of run {row.run_no} are not those that were closed")
        if "calls" in body and body["calls"] != calls_digest(
            connection, row.run_no, variant_no=row.variant_no
        ):
            faults.append(f"the calls of run {row.run_no}, or their receipts, are not those that were closed")
    faults += [f"run {number} was closed, and is gone" for number in sealed]
    return len(closed)


def _asked(connection: Connection, faults: list[str]) -> None:
    for _, _, body in journal.events(connection, "calls"):
        if asked_digest(connection, body["series"], body["first"], body["last"]) != body["digest"]:
            faults.append(f"the calls of {body['series']}, or their receipts, are not those that were sealed")


def _series(connection: Connection, faults: list[str]) -> int:
    last = {(body["variant_no"], body["series"]): body for _, _, body in journal.events(connection, "score")}
    for (variant_no, name), body in last.items():
        number = find_series(connection, name)
        if (
            number is None
            or series_digest(connection, variant_no=variant_no, series_no=number) != body["digest"]
        ):
            faults.append(f"the scores of {name} are not those that were sealed")
    return len(last)


def _looks(connection: Connection, faults: list[str]) -> None:
    sealed = {seq: body for seq, _, body in journal.events(connection, "look")}
    for row in connection.execute(select(looks)):
        body = sealed.pop(row.seq, None)
        if body is None or any(
            body[name] != getattr(row, name) for name in ("plan", "evidence", "variant", "number")
        ):
            faults.append(f"look {row.number} at {row.variant} is not the one that was sealed")
    faults += [f"a look at {body['variant']} was taken, and is gone" for body in sealed.values()]


def _live(connection: Connection, faults: list[str]) -> None:
    sealed = journal.events(connection, "watch")
    if not sealed:
        return
    from shipworthy.store.watched import values_digest  # noqa: PLC0415 - only where live outputs were taken in

    for seq, _, body in sealed:
        for name, took in body["took"].items():
            if values_digest(connection, seq, name) != took["digest"]:
                faults.append(f"the values of {name} that event {seq} brought are not those that were sealed")


def _locks(connection: Connection, faults: list[str]) -> None:
    for seq, _, body in journal.events(connection, "lock"):
        number = connection.execute(select(sets.c.no).where(sets.c.fingerprint == body["set"])).scalar()
        if number is None or index_digest(connection, number) != body["index"]:
            faults.append(f"the index of the cases that event {seq} locked is not the one that was sealed")
