"""The mix of the traffic that promises were made for: as declared, or, where nobody declared one, that of the eval set."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from shipworthy.decision.monitor import MixOf
from shipworthy.store.caseset import by_tagset, tags_of
from shipworthy.store.read import Reading
from shipworthy.store.tables import sets


@dataclass(frozen=True)
class Mix:
    """A tag, and how often each of its values is expected.

    Attributes:
        by: the tag; empty where no slice goes by one.
        shares: value to its share, adding up to 1; empty where nothing is known of it.
        of: where the shares come from.
    """

    by: str = ""
    shares: dict[str, float] = field(default_factory=dict)
    of: MixOf = "declared"


def mix_to_keep(reading: Reading, connection: Connection) -> Mix:
    """Return the mix that live traffic is held against.

    It is that of the partition that scope is chosen from; else of the first slice that goes by a tag. Where that has
    no shares, they are those of the sealed cases that the decision rests on, which stay as they were locked.

    Args:
        reading: the launch as it was read.
        connection: a view of the ledger.
    """
    slices = [rule for rule in reading.launch.slices.values() if rule.by]
    rule = next((each for each in (*(s for s in slices if s.scope), *slices)), None)
    if rule is None or not rule.by:
        return Mix()
    if rule.shares:
        return Mix(rule.by, dict(rule.shares))
    return Mix(rule.by, _of_eval_set(connection, rule.by), "eval set")


def _of_eval_set(connection: Connection, by: str) -> dict[str, float]:
    """Return the share of each value among the sealed cases; nothing where all have one value, or none are known."""
    number = connection.execute(select(func.max(sets.c.no))).scalar()
    if number is None:
        return {}
    tags, counts = tags_of(connection, number), Counter[str]()
    for tagset, n in by_tagset(connection, number, "holdout").cases.items():
        if value := tags[tagset].get(by, ""):
            counts[value] += n
    total = counts.total()
    return {value: n / total for value, n in sorted(counts.items())} if len(counts) > 1 else {}
