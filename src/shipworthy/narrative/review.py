"""What is said of reading outputs: counts that end, how much is still new, how often a failure mode comes up."""

from __future__ import annotations

from shipworthy.decision.reading_rates import ModeRate, Saturation
from shipworthy.domain.review import Progress
from shipworthy.narrative.wording import hundredths, plural
from shipworthy.statistics.display_interval import Interval
from shipworthy.statistics.results import NotEstimable


def progress_words(progress: Progress) -> str:
    """Return where a queue stands, in one line; of sealed outputs only how many are done.

    >>> progress_words(Progress(items=100, done=17, deferred=2, passed=5, failed=12, differ=0))
    '17 of 100, 12 fail, 2 deferred'
    >>> progress_words(Progress(items=100, done=17, deferred=2))
    '17 of 100, 2 deferred'
    """
    parts = [f"{progress.done:,} of {progress.items:,}"]
    if progress.failed is not None:
        parts.append(f"{progress.failed:,} fail")
    if progress.differ:
        parts.append(f"{progress.differ:,} differ")
    if progress.deferred:
        parts.append(f"{progress.deferred:,} deferred")
    return ", ".join(parts)


def saturation_words(found: Saturation) -> str:
    """Return how much is still new, in one line.

    >>> saturation_words(Saturation(100, 14, 8, 0, 0.0595, (1,)))
    'no new failure in 14; unseen at most 6 in 100'
    >>> saturation_words(Saturation(3, 0, 1, 2, 0.92, (1, 2, 3)))
    'something new in the last one; unseen at most 92 in 100; 2 failures have no failure mode yet'
    """
    new = f"no new failure in {found.since_new:,}" if found.since_new else "something new in the last one"
    said = f"{new}; unseen at most {hundredths(found.upper, towards='up')} in 100"
    if found.unnamed:
        have = "has" if found.unnamed == 1 else "have"
        said += f"; {plural(found.unnamed, 'failure')} {have} no failure mode yet"
    return said


def rate_words(rate: ModeRate) -> str:
    """Return how often a failure mode comes up: counts first, then what it could be.

    >>> rate_words(ModeRate("late", 12, 100, 0.12, 0.0707, 0.187))
    '12 of 100 groups, could be as few as 7 and as many as 19 of 100'
    """
    low, high = hundredths(rate.lower, towards="down"), hundredths(rate.upper, towards="up")
    return (
        f"{rate.groups:,} of {rate.reviewed:,} groups, could be as few as {low} and as many as {high} of 100"
    )


def interval_words(found: Interval | NotEstimable) -> str:
    """Return an estimate with its interval, or why there is none.

    >>> interval_words(Interval(0.92, 0.848, 0.965, 0.95, "Clopper-Pearson"))
    '92 of 100 (84 to 97)'
    """
    if isinstance(found, NotEstimable):
        return f"not known: {found.reason}"
    low, high = hundredths(found.lower, towards="down"), hundredths(found.upper, towards="up")
    return f"{hundredths(found.estimate)} of 100 ({low} to {high})"


def coefficient_words(found: Interval | NotEstimable) -> str:
    """Return a coefficient of agreement with its interval, or why there is none.

    >>> coefficient_words(Interval(0.29, -0.07, 0.65, 0.95, "delta"))
    '0.29 (-0.07 to 0.65)'
    """
    if isinstance(found, NotEstimable):
        return f"not known: {found.reason}"
    return f"{found.estimate:.2f} ({found.lower:.2f} to {found.upper:.2f})"
