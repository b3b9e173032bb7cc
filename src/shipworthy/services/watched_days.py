"""On which days outputs counted for each promise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection

from shipworthy.domain.promise import KeptPromise
from shipworthy.store import watched

EPOCH = dt.date(1970, 1, 1).toordinal()
Days = dict[dt.date, tuple[int, float]]
"""Day to how many outputs counted, and the sum of their values."""


def days_of(promises: Sequence[KeptPromise], connection: Connection) -> dict[str, Days]:
    """Return for each promise the days on which outputs counted; what has no day counts on that of its intake."""
    intakes = {each.seq: each for each in watched.intakes(connection)}
    found: dict[str, Days] = {promise.id: {} for promise in promises}
    for row in watched.day_counts(connection):
        intake = intakes[row.seq]
        tags = intake.mixes[row.mix]
        day = dt.date.fromordinal(row.day + EPOCH) if row.day >= 0 else dt.date.fromisoformat(intake.at[:10])
        for promise in promises:
            tag, _, wanted = promise.slice.partition("=")
            if promise.series == row.series and (not promise.slice or tags.get(tag) == wanted):
                n, passed = found[promise.id].get(day, (0, 0.0))
                found[promise.id][day] = n + row.n, passed + row.passed
    return found
