"""Accepted challenges, as the journal has them: who took what upon themselves, why, and until when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from shipworthy.store import journal

if TYPE_CHECKING:
    from shipworthy.coach.sceptic import Accepted


def accepted(connection: Connection) -> tuple[Accepted, ...]:
    """Return what was accepted, oldest first; an expired one is among them."""
    from shipworthy.coach.sceptic import Accepted  # noqa: PLC0415 - loaded when there is something to challenge

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


def standing_accepted(connection: Connection) -> tuple[str, ...]:
    """Return the acceptances that have not expired, the latest of each challenge, each as a sentence for the memo."""
    if not journal.events(connection, "accept"):
        return ()
    from shipworthy.coach.catalogue import BY_ID  # noqa: PLC0415 - most launches have accepted nothing

    today = dt.datetime.now(dt.UTC).date()
    latest = {each.rule: each for each in accepted(connection)}
    return tuple(
        f"{rule} {BY_ID[rule].title}: {each.reason} ({each.name}, until {each.until.isoformat()})"
        for rule, each in sorted(latest.items())
        if today <= each.until and rule in BY_ID
    )
