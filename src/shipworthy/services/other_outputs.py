"""Others: what other variants answered to the same case, for somebody who has labelled the output."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from shipworthy.domain.errors import Refused
from shipworthy.domain.review import Output
from shipworthy.services.desk import Desk
from shipworthy.services.reviewer import reader_number
from shipworthy.services.save_label import chain_of
from shipworthy.store.output_texts import whole
from shipworthy.store.tables import closings, outputs, variants


@dataclass(frozen=True)
class OtherOutput:
    """What another variant answered to the same case, in the same repeat.

    Attributes:
        variant: whose.
        text: the output as recorded; None when there is none.
    """

    variant: str
    text: str | None


def other_outputs(desk: Desk, queue: str, position: int, reviewer: str) -> list[OtherOutput]:
    """Return what other variants answered to the case of an output, by the names of the variants.

    Raises:
        BadInput: there is no such queue or position.
        Refused: the person was not shown yet whose output it is, or the case is sealed.
    """
    state = desk.state(queue)
    number = reader_number(desk, reviewer)
    _, output, criterion, _ = chain_of(state, position, number)
    if (number, output, criterion) not in desk.revealed:
        raise Refused("your own label comes first", where=queue, remedy="label the output, then look")
    o, v = outputs.c, variants.c
    query = (
        select(o.variant_no, v.name)
        .select_from(
            outputs.join(variants, v.no == o.variant_no).join(closings, closings.c.run_no == o.run_no)
        )
        .where(
            o.case_no == output.case_no,
            o.repeat == output.repeat,
            o.attempt == 0,
            o.variant_no != output.variant_no,
        )
        .order_by(v.name, v.no)
    )
    with desk.launch.ledger.read() as connection:
        found = [(Output(row[0], output.case_no, output.repeat), row[1]) for row in connection.execute(query)]
        return [OtherOutput(name, whole(connection, desk.launch.cases.no, at).text) for at, name in found]
