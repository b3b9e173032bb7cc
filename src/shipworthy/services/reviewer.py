"""A reviewer's number: a name becomes one the first time that it is used."""

from __future__ import annotations

import unicodedata

from shipworthy.domain.errors import BadInput
from shipworthy.services.desk import Desk

LONGEST_NAME = 80


def reader_number(desk: Desk, name: str) -> int:
    """Return the number of somebody who reads; nothing is written down of a new name before it is said with a label.

    A guest's number is below zero; what a guest holds stays theirs when the name is written down.

    Args:
        desk: the launch.
        name: what the person is called here; compared letter by letter, without blanks round it.

    Raises:
        BadInput: no name that can be printed on one line.
    """
    plain = _plain(name)
    with desk.lock:
        known = desk.people.get(plain)
        if known is None and plain not in desk.guests:
            desk.guests[plain] = next(desk.guest_numbers)
        return desk.guests[plain] if known is None else known


def reviewer_number(desk: Desk, name: str) -> int:
    """Return the number of a reviewer, written down at the first use of the name.

    Args:
        desk: the launch.
        name: what the person is called here; compared letter by letter, without blanks round it.

    Raises:
        BadInput: no name that can be printed on one line.
    """
    plain = _plain(name)
    found = desk.people.get(plain)
    if found is not None:
        return found
    return desk.commits.meet(plain).result()


def _plain(name: str) -> str:
    plain = unicodedata.normalize("NFC", name).strip()
    if not plain or len(plain) > LONGEST_NAME or not plain.isprintable():
        raise BadInput(
            "this is no name",
            where=repr(name[:LONGEST_NAME]),
            remedy=f"use 1 to {LONGEST_NAME} characters that can be printed",
        )
    return plain
