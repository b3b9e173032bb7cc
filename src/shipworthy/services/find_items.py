"""Find and go to: outputs of a queue by a text that they hold, or by the id of their case."""

from __future__ import annotations

from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.review import FIRM
from shipworthy.services.desk import Desk
from shipworthy.services.reviewer import reader_number
from shipworthy.store.output_texts import holding, of_case

MOST = 200


def find_items(desk: Desk, queue: str, text: str, reviewer: str, *, most: int = MOST) -> list[int]:
    """Return the positions of outputs that hold a text, in order; case makes no difference.

    In a queue of sealed outputs only those are searched that the person labelled: how many sealed outputs hold a
    text would tell how they turned out.

    Raises:
        BadInput: there is no such queue, or nothing to look for.
    """
    if not text.strip():
        raise BadInput("nothing to look for", remedy="give a few letters of the output or of the case's id")
    state = desk.state(queue)
    number = reader_number(desk, reviewer)
    with desk.launch.ledger.read() as connection:
        found = holding(connection, state.queue.no, text, MOST if state.queue.sealed else most)
    if state.queue.sealed:
        with desk.lock:
            found = [p for p in found if state.given.get(p, {}).get(number) in FIRM]
    return found[:most]


def go_to(desk: Desk, queue: str, case: str) -> list[int]:
    """Return the positions of a case's outputs in a queue.

    Raises:
        BadInput: there is no such queue.
        Refused: the queue has no output of the case.
    """
    state = desk.state(queue)
    with desk.launch.ledger.read() as connection:
        found = of_case(connection, state.queue.no, case)
    if not found:
        raise Refused(
            f"the queue has no output of case `{case[:200]}`",
            where=queue,
            remedy="check the id, or make a queue with that case",
        )
    return found
