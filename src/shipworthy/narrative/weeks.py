"""A promise week by week: what is drawn, and the same in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shipworthy.decision.monitor import MixOf, Promise
from shipworthy.narrative import wording
from shipworthy.narrative.monitoring import amount_of, line_of

MOST = 12


@dataclass(frozen=True)
class Week:
    """One week of a promise.

    Attributes:
        begins: its Monday.
        n: outputs that count.
        passed: the sum of their values.
    """

    begins: dt.date
    n: int
    passed: float


@dataclass(frozen=True)
class Weeks:
    """The weeks of a promise, oldest first, and what was promised.

    Attributes:
        title: the promise in words.
        rate: the promised share.
        weeks: those in which anything counted; at most the last twelve.
        words: what is drawn, for a reader who does not see it.
    """

    title: str
    rate: float
    weeks: tuple[Week, ...]
    words: str


def weeks_of(
    title: str, rate: float, days: dict[dt.date, tuple[int, float]], *, mean: Promise | None = None
) -> Weeks:
    """Return a promise by weeks.

    Args:
        title: the promise in words.
        rate: the promised share.
        days: day to how many outputs counted and the sum of their values.
        mean: the promise, where it is one on a mean; what is drawn is then the share of its cap that is left.

    >>> made = weeks_of("right", 0.9, {dt.date(2026, 3, 3): (10, 9.0), dt.date(2026, 3, 8): (10, 7.0)})
    >>> made.words
    'Promised: 90 of 100. Week of 2026-03-02: 16 of 20 passed.'
    """
    found: dict[dt.date, tuple[int, float]] = {}
    for day, (n, passed) in days.items():
        monday = day - dt.timedelta(days=day.weekday())
        before = found.get(monday, (0, 0.0))
        found[monday] = before[0] + n, before[1] + passed
    weeks = tuple(Week(monday, *found[monday]) for monday in sorted(found))[-MOST:]
    said = [
        f"Week of {week.begins.isoformat()}: {wording.of(round(week.passed), week.n)} passed."
        for week in weeks
    ]
    line = wording.line_per_100(rate)
    if mean is not None:
        title, line = f"{title} (drawn: how much of the cap is left, of 100)", line_of(mean)
        said = [
            f"Week of {week.begins.isoformat()}: {amount_of(mean, week.passed / week.n)} on average of {week.n:,}."
            for week in weeks
        ]
    return Weeks(title, rate, weeks, " ".join([f"Promised: {line}.", *said]))


def in_window(days: dict[dt.date, tuple[int, float]], length: int) -> int:
    """Return how many outputs counted in the last days up to the latest one.

    >>> in_window({dt.date(2026, 3, 1): (5, 5.0), dt.date(2026, 3, 8): (7, 7.0)}, 7)
    7
    """
    if not days:
        return 0
    after = max(days) - dt.timedelta(days=length)
    return sum(n for day, (n, _) in days.items() if day > after)


def quota_words(n: int, labels: int, days: int) -> str:
    """Say how the last window stands against the quota.

    >>> quota_words(12, 60, 7)
    'Counted in the last 7 days with any: 12 of the 60 outputs that were wanted.'
    """
    if n >= labels:
        return f"Counted in the last {days:,} days with any: {n:,} outputs; {labels:,} were wanted."
    return f"Counted in the last {days:,} days with any: {n:,} of the {labels:,} outputs that were wanted."


def traffic_words(counts: dict[str, int], shares: dict[str, float], *, of: MixOf = "declared") -> str:
    """Say how the traffic is mixed beside what was declared, or the eval set; empty where nothing is known of it.

    >>> traffic_words({"a": 60, "b": 30, "": 10}, {"a": 0.5, "b": 0.5})
    'Of 90 live outputs: a 67 of 100 (declared 50), b 33 of 100 (declared 50); 10 more are of no declared slice.'
    """
    known = {name: counts.get(name, 0) for name in shares}
    total = sum(known.values())
    if not total:
        return ""
    parts = [
        f"{name} {wording.per_100(n / total)} ({of} {wording.per_100(shares[name]) if of == 'eval set' else f'{100 * shares[name]:g}'})"
        for name, n in known.items()
    ]
    other = sum(counts.values()) - total
    more = (
        f"; {other:,} more are of no {'declared slice' if of == 'declared' else 'slice of it'}"
        if other
        else ""
    )
    return f"Of {total:,} live outputs: {', '.join(parts)}{more}."
