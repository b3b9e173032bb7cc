"""Undo: take back the last thing a person did, whatever output it was on, and the one before, as far as it goes."""

from __future__ import annotations

from concurrent.futures import Future

from shipworthy.services.desk import Desk
from shipworthy.services.label_commits import ToUndo
from shipworthy.services.reviewer import reviewer_number
from shipworthy.services.save_label import Saved, saved
from shipworthy.store.review import LabelRow


def undo_label(desk: Desk, queue: str, reviewer: str, client_id: str) -> Saved:
    """Take back the last thing that a person did in a queue and wait until that is durable.

    The label as it was before is written as a new row; nothing is removed.

    Returns:
        The output that is as it was, and what holds there now.

    Raises:
        BadInput: there is no such queue.
        Refused: there is nothing left to undo.
    """
    return saved(desk, queue, submit_undo(desk, queue, reviewer, client_id).result())


def submit_undo(desk: Desk, queue: str, reviewer: str, client_id: str) -> Future[LabelRow]:
    """Hand an undo over to be written; the future is done when it is durable."""
    number = reviewer_number(desk, reviewer)
    return desk.commits.submit(ToUndo(number, desk.queue(queue).no, client_id))
