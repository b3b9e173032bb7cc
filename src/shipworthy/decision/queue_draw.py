"""Which outputs people read: drawn by a seed, group by group, with the chance that each had of being drawn."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from shipworthy.domain.review import Output


class Drawable(NamedTuple):
    """An output that can be drawn.

    Attributes:
        output: which.
        group: what it stands or falls with.
        stratum: the slice it is drawn within; empty where there is one draw.
    """

    output: Output
    group: int
    stratum: str = ""


class Place(NamedTuple):
    """An output in a queue.

    Attributes:
        output: which.
        probability: the chance that it was drawn; None when it was chosen.
        again: whether it is the hidden second reading of an output before.
        readers: how many people label it.
    """

    output: Output
    probability: float | None
    again: bool = False
    readers: int = 1


def draw(found: Sequence[Drawable], n: int, seed: int) -> list[Place]:
    """Draw outputs at random, one of each group before a second of any.

    A first part of the draw is a draw itself: whoever stops early has read a random sample. In a round each group
    with an output left gives one; the last round takes as many groups as there is room for.

    Args:
        found: every output that can be drawn.
        n: how many; all of them when there are fewer.
        seed: the same seed draws the same.

    Example: two groups, of one and of three outputs; three are drawn, so the single one always is.
        >>> outputs = [Drawable(Output(1, case, 1), 7 if case == 1 else 8) for case in (1, 2, 3, 4)]
        >>> sorted(
        ...     (place.output.case_no == 1, round(place.probability, 3)) for place in draw(outputs, 3, seed=5)
        ... )
        [(False, 0.667), (False, 0.667), (True, 1.0)]
    """
    groups: defaultdict[int, list[Drawable]] = defaultdict(list)
    for each in found:
        groups[each.group].append(each)
    order = sorted(groups, key=lambda group: _mark(seed, "group", group))
    shuffled = {
        group: sorted(groups[group], key=lambda each: _mark(seed, "output", *each.output)) for group in order
    }
    chosen: list[tuple[Output, int]] = []
    full, share, round_no = 0, 0.0, 0
    while len(chosen) < min(n, len(found)):
        here = [group for group in order if len(groups[group]) > round_no]
        taken = here[: n - len(chosen)]
        chosen += [(shuffled[group][round_no].output, group) for group in taken]
        if len(taken) == len(here):
            full += 1
        else:
            share = len(taken) / len(here)
        round_no += 1
    return [Place(output, _chance(len(groups[group]), full, share)) for output, group in chosen]


def draw_stratified(found: Sequence[Drawable], n: int, seed: int) -> list[Place]:
    """Draw equally many outputs from every stratum, as far as it has them, in a mixed order.

    Args:
        found: every output that can be drawn; a group belongs to the stratum of its first output.
        n: how many in all.
        seed: the same seed draws the same.
    """
    home = homes(found)
    strata: defaultdict[str, list[Drawable]] = defaultdict(list)
    for each in sorted(found):
        strata[home[each.group]].append(each)
    sizes = shares(n, {name: len(inside) for name, inside in strata.items()})
    mixed = []
    for name in sorted(strata):
        drawn = draw(strata[name], sizes[name], seed)
        mixed += [((i + 0.5) / len(drawn), _mark(seed, name), place) for i, place in enumerate(drawn)]
    return [place for _, _, place in sorted(mixed, key=lambda each: each[:2])]


def shares(n: int, sizes: dict[str, int]) -> dict[str, int]:
    """Share n out equally; what a small one cannot take goes to the others.

    >>> shares(10, {"a": 100, "b": 2, "c": 100})
    {'a': 4, 'b': 2, 'c': 4}
    """
    given = dict.fromkeys(sizes, 0)
    left = min(n, sum(sizes.values()))
    while left:
        open_ones = sorted(
            (name for name in sizes if given[name] < sizes[name]), key=lambda name: given[name]
        )
        each = max(left // len(open_ones), 1)
        for name in open_ones:
            more = min(each, sizes[name] - given[name], left)
            given[name] += more
            left -= more
    return given


def arranged(
    places: Sequence[Place], *, seed: int, overlap: float = 0.0, readers: int = 2, again: float = 0.0
) -> list[Place]:
    """Give some outputs to several people, and some a second time to the same person, unannounced.

    Args:
        places: the queue as drawn.
        seed: which ones.
        overlap: the share that several people label.
        readers: how many people that is.
        again: the share that comes back, a quarter of the queue later and at least ten outputs later.
    """
    shared = set(_some(places, overlap, seed, "overlap"))
    back = _some(places, again, seed, "again")
    gap = max(10, len(places) // 4)
    keyed = [
        (float(i), place._replace(readers=readers) if i in shared else place)
        for i, place in enumerate(places)
    ]
    keyed += [(i + gap + 0.5, places[i]._replace(again=True, readers=1)) for i in back]
    return [place for _, place in sorted(keyed, key=lambda each: each[0])]


def _some(places: Sequence[Place], share: float, seed: int, what: str) -> list[int]:
    """Return the places of a share, by chance; where it is none, nothing is drawn, as most queues are long and plain."""
    n = round(share * len(places))
    return sorted(range(len(places)), key=lambda i: _mark(seed, what, i))[:n] if n else []


def homes(found: Iterable[Drawable]) -> dict[int, str]:
    """Return the stratum of each group: that of its first output."""
    home: dict[int, str] = {}
    for each in sorted(found):
        home.setdefault(each.group, each.stratum)
    return home


def groups_in(found: Iterable[Drawable]) -> dict[str, int]:
    """Count the groups of each stratum."""
    return dict(Counter(homes(found).values()))


def _chance(size: int, full: int, share: float) -> float:
    return 1.0 if size <= full else full / size + share / size


def _mark(seed: int, *what: object) -> bytes:
    return hashlib.blake2b(f"{seed}|{'|'.join(map(str, what))}".encode(), digest_size=16).digest()
