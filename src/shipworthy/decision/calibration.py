"""Whether a judge may decide: what it did on outputs that people labelled, held against stated limits.

Only labels on calibrate cases come here. They admit a judge or refuse it; the rate that is reported is corrected by
other labels, on the outputs that decide.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from shipworthy.domain.judge import Accept
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.judge_worth import Counts, JudgeQuality, Share, judge_quality
from shipworthy.statistics.label_draw import p_random_draw
from shipworthy.statistics.results import NotEstimable

Chosen = Literal["random", "by_verdict", "enriched"]
State = Literal["accepted", "refused", "not shown"]
LEVEL = 0.05
"""The chance on each side that a bound is wrong."""
TOO_LOPSIDED = 0.001
"""Labels said to be a random draw are not believed when so lopsided a draw is rarer than this."""
THIRDS = ("short", "middling", "long")


class Graded(NamedTuple):
    """One labelled output and what the judge said of it; a verdict that could not be read did not pass."""

    group: int
    passed: bool
    good: bool
    slices: tuple[str, ...] = ()
    length: int = 0


@dataclass(frozen=True)
class Part:
    """What the judge did on some of the labelled outputs.

    Attributes:
        name: the slice, or the third by length; empty for all.
        bad: outputs that people failed, and `caught`, how many of them the judge did not pass.
        good: outputs that people passed, and `accused`, how many of them the judge did not pass.
    """

    name: str
    bad: int
    caught: int
    good: int
    accused: int


@dataclass(frozen=True)
class Calibration:
    """What a judge has been shown to be worth.

    Attributes:
        state: accepted, refused, or not shown either way.
        limits: what it was held against.
        whole: all labelled outputs.
        catches: share of bad outputs that it does not pass, with bounds.
        accuses: share of good outputs that it does not pass, with bounds.
        quality: for what one judged output is worth.
        slices: the same by slice.
        lengths: the same by thirds of length.
        agreed: labelled outputs on which judge and people agree.
        chosen: how the labelled outputs were chosen.
    """

    state: State
    limits: Accept
    whole: Part
    catches: Share | NotEstimable
    accuses: Share | NotEstimable
    quality: JudgeQuality
    slices: tuple[Part, ...]
    lengths: tuple[Part, ...]
    agreed: int
    chosen: Chosen

    @property
    def labels(self) -> int:
        """How many labelled outputs there are."""
        return self.whole.bad + self.whole.good


def calibrate(
    rows: Sequence[Graded], *, judged: int, passed: int, chosen: Chosen, limits: Accept
) -> Calibration:
    """Hold a judge against people.

    A judge is accepted when it is shown to catch at least as many bad outputs, and to accuse at most as many good
    ones, as the limits say: each by a one-sided bound at 5 %, by group where several outputs belong to one. It is
    refused when one of the two is shown to be beyond its limit. Otherwise neither is shown, and it takes more labels.

    Args:
        rows: the labelled outputs, at least one.
        judged: outputs of the same cases that the judge judged, labelled or not.
        passed: of those, how many it passed.
        chosen: how the labelled outputs were chosen. By verdict, shares are weighed by how often the judge says what.
        limits: what is asked of the judge.
    """
    whole = _part("", rows)
    counts = Counts(
        outputs=max(judged, len(rows)),
        passed=max(passed, sum(r.passed for r in rows)),
        of_passed=sum(r.passed for r in rows),
        upheld=sum(r.passed and r.good for r in rows),
        of_failed=sum(not r.passed for r in rows),
        rescued=sum(not r.passed and r.good for r in rows),
    )
    quality = judge_quality(counts, chosen=chosen)
    unfit = _unfit(rows, counts, chosen)
    catches: Share | NotEstimable
    accuses: Share | NotEstimable
    if unfit is not None:
        catches = accuses = unfit
    elif chosen == "by_verdict":
        catches, accuses = quality.tnr, _other(quality.tpr)
    else:
        catches = _share(r for r in rows if not r.good)
        accuses = _share(r for r in rows if r.good)
    names = sorted({name for row in rows for name in row.slices})
    return Calibration(
        state=_state(catches, accuses, limits),
        limits=limits,
        whole=whole,
        catches=catches,
        accuses=accuses,
        quality=quality,
        slices=tuple(_part(name, [r for r in rows if name in r.slices]) for name in names),
        lengths=_thirds(rows),
        agreed=sum(r.passed == r.good for r in rows),
        chosen=chosen,
    )


def _unfit(rows: Sequence[Graded], counts: Counts, chosen: Chosen) -> NotEstimable | None:
    """Say why no bound holds for labels that were chosen so; None when one does."""
    if chosen == "by_verdict" and len({row.group for row in rows}) < len(rows):
        return NotEstimable("labels by verdict need outputs of groups of their own; label at random")
    if chosen == "random" and counts.passed - counts.of_passed <= counts.outputs - counts.labels:
        p = p_random_draw(
            of_passed=counts.of_passed, labels=counts.labels, passed=counts.passed, outputs=counts.outputs
        )
        if p < TOO_LOPSIDED:
            return NotEstimable(
                "the labels are too lopsided between what the judge passed and what it did not to be a random draw; "
                "say how they were chosen with --chosen"
            )
    return None


def _state(catches: Share | NotEstimable, accuses: Share | NotEstimable, limits: Accept) -> State:
    if not isinstance(catches, NotEstimable) and catches.high < limits.catches:
        return "refused"
    if not isinstance(accuses, NotEstimable) and accuses.low > limits.accuses:
        return "refused"
    if isinstance(catches, NotEstimable) or isinstance(accuses, NotEstimable):
        return "not shown"
    shown = catches.low >= limits.catches and accuses.high <= limits.accuses
    return "accepted" if shown else "not shown"


def _share(rows: Iterable[Graded]) -> Share | NotEstimable:
    """Return the share that the judge did not pass, with bounds by group."""
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        groups[row.group].append(not row.passed)
    if not groups:
        return NotEstimable("people left no such output")
    mean = GroupMean.from_histogram(Counter(sum(each) / len(each) for each in groups.values()))
    return Share(mean.estimate, mean.lower(LEVEL), mean.upper(LEVEL))


def _other(share: Share | NotEstimable) -> Share | NotEstimable:
    return (
        share if isinstance(share, NotEstimable) else Share(1 - share.estimate, 1 - share.high, 1 - share.low)
    )


def _part(name: str, rows: Sequence[Graded]) -> Part:
    def number(which: Callable[[Graded], bool]) -> int:
        return sum(map(which, rows))

    return Part(
        name,
        bad=number(lambda r: not r.good),
        caught=number(lambda r: not r.good and not r.passed),
        good=number(lambda r: r.good),
        accused=number(lambda r: r.good and not r.passed),
    )


def _thirds(rows: Sequence[Graded]) -> tuple[Part, ...]:
    """Split by length into thirds; outputs of equal length stay together."""
    lengths = sorted(row.length for row in rows)
    first, second = lengths[len(lengths) // 3], lengths[2 * len(lengths) // 3]
    if lengths[0] == lengths[-1]:
        return ()
    place = [0 if r.length < first else 1 if r.length < second else 2 for r in rows]
    parts = [
        _part(name, [r for r, p in zip(rows, place, strict=True) if p == i]) for i, name in enumerate(THIRDS)
    ]
    return tuple(part for part in parts if part.bad + part.good)
