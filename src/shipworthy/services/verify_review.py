"""Verify what people said: every label lies in a group that was sealed, and each group and queue is as it was sealed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from shipworthy.store import journal
from shipworthy.store.digest import labels_digest, queue_digest
from shipworthy.store.tables import labels, queues, reveals, reviewers


def verify_labels(connection: Connection, faults: list[str]) -> int:
    """Check labels, queues, reviewers and reveals against the journal, and return how many labels there are.

    Args:
        connection: a consistent view.
        faults: what is found is added.
    """
    _groups(connection, faults)
    _queues(connection, faults)
    _same(
        faults,
        "a reviewer",
        {(body["reviewer"], body["name"]) for body in _bodies(connection, "reviewer")},
        {(row.no, row.name) for row in connection.execute(select(reviewers))},
    )
    r = reveals.c
    shown = select(r.reviewer_no, r.variant_no, r.case_no, r.repeat, r.criterion)
    _same(
        faults,
        "what a reviewer was shown",
        {(body["reviewer"], *body["output"], body["criterion"]) for body in _bodies(connection, "reveal")},
        {tuple(row) for row in connection.execute(shown)},
    )
    return connection.execute(select(func.count()).select_from(labels)).scalar() or 0


def _groups(connection: Connection, faults: list[str]) -> None:
    """Each group begins where the one before ended, and the last one ends with the last label."""
    ended = 0
    for body in _bodies(connection, "labels"):
        first, last = body["first"], body["last"]
        if first != ended + 1 or labels_digest(connection, first, last) != body["digest"]:
            faults.append(f"labels {first} to {last} are not those that were sealed")
        ended = last
    if more := connection.execute(
        select(func.count()).select_from(labels).where(labels.c.no > ended)
    ).scalar():
        faults.append(f"{more} labels count, but no event sealed them")


def _queues(connection: Connection, faults: list[str]) -> None:
    there = set(connection.execute(select(queues.c.no)).scalars())
    for body in _bodies(connection, "queue"):
        there.discard(body["queue"])
        if queue_digest(connection, body["queue"]) != body["digest"]:
            faults.append(f"the queue {body['key']} is not the one that was made")
    faults += [f"queue {number} is there, but no event made it" for number in sorted(there)]


def _same(faults: list[str], what: str, sealed: set[Any], there: set[Any]) -> None:
    if sealed != there:
        faults.append(f"{what} is not as it was sealed ({len(sealed ^ there)} differ)")


def _bodies(connection: Connection, verb: str) -> list[dict[str, Any]]:
    return [body for _, _, body in journal.events(connection, verb)]
