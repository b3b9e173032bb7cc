"""How often outputs that people read show each failure mode, counted by group."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shipworthy.domain.taxonomy import FailureMode, active, counts_for
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.unseen import Unseen

ALPHA = 0.05
"""The chance that a bound is on the wrong side of the truth."""


@dataclass(frozen=True)
class Read:
    """One output of an open case, and what people said of it.

    Attributes:
        output: its case and repeat, as `case/repeat`.
        variant: whose output it is.
        group: what stands or falls together with it.
        failed: whether somebody said that it fails.
        modes: ids of failure modes, as they were given.
        note: what went wrong first, in somebody's words.
        drawn: whether it was drawn at random, and not picked for what it is.
        step: position of the first step that went wrong, from 0.
        case_no: its case in the ledger.
        repeat: which answer to the case it is.
    """

    output: str
    variant: str
    group: str
    failed: bool
    modes: frozenset[str] = frozenset()
    note: str = ""
    drawn: bool = True
    step: int | None = None
    case_no: int = 0
    repeat: int = 1


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
        unseen: the share of groups that may show a failure mode which nobody has met, at most; None without any.
    """

    modes: tuple[ModeCount, ...]
    read: int
    groups: int
    failed: int
    unnamed: int
    picked: int
    drawn: bool
    unknown: Mapping[str, int]
    unseen: float | None


def counted(modes: Sequence[FailureMode], reads: Iterable[Read]) -> Counted:
    """Count failure modes; labels of a merged mode count for the one it was merged into.

    Rates are counted on outputs that were drawn at random. Where none was, they are counted on all that were read,
    and describe no more than those. A rate is the mean over groups of the share of a group's outputs that show
    the mode, with one-sided bounds at 5 in 100.

    Args:
        modes: the taxonomy.
        reads: outputs with what people said of them; one of each.
    """
    every = list(reads)
    drawn = [read for read in every if read.drawn]
    counting, picked = (drawn, [r for r in every if not r.drawn]) if drawn else (every, [])
    target = counts_for(modes)
    shown = {id(read): frozenset(target.get(name, name) for name in read.modes) for read in every}
    by_group: dict[str, list[frozenset[str]]] = defaultdict(list)
    for read in counting:
        by_group[read.group].append(shown[id(read)])
    beside = Counter(name for read in picked for name in shown[id(read)])
    rows = tuple(_row(mode.id, by_group, beside[mode.id]) for mode in active(modes))
    known = {mode.id for mode in modes}
    strange = Counter(name for read in every for name in read.modes if name not in known)
    return Counted(
        modes=rows,
        read=len(counting),
        groups=len(by_group),
        failed=sum(read.failed for read in counting),
        unnamed=sum(read.failed and not read.modes for read in counting),
        picked=len(picked),
        drawn=bool(drawn),
        unknown=dict(sorted(strange.items())),
        unseen=_unseen(by_group),
    )


def _row(mode: str, by_group: Mapping[str, Sequence[frozenset[str]]], picked: int) -> ModeCount:
    if not by_group:
        return ModeCount(mode, picked=picked)
    hits = [sum(mode in each for each in group) for group in by_group.values()]
    sizes = [len(group) for group in by_group.values()]
    shares = Counter(hit / size for hit, size in zip(hits, sizes, strict=True))
    mean = GroupMean.from_histogram(shares)
    return ModeCount(
        mode,
        outputs=sum(hits),
        read=sum(sizes),
        groups=sum(hit > 0 for hit in hits),
        groups_read=len(sizes),
        rate=mean.estimate,
        lower=mean.lower(ALPHA),
        upper=mean.upper(ALPHA),
        picked=picked,
    )


def _unseen(by_group: Mapping[str, Sequence[frozenset[str]]]) -> float | None:
    groups = [frozenset[str]().union(*each) for each in by_group.values()]
    return Unseen.from_groups(groups).upper(ALPHA) if any(groups) else None
