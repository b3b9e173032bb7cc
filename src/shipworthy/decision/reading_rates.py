"""What labels on a drawn queue say: how much is still new, and how often each failure mode comes up.

The unit is the group: outputs that stand or fall together are averaged first, and a group counts once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.unseen import Unseen, none_seen

ALPHA = 0.05
UNNAMED = "\0unnamed"


class Read(NamedTuple):
    """One labelled output.

    Attributes:
        group: what it stands or falls with.
        stratum: the slice that it was drawn within; empty where there was one draw.
        state: pass, fail or defer.
        modes: the failure modes that it shows.
    """

    group: int
    stratum: str
    state: str
    modes: frozenset[str]


@dataclass(frozen=True)
class Saturation:
    """How much is still new.

    Attributes:
        reviewed: groups read.
        since_new: groups read since the last one that showed something new.
        modes: failure modes seen.
        unnamed: failures without a failure mode; each is taken to be new, until it is named.
        upper: of further groups, at most this share shows something that nobody has seen.
        curve: failure modes seen after so many groups, from the first on.
    """

    reviewed: int
    since_new: int
    modes: int
    unnamed: int
    upper: float
    curve: tuple[int, ...]


@dataclass(frozen=True)
class ModeRate:
    """How often a failure mode comes up.

    Attributes:
        mode: which; empty for failures without one.
        groups: groups that showed it.
        reviewed: groups read.
        estimate: its share, each stratum with its own weight.
        lower: it could be as low as this; outputs put off are taken not to show it.
        upper: it could be as high as this; outputs put off are taken to show it.
    """

    mode: str
    groups: int
    reviewed: int
    estimate: float
    lower: float
    upper: float


def saturation(read: Sequence[Read], *, alpha: float = ALPHA) -> Saturation:
    """Say how much is still new after outputs were read in this order.

    Args:
        read: labelled outputs, in the order of reading; at least one.
        alpha: chance that the bound is too low.

    Example: two failures of one kind, then eight outputs without any.
        >>> some = [Read(i, "", "fail", frozenset({"late"})) for i in (1, 2)]
        >>> found = saturation([*some, *(Read(i, "", "pass", frozenset()) for i in range(3, 11))])
        >>> found.reviewed, found.since_new, found.modes, round(found.upper, 2)
        (10, 9, 1, 0.44)
    """
    groups: dict[int, set[str]] = {}
    unnamed = 0
    for number, each in enumerate(read):
        shown = groups.setdefault(each.group, set())
        shown |= each.modes
        if each.state == "fail" and not each.modes:
            unnamed += 1
            shown.add(f"{UNNAMED}{number}")
    seen: set[str] = set()
    curve, since = [], 0
    for shown in groups.values():
        since = 0 if shown - seen else since + 1
        seen |= shown
        curve.append(len(seen))
    upper = (
        Unseen.from_groups(groups.values()).upper(alpha)
        if seen
        else none_seen(reviewed=len(groups), alpha=alpha)
    )
    named = sum(not mode.startswith(UNNAMED) for mode in seen)
    return Saturation(len(groups), since, named, unnamed, upper, tuple(curve))


def mode_rates(read: Sequence[Read], *, groups: Mapping[str, int], alpha: float = ALPHA) -> list[ModeRate]:
    """Return how often each failure mode comes up, the most frequent first.

    A group's value is the share of its labelled outputs that show the mode. Where slices were drawn from alike, a
    slice weighs as many groups as it has, whatever was drawn from it.

    Args:
        read: labelled outputs of a drawn queue.
        groups: stratum to the groups there were to draw from.
        alpha: chance, for each bound by itself, that it is on the wrong side.

    Example: seen in 2 of 20 groups.
        >>> read = [
        ...     Read(i, "", "fail" if i < 2 else "pass", frozenset({"late"} if i < 2 else ()))
        ...     for i in range(20)
        ... ]
        >>> [
        ...     (r.mode, r.groups, r.reviewed, round(r.lower, 3), round(r.upper, 3))
        ...     for r in mode_rates(read, groups={"": 500})
        ... ]
        [('late', 2, 20, 0.018, 0.283)]
    """
    names = {mode for each in read for mode in each.modes}
    if any(each.state == "fail" and not each.modes for each in read):
        names.add("")
    weights = _weights(read, groups)
    found = [_rate(name, read, weights, alpha) for name in names]
    return sorted(found, key=lambda rate: (-rate.estimate, rate.mode))


def _rate(mode: str, read: Sequence[Read], weights: Mapping[str, float], alpha: float) -> ModeRate:
    least: defaultdict[tuple[int, str], list[float]] = defaultdict(list)
    most: defaultdict[tuple[int, str], list[float]] = defaultdict(list)
    for each in read:
        shows = mode in each.modes or (mode == "" and each.state == "fail" and not each.modes)
        at = (each.group, each.stratum)
        least[at].append(1.0 if shows else 0.0)
        most[at].append(1.0 if shows or each.state == "defer" else 0.0)
    low, top = _mean(least, weights)
    high, _ = _mean(most, weights)
    shown = sum(any(values) for values in least.values())
    return ModeRate(
        mode, shown, len(least), low.estimate * top, min(low.lower(alpha) * top, 1.0),
        min(high.upper(alpha) * top, 1.0),
    )  # fmt: skip


def _mean(
    values: Mapping[tuple[int, str], list[float]], weights: Mapping[str, float]
) -> tuple[GroupMean, float]:
    """Return the mean of weighted group values, scaled to lie between 0 and 1, and the scale."""
    top = max(weights[stratum] for _, stratum in values)
    counted: Counter[float] = Counter()
    for (_, stratum), shown in values.items():
        counted[sum(shown) / len(shown) * weights[stratum] / top] += 1
    return GroupMean.from_histogram(counted), top


def _weights(read: Iterable[Read], groups: Mapping[str, int]) -> dict[str, float]:
    """Return how much a group of each stratum counts: its stratum's share of groups over that of those read."""
    seen = Counter(stratum for _, stratum in {(each.group, each.stratum) for each in read})
    there = {stratum: groups.get(stratum, n) for stratum, n in seen.items()}
    total, drawn = sum(there.values()), sum(seen.values())
    return {stratum: (there[stratum] / total) / (seen[stratum] / drawn) for stratum in seen}
