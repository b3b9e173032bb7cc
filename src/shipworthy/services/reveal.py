"""Reveal: after a person's own label, whose output it was and what judges, checks and others said of it; written down."""

from __future__ import annotations

from dataclasses import dataclass

from shipworthy.domain.errors import Refused
from shipworthy.domain.review import Said
from shipworthy.services.clock import now
from shipworthy.services.desk import Desk
from shipworthy.services.reviewer import reader_number
from shipworthy.services.save_label import chain_of
from shipworthy.store import journal
from shipworthy.store.drawable import sealed_cases
from shipworthy.store.output_texts import Scored, said_of
from shipworthy.store.review import current_labels, write_reveal


@dataclass(frozen=True)
class Revealed:
    """What a person was not shown before.

    Attributes:
        variant: whose output it is.
        scores: what checks and judges said, and what came with the outcomes.
        others: reviewer to what they said.
    """

    variant: str
    scores: list[Scored]
    others: list[tuple[str, Said]]


def reveal(desk: Desk, queue: str, position: int, reviewer: str) -> Revealed:
    """Show what was hidden, and write down that it was shown: later changes of the label are no longer blind.

    Raises:
        BadInput: there is no such queue or position.
        Refused: the person has not labelled the output yet, or its case is sealed.
    """
    state = desk.state(queue)
    number = reader_number(desk, reviewer)
    _, output, criterion, _ = chain_of(state, position, number)
    with desk.launch.ledger.read() as connection:
        if output.case_no in sealed_cases(connection, desk.launch.cases.no):
            raise Refused(
                "the case is sealed: what was said of its outputs stays closed until a look",
                where=queue,
                remedy="label it, and go on",
            )
        given = current_labels(connection, criterion, [output])
        variant, scored = said_of(connection, output)
    if not any(row.reviewer_no == number and row.turn == "own" for row in given):
        raise Refused("your own label comes first", where=queue, remedy="label the output, then look")
    with desk.launch.ledger.write() as connection:
        if write_reveal(connection, number, output, criterion, now()):
            body = {"reviewer": number, "output": list(output), "criterion": criterion}
            journal.append(connection, verb="reveal", body=body, at=now())
    desk.revealed.add((number, output, criterion))
    names = {no: name for name, no in desk.people.items()}
    others = [
        (names.get(row.reviewer_no, "somebody"), row.said)
        for row in given
        if row.reviewer_no != number and row.turn != "again"
    ]
    return Revealed(variant, scored, others)
