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
    if body not in (event for _, _, event in journal.events(connection, "score")):
        journal.append(connection, verb="score", body=body, at=at)
