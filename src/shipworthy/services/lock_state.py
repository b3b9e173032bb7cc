"""Whether the plan is locked, for pages on which a change would end that; nothing is priced."""

from __future__ import annotations

from shipworthy.domain.errors import ShipworthyError
from shipworthy.services.kept import Kept
from shipworthy.services.planned import last_lock, plan_of


def lock_state(kept: Kept) -> bool:
    """Return whether a plan is locked and the folder still is what was locked; not so where that cannot be said."""
    try:
        launch = kept.opened()
        with launch.ledger.read() as connection:
            if last_lock(connection) is None:
                return False
            found = last_lock(connection, plan_of(launch))
    except ShipworthyError:
        return False
    return found is not None and found.holds
