"""History: every change of the taxonomy that was made here, and which can still be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shipworthy.narrative.taxonomy import change_words
from shipworthy.services.desk import Desk
from shipworthy.services.taxonomy_change import VERB
from shipworthy.store import journal


@dataclass(frozen=True)
class Event:
    """One change.

    Attributes:
        number: of its event in the journal.
        at: when, as text.
        by: who made it.
        kind: what it was.
        words: the same as a sentence.
        undone: the number of the event that took it back; None while it stands.
        body: everything the journal holds of it.
    """

    number: int
    at: str
    by: str
    kind: str
    words: str
    undone: int | None
    body: dict[str, Any]

    @property
    def stands(self) -> bool:
        """Whether it can be taken back: it was not before, and is no undo itself."""
        return self.undone is None and self.kind != "undo"


def taxonomy_history(desk: Desk) -> list[Event]:
    """Return the changes, the latest first; what was typed into the file by hand is in git, and not here."""
    with desk.launch.ledger.read() as connection:
        found = journal.events(connection, VERB)
    undone = {body["undoes"]: number for number, _, body in found if body.get("change") == "undo"}
    return [
        Event(
            number, at, str(body.get("by", "")), str(body.get("change", "")), change_words(body),
            undone.get(number), body,
        )
        for number, at, body in reversed(found)
    ]  # fmt: skip
