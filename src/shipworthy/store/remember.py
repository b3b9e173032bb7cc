"""What was read of a ledger, kept until the ledger changes: each connection keeps its own, and is never wrong about it.

SQLite tells a connection whether anybody else has committed since (`data_version`), and how many rows it changed
itself; inside a transaction both are those of the state that the transaction sees. Elsewhere nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import Connection, text

T = TypeVar("T")
MOST = 24
"""Values that one connection keeps; the one that was used longest ago goes first. Chosen, not measured."""
_VERSION = text("PRAGMA data_version")
_TOUCH = text("SELECT count(*) FROM sqlite_master")
_SHELF = "shipworthy.remembered"


class Shelf:
    """What one connection keeps: values of one state of the ledger, and the last of what never changes once it is there."""

    def __init__(self) -> None:
        self.state: object = None
        self.values: dict[Hashable, Any] = {}
        self.lasting: dict[Hashable, Any] = {}

    def keep(self, key: Hashable, value: Any, *, state: object) -> None:
        """Keep a value that was made from a state, unless the ledger has changed since."""
        if self.state != state or state is None:
            return
        self.values.pop(key, None)
        while len(self.values) >= MOST:
            del self.values[next(iter(self.values))]
        self.values[key] = value

    def get(self, key: Hashable) -> Any:
        """Return what is kept under a key; None when nothing is."""
        found = self.values.pop(key, None)
        if found is not None:
            self.values[key] = found
        return found


def shelf(connection: Connection) -> Shelf:
    """Return what a connection keeps of the state that its transaction sees; it is empty where nothing may be kept."""
    if connection.dialect.name != "sqlite":
        return Shelf()
    connection.execute(_TOUCH)  # from here on the transaction sees one state
    raw: Any = connection.connection.dbapi_connection
    state = (connection.execute(_VERSION).scalar(), raw.total_changes)
    found: Shelf = connection.info.setdefault(_SHELF, Shelf())
    if found.state != state:
        found.state, found.values = state, {}
    return found


def remembered(connection: Connection, key: Hashable, make: Callable[[], T]) -> T:
    """Return a value that was made from the ledger as this transaction sees it; made now when it is not kept.

    Args:
        connection: in a reading transaction.
        key: what names the value, beside the ledger's state.
        make: makes it; never None.
    """
    kept = shelf(connection)
    found: T | None = kept.get(key)
    if found is None:
        state, found = kept.state, make()
        kept.keep(key, found, state=state)
    return found


def lasting(connection: Connection, key: Hashable, make: Callable[[], T]) -> T:
    """Return a value made from rows that are never changed once they are there, as those of an eval set's index.

    Args:
        connection: in a reading transaction, in which those rows are there.
        key: what names the value; only the last one is kept.
        make: makes it; never None.
    """
    kept = shelf(connection)
    found: T | None = kept.lasting.get(key)
    if found is None:
        kept.lasting.clear()
        found = kept.lasting[key] = make()
    return found
