"""How many sealed cases and groups there are, slice by slice: counts alone, which anybody may know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from shipworthy.services.gather import slices_of
from shipworthy.services.opened import Opened
from shipworthy.store.caseset import by_tagset, tags_of


@dataclass(frozen=True)
class Sealed:
    """Sealed cases of one slice, and the groups they form."""

    cases: int
    groups: int


def sealed_parts(launch: Opened, connection: Connection) -> dict[str | None, Sealed]:
    """Return the sealed counts of each slice of the partition; under None when there is no partition."""
    scope = launch.launch.scope_slice()
    if scope is None or scope[1].by is None:
        planned = launch.cases.planned("holdout")
        return {None: Sealed(planned.n_cases, planned.n_groups)}
    names = [f"{scope[0]}={value}" for value in scope[1].shares]
    return {name: n for name, n in sealed_slices(launch, connection, names).items()}  # noqa: C416 - the key may be None


def sealed_slices(launch: Opened, connection: Connection, names: Iterable[str]) -> dict[str, Sealed]:
    """Return the sealed counts of slices, by name; a group in several slices is counted in each."""
    number = launch.cases.no
    held = by_tagset(connection, number, "holdout")
    found = {
        tagset: set(slices_of(launch.launch.slices, tags))
        for tagset, tags in tags_of(connection, number).items()
    }
    counted = {}
    for name in names:
        here = [tagset for tagset, slices in found.items() if name in slices]
        together = set().union(*(held.larger.get(tagset, set()) for tagset in here))
        groups = sum(held.alone.get(tagset, 0) for tagset in here) + len(together)
        counted[name] = Sealed(sum(held.cases.get(tagset, 0) for tagset in here), groups)
    return counted
