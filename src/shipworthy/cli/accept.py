"""`shipworthy accept`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from shipworthy.cli.terminal import out
from shipworthy.domain.errors import BadInput
from shipworthy.services.accept import Wish
from shipworthy.services.accept import accept as accept_challenge


def accept(rule: str, folder: Path = Path(), *, name: str, reason: str, until: str) -> int:
    """Take an open challenge upon yourself, by name, for a reason and for a while.

    It is an event of the journal, and the memo prints it. It covers what the challenge is about now: another criterion
    or slice opens it again, and so does the day after `--until`. What blocks takes a reason of substance and at most 90
    days. Exit code: 0, or 3 when it is refused. Example:

        shipworthy accept CST-01 my-launch --name "Ada" --until 2027-02-01 --reason "The price is fixed until March by contract 17."

    Args:
        rule: the challenge's id, as FRM-01.
        folder: the launch folder; here unless said.
        name: who accepts it.
        reason: why it may stand.
        until: the last day on which it may, as 2027-02-01.
    """
    try:
        day = dt.date.fromisoformat(until)
    except ValueError:
        raise BadInput(f"`{until}` is no day", where="--until", remedy="write it as 2027-02-01") from None
    made = accept_challenge(folder, Wish(rule, name, reason, day))
    about = f" about {', '.join(made.subjects)}" if made.subjects else ""
    out(f"{made.rule}{about} accepted by {made.name} until {made.until.isoformat()}")
    return 0
