"""Seal a series of scores: an event that holds a digest of it as it stands."""

from __future__ import annotations

from sqlalchemy import Connection

from shipworthy.store import journal
from shipworthy.store.digest import series_digest
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
