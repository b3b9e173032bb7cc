"""Going live step by step: which step it is, and whether its exit criteria are met, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shipworthy.narrative import wording


@dataclass(frozen=True)
class Step:
    """One step of going live, as it stands.

    Attributes:
        name: what it is called.
        share: of the traffic.
        began_on: the day it began.
        days: since then.
        min_days: that it lasts at least.
        counted: outputs that counted since, for the promise that has the fewest.
        labels: that it gathers at least.
        unkept: promises that are not kept, each with its state.
        exit: what else has to hold, in the words of whoever wrote it.
        following: the next step; empty for the last.
    """

    name: str
    share: float
    began_on: dt.date
    days: int
    min_days: int
    counted: int
    labels: int
    unkept: tuple[tuple[str, str], ...]
    exit: str
    following: str

    @property
    def missing(self) -> tuple[str, ...]:
        """What speaks against the next step; empty when its exit criteria are met as far as they can be counted."""
        found = [f"{name} is {state}" for name, state in self.unkept]
        if self.days < self.min_days:
            found.append(f"{wording.plural(self.days, 'day')} of {self.min_days:,}")
        if self.counted < self.labels:
            found.append(f"{self.counted:,} of {wording.plural(self.labels, 'audited output')}")
        return tuple(found)


def rollout_words(step: Step) -> tuple[str, ...]:
    """Say where going live stands.

    >>> day = dt.date(2026, 3, 2)
    >>> for words in rollout_words(Step("pilot", 0.05, day, 9, 7, 40, 60, (), "support agrees", "half")):
    ...     print(words)
    Stage pilot (5 of 100 of the traffic) since 2026-03-02: not yet on to half, as 40 of 60 audited outputs.
    Its exit also asks: support agrees.
    """
    where = f"Stage {step.name} ({wording.line_per_100(step.share)} of the traffic) since {step.began_on.isoformat()}"
    if any(state == "broken" for _, state in step.unkept):
        said = f"{where}: a promise is broken, so nobody goes on: {wording.listed(step.missing)}."
    elif not step.following:
        said = f"{where}: the last stage{f'; {wording.listed(step.missing)}' if step.missing else ''}."
    elif step.missing:
        said = f"{where}: not yet on to {step.following}, as {wording.listed(step.missing)}."
    else:
        said = f"{where}: what can be counted of its exit criteria is met; {step.following} may begin."
    return (said, f"Its exit also asks: {step.exit}.") if step.exit else (said,)
