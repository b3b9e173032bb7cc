"""The shape of the eval set: cases and groups by part and slice, in counts that anybody may know."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from shipworthy.domain.launch import Launch
from shipworthy.services.gather import slices_of
from shipworthy.services.opened import Opened
from shipworthy.store.caseset import by_tagset, tags_of
from shipworthy.store.tables import PARTS


@dataclass(frozen=True)
class Count:
    """Cases, and the groups that they form."""

    cases: int = 0
    groups: int = 0


@dataclass(frozen=True)
class Row:
    """One slice of the eval set.

    Attributes:
        slice: its name; empty for the whole.
        share: of the traffic, where it is declared.
        parts: part to its counts.
    """

    slice: str
    share: float | None
    parts: dict[str, Count]


def set_shape(launch: Opened) -> tuple[Row, ...]:
    """Return the whole eval set and every declared slice, with the counts of each part."""
    found: dict[tuple[str, str], Count] = {}
    with launch.ledger.read() as connection:
        number = launch.cases.no
        named = {
            n: set(slices_of(launch.launch.slices, tags)) for n, tags in tags_of(connection, number).items()
        }
        for part in PARTS:
            held = by_tagset(connection, number, part)
            alone, larger, cases = held.alone, held.larger, held.cases
            inside: dict[str, list[int]] = defaultdict(list)
            for tagset in cases:
                for name in ("", *named.get(tagset, ())):
                    inside[name].append(tagset)
            for name, here in inside.items():
                together = set().union(*(larger.get(tagset, set()) for tagset in here))
                groups = sum(alone.get(tagset, 0) for tagset in here) + len(together)
                found[name, part] = Count(sum(cases[tagset] for tagset in here), groups)
    return tuple(
        Row(name, share, {part: found.get((name, part), Count()) for part in PARTS})
        for name, share in (("", None), *_slices(launch.launch, {name for name, _ in found}))
    )


def _slices(launch: Launch, seen: set[str]) -> list[tuple[str, float | None]]:
    made: list[tuple[str, float | None]] = []
    for name, rule in launch.slices.items():
        if rule.by and rule.shares:
            made += [(f"{name}={value}", share) for value, share in rule.shares.items()]
        elif rule.by:
            made += [(each, None) for each in sorted(seen) if each.startswith(f"{name}=")]
        else:
            made.append((name, None))
    return made
