"""Adjudicate: where people differ, a named person reads both sides and settles it, as a further label."""

from __future__ import annotations

import json
from concurrent.futures import Future
from dataclasses import dataclass

from shipworthy.domain.errors import Refused
from shipworthy.domain.review import Output, Said
from shipworthy.services.desk import Desk
from shipworthy.services.label_commits import ToSave
from shipworthy.services.read_item import Item, read_item
from shipworthy.services.reviewer import reader_number, reviewer_number
from shipworthy.services.save_label import Saved, Saving, chain_of, checked_label, saved
from shipworthy.store.review import LabelRow, current_labels


@dataclass(frozen=True)
class Sides:
    """An output on which people differ.

    Attributes:
        item: the output; what the adjudicator said as a reviewer is in it.
        given: reviewer to what they said, in the order of their names.
        settled: who settled it before, and how; None when nobody has.
        version: of the adjudicator's own settlement; 0 when there is none.
        is_reviewer: whether the adjudicator is one of those who differ.
    """

    item: Item
    given: list[tuple[str, Said]]
    settled: tuple[str, Said] | None
    version: int
    is_reviewer: bool


def to_settle(desk: Desk, queue: str) -> list[int]:
    """Return the positions on which people differ and which nobody has settled, in order.

    Raises:
        BadInput: there is no such queue.
    """
    desk.refresh()
    state = desk.state(queue)
    with desk.lock:
        return sorted(position for position, where in state.where.items() if where == "differ")


def read_sides(desk: Desk, queue: str, position: int, adjudicator: str) -> Sides:
    """Return one output with what each reviewer said of it.

    Raises:
        BadInput: there is no such queue or position.
        Refused: people do not differ on it.
    """
    item = read_item(desk, queue, position, adjudicator)
    state = desk.state(queue)
    number = reader_number(desk, adjudicator)
    _, output, criterion, _ = chain_of(state, position, number)
    given, settled = _given(desk, output, criterion)
    firm = {said.state for _, said in given if said.state != "defer"}
    if len(firm) < 2 and settled is None:
        raise Refused("nobody differs on this output", where=queue, remedy="go to the next one that differs")
    version = desk.version((number, output, criterion, "settled"))
    return Sides(item, given, settled, version, adjudicator in dict(given))


def settle_item(desk: Desk, saving: Saving) -> Saved:
    """Settle what people differ on, and wait until that is durable; their own labels stay as they are.

    Raises:
        BadInput: the queue, the position or a failure mode is not one that there is.
        Refused: people do not differ on it, or another adjudicator has settled it.
        Stale: the adjudicator settled it elsewhere in the meantime.
    """
    return saved(desk, saving.queue, submit_settlement(desk, saving).result())


def submit_settlement(desk: Desk, saving: Saving) -> Future[LabelRow]:
    """Hand a settlement over to be written; the future is done when it is durable."""
    sides = read_sides(desk, saving.queue, saving.position, saving.reviewer)
    if (
        sides.settled is not None
        and sides.settled[0] != saving.reviewer
        and sides.settled[1].state != "defer"
    ):
        raise Refused(
            f"{sides.settled[0]} has settled it already",
            where=saving.queue,
            remedy="let the same person settle it anew",
        )
    state = desk.state(saving.queue)
    number, output, criterion, _ = chain_of(state, saving.position, reviewer_number(desk, saving.reviewer))
    blind = json.dumps({"judge": True, "others": False, "variant": True})
    return desk.commits.submit(
        ToSave(
            number, output, criterion, "settled", checked_label(desk, saving), saving.version, saving.client_id,
            state.queue.no, saving.ms_spent, blind,
        )
    )  # fmt: skip


def _given(
    desk: Desk, output: Output, criterion: str
) -> tuple[list[tuple[str, Said]], tuple[str, Said] | None]:
    desk.refresh()
    with desk.launch.ledger.read() as connection:
        rows = current_labels(connection, criterion, [output])
    names = {number: name for name, number in desk.people.items()}
    given = sorted((names.get(r.reviewer_no, "somebody"), r.said) for r in rows if r.turn == "own")
    last = next((r for r in reversed(rows) if r.turn == "settled"), None)
    return given, (names.get(last.reviewer_no, "somebody"), last.said) if last else None
