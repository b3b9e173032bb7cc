"""What the answers of a variant took so far: calls, tokens and money, by the rows of its calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, func, select

from shipworthy.domain.target import ModelPrice
from shipworthy.store.tables import intents, receipts, variants

MILLION = 1e6


@dataclass(frozen=True)
class Used:
    """What answers took, all attempts at them included.

    Attributes:
        outputs: so many were asked for.
        calls: so many calls it took.
        cost: USD, at most, as it was charged then; calls in doubt at their worst.
        tokens: USD for what was counted in tokens, at prices given; for what nobody counted, what it cost at most.
    """

    outputs: int
    calls: int
    cost: float
    tokens: float


def used(connection: Connection, name: str, price: ModelPrice, *, variant_no: int | None) -> Used:
    """Return what the answers to cases took.

    Args:
        connection: a consistent view.
        name: the variant.
        price: at which tokens are charged by now.
        variant_no: its present state; None for all the states that it ever had.
    """
    i, r = intents.c, receipts.c
    high: Any = func.coalesce(r.cost_high, i.worst)
    counted = (r.tokens_in * price.input + r.tokens_out * price.output) / MILLION
    per_token = case((r.tokens_in.is_(None) | r.tokens_out.is_(None), high), else_=counted)
    query = (
        select(func.count().label("calls"), func.sum(high).label("cost"), func.sum(per_token).label("tokens"))
        .select_from(intents.outerjoin(receipts, r.call_no == i.no).join(variants, variants.c.no == i.variant_no))
        .where(i.purpose == "run", variants.c.name == name)
        .group_by(i.variant_no, i.run_no, i.case_no, i.repeat)
    )  # fmt: skip
    if variant_no is not None:
        query = query.where(i.variant_no == variant_no)
    each = query.subquery().c
    row = connection.execute(
        select(func.count(), func.sum(each.calls), func.sum(each.cost), func.sum(each.tokens))
    ).one()
    return Used(int(row[0]), int(row[1] or 0), float(row[2] or 0.0), float(row[3] or 0.0))
