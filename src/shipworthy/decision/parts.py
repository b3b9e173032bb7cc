"""Which case goes into which part: by whole units, in every slice alike, by a seed that anybody can repeat.

A unit is what must not be divided: a group, and every case that is a twin of one of it. Shares are of units, not of
cases, since groups are what a verdict counts. What lies in a part already counts towards its share, so the same command
a second time moves nothing.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from shipworthy.domain.evalset import Case, Part, input_hash

FILLED: tuple[Part, ...] = ("holdout", "calibrate", "tune")
"""The parts that take a share, in the order in which they take it; what is left explores."""


@dataclass(frozen=True)
class Unit:
    """Cases that stand or fall together.

    Attributes:
        name: the least of their ids.
        stratum: the slices they lie in, as one name.
        part: where they lie and stay; None for a unit that may move.
        barred: parts they may not go into: the holdout, once an outcome of one of them is known; that and
            calibrate, once a model is shown one of them.
    """

    name: str
    stratum: str
    part: Part | None = None
    barred: frozenset[Part] = frozenset()


def assign(units: Iterable[Unit], shares: Mapping[Part, float], *, seed: int) -> dict[str, Part]:
    """Return the part of every unit that may move.

    In each stratum every part gets its share of the units, rounded so that the rounding of one stratum is made
    good in the next. No unit goes where it is barred.

    Args:
        units: all of the eval set, those that stay included.
        shares: part to its share of the units; the rest explores.
        seed: another seed is another split; the order of the units means nothing.
    """
    strata: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        strata[unit.stratum].append(unit)
    names = sorted(strata)
    quotas = apportion([len(strata[name]) for name in names], [shares.get(part, 0.0) for part in FILLED])
    made: dict[str, Part] = {}
    for name, quota in zip(names, quotas, strict=True):
        there = strata[name]
        free = sorted((u for u in there if u.part is None), key=lambda u: (_drawn(u.name, seed), u.name))
        for part, wanted in zip(FILLED, quota, strict=True):
            more = wanted - sum(unit.part == part for unit in there)
            may = [u for u in free if u.name not in made and part not in u.barred]
            made |= {unit.name: part for unit in may[: max(more, 0)]}
        made |= {unit.name: "explore" for unit in free if unit.name not in made}
    return made


def apportion(sizes: Sequence[int], shares: Sequence[float]) -> list[list[int]]:
    """Return whole numbers for each stratum and part, in all as near to the shares as whole numbers can be.

    >>> apportion([3, 3, 3, 3], [0.5, 0.25])
    [[2, 1], [1, 1], [2, 0], [1, 1]]
    """
    carry = [0.0] * len(shares)
    made = []
    for size in sizes:
        wanted = [share * size + owed for share, owed in zip(shares, carry, strict=True)]
        got = [max(math.floor(want + 1e-9), 0) for want in wanted]
        by_rest = sorted(range(len(shares)), key=lambda i: (got[i] - wanted[i], i))
        for i in by_rest:
            if wanted[i] - got[i] >= 0.5 - 1e-9 and sum(got) < size:
                got[i] += 1
        for i in reversed(by_rest):
            got[i] -= min(got[i], max(sum(got) - size, 0))
        carry = [want - have for want, have in zip(wanted, got, strict=True)]
        made.append(got)
    return made


def _drawn(name: str, seed: int) -> bytes:
    return hashlib.blake2b(f"{seed}|{name}".encode("utf-8", "surrogatepass"), digest_size=16).digest()


def joined(keys: Sequence[Iterable[Hashable]]) -> list[int]:
    """Return for each position the first position it hangs together with: by a key they have in common, or by others.

    >>> joined([["a"], ["b"], ["b", "a"], ["c"]])
    [0, 0, 0, 3]
    """
    root = list(range(len(keys)))

    def top(position: int) -> int:
        while root[position] != position:
            root[position] = root[root[position]]
            position = root[position]
        return position

    first: dict[Hashable, int] = {}
    for position, own in enumerate(keys):
        for key in own:
            one, other = top(first.setdefault(key, position)), top(position)
            root[max(one, other)] = min(one, other)
    return [top(position) for position in range(len(keys))]


def independent(cases: Sequence[Case]) -> list[str]:
    """Name the group of each case as a verdict counts groups.

    A named group of several cases is one; other cases with the same input are one; the rest are each their own.
    """
    sizes: dict[str, int] = defaultdict(int)
    for case in cases:
        if case.group is not None:
            sizes[case.group] += 1
    names = []
    for case in cases:
        if case.group is not None and sizes[case.group] > 1:
            names.append(f"group {case.group}")
        else:
            known = input_hash(case.input)
            names.append(f"input {known}" if known else f"case {case.id}")
    return names
