"""How often outputs that people read show each failure mode, counted by group."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shipworthy.decision.reading_rates import ALPHA, ModeRate, Read, Saturation, mode_rates, saturation
from shipworthy.domain.review import Output
from shipworthy.domain.taxonomy import FailureMode, active, counts_for
from shipworthy.statistics.unseen import none_seen


@dataclass(frozen=True)
class ReadOutput:
    """One output of an open case, and what people said of it.

    Attributes:
        name: its case and repeat, as `case/repeat`.
        output: the same as the ledger numbers it.
        variant: whose output it is.
        group: what stands or falls together with it.
        state: pass, fail or defer.
        modes: ids of failure modes, as they were given.
        note: what went wrong first, in somebody's words.
        drawn: whether it was drawn at random, and not picked for what it is.
        stratum: the slice that it was drawn within; empty where there was one draw.
        step: position of the first step that went wrong, from 0.
    """

    name: str
    output: Output
    variant: str
    group: int
    state: str
    modes: frozenset[str] = frozenset()
    note: str = ""
    drawn: bool = True
    stratum: str = ""
    step: int | None = None

    @property
    def failed(self) -> bool:
        """Whether somebody said that it fails."""
        return self.state == "fail"


@dataclass(frozen=True)
class ModeCount:
    """One failure mode among the outputs that were read.

    Attributes:
        mode: its id.
        outputs: how many show it, of those that count.
        read: how many count.
        groups: groups with at least one.
        groups_read: groups that count.
        rate: of outputs, each group counting once; None where nothing was read.
        lower: what the rate could be at least; None where nothing was read.
        upper: what the rate could be at most; None where nothing was read.
        picked: further outputs that show it and were picked, not drawn.
    """

    mode: str
    outputs: int = 0
    read: int = 0
    groups: int = 0
    groups_read: int = 0
    rate: float | None = None
    lower: float | None = None
    upper: float | None = None
    picked: int = 0


@dataclass(frozen=True)
class Counted:
    """Everything that was read, counted.

    Attributes:
        modes: one row for each active failure mode, in the order of the file.
        read: outputs that rates are counted on.
        groups: their groups.
        failed: how many of them fail.
        unnamed: how many fail and have no failure mode.
        picked: outputs that were picked and are left out of rates.
        drawn: whether the outputs that count were drawn at random; if not, rates describe only what was read.
        unknown: ids in labels that the taxonomy does not have, with how many outputs.
        saturation: how much is still new; None where nothing was read.
    """

    modes: tuple[ModeCount, ...]
    read: int
    groups: int
    failed: int
    unnamed: int
    picked: int
    drawn: bool
    unknown: Mapping[str, int]
    saturation: Saturation | None


def counted(
    modes: Sequence[FailureMode], reads: Iterable[ReadOutput], *, groups: Mapping[str, int] | None = None
) -> Counted:
    """Count failure modes; labels of a merged mode count for the one it was merged into.

    Rates are counted on outputs that were drawn at random. Where none was, they are counted on all that were read,
    and describe no more than those. Rates and bounds are those of `reading_rates.mode_rates`.

    Args:
        modes: the taxonomy.
        reads: outputs with what people said of them, one of each, in the order of reading.
        groups: stratum to the groups there were to draw from.
    """
    every = list(reads)
    drawn = [read for read in every if read.drawn]
    counting, picked = (drawn, [read for read in every if not read.drawn]) if drawn else (every, [])
    target = counts_for(modes)
    shown = [_read(read, target) for read in counting]
    there = dict(groups or {})
    rates = {rate.mode: rate for rate in mode_rates(shown, groups=there)} if shown else {}
    beside = Counter(name for read in picked for name in _read(read, target).modes)
    with_it = Counter(name for read in shown for name in read.modes)
    most = _most(shown, there)
    rows = tuple(
        ModeCount(mode.id, picked=beside[mode.id])
        if not shown
        else _row(mode.id, rates.get(mode.id), with_it[mode.id], len(shown), most, beside[mode.id])
        for mode in active(modes)
    )
    known = {mode.id for mode in modes}
    strange = Counter(name for read in every for name in read.modes if name not in known)
    return Counted(
        modes=rows,
        read=len(shown),
        groups=len({read.group for read in shown}),
        failed=sum(read.failed for read in counting),
        unnamed=sum(read.failed and not read.modes for read in counting),
        picked=len(picked),
        drawn=bool(drawn),
        unknown=dict(sorted(strange.items())),
        saturation=saturation(shown) if shown else None,
    )


def _read(read: ReadOutput, target: Mapping[str, str]) -> Read:
    modes = frozenset(target.get(name, name) for name in read.modes)
    return Read(read.group, read.stratum, read.state, modes)


def _row(
    mode: str, rate: ModeRate | None, outputs: int, read: int, most: tuple[int, float], picked: int
) -> ModeCount:
    reviewed, upper = most
    if rate is None:
        return ModeCount(mode, 0, read, 0, reviewed, 0.0, 0.0, upper, picked)
    return ModeCount(
        mode, outputs, read, rate.groups, rate.reviewed, rate.estimate, rate.lower, rate.upper, picked
    )


def _most(shown: Sequence[Read], groups: Mapping[str, int]) -> tuple[int, float]:
    """Return how many groups were read, and how frequent a mode could be that none of them showed.

    Outputs that were put off could show it, so their groups are left out; a slice that was drawn thinly weighs more.
    """
    sure: dict[str, set[int]] = defaultdict(set)
    every = {(read.group, read.stratum) for read in shown}
    unsure = {(read.group, read.stratum) for read in shown if read.state == "defer"}
    for group, stratum in every - unsure:
        sure[stratum].add(group)
    if not every or not sure:
        return len(every), 1.0
    n = sum(map(len, sure.values()))
    share = n / len(every)
    total = sum(groups.get(name, len(found)) for name, found in sure.items())
    top = max(groups.get(name, len(found)) / total / (len(found) / n) for name, found in sure.items())
    bound = none_seen(reviewed=n, alpha=ALPHA) * top
    return len(every), min(bound * share + (1 - share), 1.0)
