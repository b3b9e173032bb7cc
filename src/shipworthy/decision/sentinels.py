"""Has a judge drifted? The same labelled outputs, judged then and judged again now."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from shipworthy.statistics.difference import PairedDifference

ALARM = 0.01
"""The chance of a false alarm in one run."""


class Again(NamedTuple):
    """One sentinel output, judged twice."""

    group: int
    then: bool
    """Whether the judge agreed with the label when it first judged the output."""
    now: bool
    """Whether it agrees now."""


@dataclass(frozen=True)
class Drift:
    """What judging the sentinels again showed.

    Attributes:
        graded: outputs judged both times.
        agreed: of those, how many agreed with their label at first.
        worse: agreed then and not now.
        better: agreed now and not then.
        p: the chance of so many for the worse, were a change as likely for the better.
    """

    graded: int
    agreed: int
    worse: int
    better: int
    p: float

    @property
    def alarm(self) -> bool:
        """Whether the judge is shown to be worse than it was."""
        return self.p <= ALARM

    @property
    def words(self) -> str:
        """What is said of it, as the reason of a suspension."""
        now = self.agreed - self.worse + self.better
        return (
            f"of {self.graded:,} sentinel outputs it agreed with people on {self.agreed:,} at first and on {now:,} now "
            f"({self.worse:,} for the worse, {self.better:,} for the better)"
        )


def drift(again: Iterable[Again]) -> Drift | None:
    """Return whether a judge has become worse; None without sentinels.

    The exact sign test on outputs whose agreement changed (by group, the mean change of each): were the judge the
    one it was, a change for the worse would be as likely as one for the better, however unsteady it is.

    >>> drift([Again(i, True, i >= 8) for i in range(100)]).alarm
    True
    >>> drift([Again(i, i >= 3, i < 97) for i in range(100)]).alarm
    False
    """
    rows = list(again)
    if not rows:
        return None
    losses: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        losses[row.group].append(row.then - row.now)
    means = Counter(sum(each) / len(each) for each in losses.values())
    p = PairedDifference.from_histogram(means).p_above(0.0) if set(means) != {0.0} else 1.0
    return Drift(
        graded=len(rows),
        agreed=sum(row.then for row in rows),
        worse=sum(row.then and not row.now for row in rows),
        better=sum(row.now and not row.then for row in rows),
        p=float(p),
    )
