"""Calls in the ledger: an intent before each is sent, a receipt after; what has no receipt is in doubt.

Nothing here is counted up on the way: every total is a fold over these rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, case, func, select

from shipworthy.domain.errors import Refused
from shipworthy.store.insert import add
from shipworthy.store.tables import PARTS, cases, intents, members, outputs, receipts, variants

ANSWERED, FAULT, NO_ANSWER = 1, 2, 3
"""States of a receipt: an output came, the infrastructure failed before one, the target gave none."""
LAST_CALL = select(func.max(intents.c.no))


@dataclass(frozen=True)
class Bill:
    """What the calls for one variant, or one judge on it, came to.

    Attributes:
        variant: its name.
        purpose: `run`, or the score series a judge wrote.
        answered: calls that brought an output.
        faults: calls that failed before any output.
        no_answer: calls that ended without an output for the target's own reasons.
        in_doubt: calls that were about to be sent when the run was interrupted.
        low: USD, at least.
        high: USD, at most: settled calls at their price, calls in doubt at their worst.
        unpriced: calls that are in neither amount, because nobody knew what they cost.
    """

    variant: str
    purpose: str
    answered: int
    faults: int
    no_answer: int
    in_doubt: int
    low: float
    high: float
    unpriced: int = 0

    @property
    def calls(self) -> int:
        """How many calls there were, those in doubt among them."""
        return self.answered + self.faults + self.no_answer + self.in_doubt


@dataclass(frozen=True)
class Told:
    """What may be said of a bill.

    Where calls on sealed cases are among them, how they went is left out, and so is the least that they cost: each
    would tell how many sealed outputs are without an answer.

    Attributes:
        variant: its name.
        purpose: `run`, or the score series a judge wrote.
        calls: how many there were.
        answered: calls that brought an output.
        faults: calls that failed before any output.
        no_answer: calls that ended without an output for the target's own reasons.
        in_doubt: calls that were about to be sent when the run was interrupted.
        low: USD, at least.
        high: USD, at most.
        unpriced: calls that are in neither amount, because nobody knew what they cost.
    """

    variant: str
    purpose: str
    calls: int
    answered: int | None
    faults: int | None
    no_answer: int | None
    in_doubt: int
    low: float
    high: float
    unpriced: int = 0


@dataclass(frozen=True)
class Doubt:
    """A call that was noted and never settled.

    Attributes:
        case: its case.
        repeat: which repeat.
        attempt: which attempt at it.
        worst: USD it may have cost at most.
    """

    case: str
    repeat: int
    attempt: int
    worst: float


def last_call(connection: Connection) -> int:
    """Return the number of the last call; whoever holds the launch may count on from it."""
    return connection.execute(LAST_CALL).scalar() or 0


def write_calls(connection: Connection, begun: list[tuple[Any, ...]], ended: list[tuple[Any, ...]]) -> None:
    """Append intents and receipts, as tuples in column order.

    Raises:
        Refused: the number of an intent is given to another call already.
    """
    if add(connection, intents, begun) != len(begun):
        raise Refused(
            "the ledger has other calls of the same numbers", remedy="let one program at a time run a launch"
        )
    add(connection, receipts, ended)


def bills(connection: Connection) -> list[Bill]:
    """Return what calls came to, by variant and purpose."""
    i, r, o = intents.c, receipts.c, outputs.c
    high = func.coalesce(r.cost_high, i.worst)
    at_its_output = and_(
        o.variant_no == i.variant_no, o.case_no == i.case_no, o.repeat == i.repeat, o.run_no == i.run_no,
        i.purpose.in_(("run", "demo")), high == 0,
    )  # fmt: skip

    def those(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    query = (
        select(
            variants.c.name, i.purpose, those(r.state == ANSWERED), those(r.state == FAULT),
            those(r.state == NO_ANSWER), those(r.state.is_(None)),
            func.coalesce(func.sum(r.cost_low), 0.0),
            func.coalesce(func.sum(high), 0.0), those(o.run_no.is_not(None) & o.cost_usd.is_(None)),
        )
        .select_from(
            intents.outerjoin(receipts, r.call_no == i.no)
            .join(variants, variants.c.no == i.variant_no)
            .outerjoin(outputs, at_its_output)
        )
        .group_by(variants.c.name, i.purpose)
        .order_by(variants.c.name, i.purpose)
    )  # fmt: skip
    return [Bill(*row) for row in connection.execute(query)]


def told(connection: Connection) -> list[Told]:
    """Return what may be said of the bills of all variants."""
    sealed = _on_sealed(connection)
    return [_told(bill, sealed=bill.variant in sealed) for bill in bills(connection)]


def _told(bill: Bill, *, sealed: bool) -> Told:
    if sealed:
        return Told(
            bill.variant, bill.purpose, bill.calls, None, None, None,
            bill.in_doubt, 0.0, bill.high, bill.unpriced,
        )  # fmt: skip
    return Told(
        bill.variant, bill.purpose, bill.calls, bill.answered, bill.faults, bill.no_answer,
        bill.in_doubt, bill.low, bill.high, bill.unpriced,
    )  # fmt: skip


def _on_sealed(connection: Connection) -> set[str]:
    """Return the variants that were asked about cases of a holdout."""
    i, m = intents.c, members.c
    query = (
        select(variants.c.name)
        .where(variants.c.no == i.variant_no, m.case_no == i.case_no, m.part == PARTS.index("holdout"))
        .distinct()
    )
    return set(connection.execute(query).scalars())


def spent_in(connection: Connection, run_no: int) -> float:
    """Return what the calls of one run cost at most, in USD, those in doubt at their worst."""
    high = func.coalesce(func.sum(func.coalesce(receipts.c.cost_high, intents.c.worst)), 0.0)
    joined = intents.outerjoin(receipts, receipts.c.call_no == intents.c.no)
    query = select(high).select_from(joined).where(intents.c.run_no == run_no)
    return float(connection.execute(query).scalar() or 0.0)


def in_doubt(connection: Connection, most: int = 100) -> list[Doubt]:
    """Return calls in doubt, oldest first."""
    i = intents.c
    query = (
        select(cases.c.key, i.repeat, i.attempt, i.worst)
        .select_from(
            intents.outerjoin(receipts, receipts.c.call_no == i.no).join(cases, cases.c.no == i.case_no)
        )
        .where(receipts.c.call_no.is_(None))
        .order_by(i.no)
        .limit(most)
    )
    return [Doubt(*row) for row in connection.execute(query)]
