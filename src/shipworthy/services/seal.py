"""Seal a series of scores, and the calls that a judge took for it: an event that holds a digest as they stand."""

from __future__ import annotations

from sqlalchemy import Connection

from shipworthy.store import journal
from shipworthy.store.calls import last_call
from shipworthy.store.digest import asked_digest, series_digest
from shipworthy.store.runs import series_number


def seal_series(connection: Connection, *, variant_no: int, series: str, at: str) -> None:
    """Write the event, unless the last one says the same; in the caller's transaction."""
    number = series_number(connection, series)
    digest = series_digest(connection, variant_no=variant_no, series_no=number)
    body = {"series": series, "variant_no": variant_no, "digest": digest}
    mine = [
        event
        for _, _, event in journal.events(connection, "score")
        if (event["variant_no"], event["series"]) == (variant_no, series)
    ]
    if not mine or mine[-1] != body:  # an earlier state that returns is sealed anew: the last event counts
        journal.append(connection, verb="score", body=body, at=at)


def seal_calls(connection: Connection, *, series: str, at: str) -> None:
    """Seal the calls of a judge that no event covers yet, and their receipts; in the caller's transaction.

    Calls of variants are sealed with the run that they belong to.
    """
    before = [body["last"] for _, _, body in journal.events(connection, "calls") if body["series"] == series]
    first, last = max(before, default=0) + 1, last_call(connection)
    if digest := asked_digest(connection, series, first, last):
        body = {"series": series, "first": first, "last": last, "digest": digest}
        journal.append(connection, verb="calls", body=body, at=at)
