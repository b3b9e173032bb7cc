"""Which cases somebody may know something of: those with outcomes, and those that a lock sealed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from shipworthy.domain.evalset import Case, input_hash
from shipworthy.store import journal
from shipworthy.store.tables import PARTS, cases, members, outputs, sets


@dataclass(frozen=True)
class Spent:
    """Cases with outcomes in the ledger: they can only explore.

    Attributes:
        cases: ids with the names of their inputs.
        inputs: names of inputs; an input under a new id is known all the same.
    """

    cases: frozenset[tuple[str, str]]
    inputs: frozenset[str]

    def has(self, case: Case) -> bool:
        """Whether an outcome of a case, or of another with its input, is recorded."""
        named = input_hash(case.input)
        return (case.id, named) in self.cases or (named != "" and named in self.inputs)


def spent(connection: Connection) -> Spent:
    """Return the cases that have outcomes, in whatever run and part."""
    recorded = cases.c.no.in_(select(outputs.c.case_no))
    found = [
        tuple(row) for row in connection.execute(select(cases.c.key, cases.c.input_hash).where(recorded))
    ]
    return Spent(frozenset(found), frozenset(named for _, named in found if named))


def ever_sealed(connection: Connection) -> frozenset[str]:
    """Return the ids of all cases that some lock has sealed."""
    locked = {body["set"] for _, _, body in journal.events(connection, "lock")}
    query = (
        select(cases.c.key)
        .select_from(
            members.join(sets, sets.c.no == members.c.set_no).join(cases, cases.c.no == members.c.case_no)
        )
        .where(sets.c.fingerprint.in_(sorted(locked)), members.c.part == PARTS.index("holdout"))
    )
    return frozenset(connection.execute(query).scalars())
