"""Accepted challenges, as the journal has them: who took what upon themselves, why, and until when."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection

from shipworthy.coach.sceptic import Accepted
from shipworthy.store import journal


def accepted(connection: Connection) -> tuple[Accepted, ...]:
    """Return what was accepted, oldest first; an expired one is among them."""
    return tuple(
        Accepted(
            rule=body["rule"],
            subjects=tuple(body["subjects"]),
            name=body["name"],
            reason=body["reason"],
            until=dt.date.fromisoformat(body["until"]),
        )
        for _, _, body in journal.events(connection, "accept")
    )
