"""Bounds that hold at every look up to a planned end, and never contradict the p-value that decides."""

from __future__ import annotations

from collections import Counter

from shipworthy.statistics.any_look import any_look_p, nominal_level
from shipworthy.statistics.group_mean import GroupMean


def lower_at_any_look(mean: GroupMean, *, bar: float, end: int, alpha: float, graded: bool = True) -> float:
    """Return the lower bound that is above the truth at any look with a chance of at most `alpha`.

    Estimand: the mean over groups. The bound is drawn at the level of graded values, which hardly depends on
    the bar; the level of 0/1 groups makes the most of whole numbers of failures at *this* bar and would be too
    lenient at others. Where 0/1 groups show the bar by it, the bound is at least the bar.

    Args:
        mean: the groups so far; for a gain, moved from [-1, 1] to [0, 1].
        bar: what is to be shown, in (0, 1), on the same scale.
        end: the planned end in groups.
        alpha: one-sided error over all looks, in (0, 1).
        graded: as for `any_look_p`.

    Returns:
        A bound in [0, 1]: at least the bar exactly where `any_look_p` is at most alpha; 0 past the end.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: as for `any_look_p`. That the chance stays within alpha at truths other than the bar was
    computed for 0/1 groups over a grid, not proved.

    Source: as for `any_look_p`.

    Example: 190 of 200 passed, the planned end; one look would have given 0.9165.
        >>> mean = GroupMean.from_counts(passed=190, n=200)
        >>> round(lower_at_any_look(mean, bar=0.9, end=200, alpha=0.05, graded=False), 4)
        0.9148
    """
    n = mean.n_groups
    level = nominal_level(alpha, n=n, end=end, bar=bar)
    drawn = mean.lower(level) if level > 0.0 else 0.0
    p = mean.p_above(bar)
    if graded or any_look_p(p, n=n, end=end, bar=bar, graded=False) > alpha:
        return drawn
    return max(drawn, bar)


def upper_at_any_look(mean: GroupMean, *, bar: float, end: int, alpha: float, graded: bool = True) -> float:
    """Return the upper bound that is below the truth at any look with a chance of at most `alpha`.

    Assumptions: as for `lower_at_any_look`, of which this is the mirror image (x becomes 1 - x).

    Source: as for `any_look_p`.

    Example: 170 of 200 passed, the planned end, under a bar of 0.9.
        >>> mean = GroupMean.from_counts(passed=170, n=200)
        >>> round(upper_at_any_look(mean, bar=0.9, end=200, alpha=0.05, graded=False), 4)
        0.8922
    """
    mirrored: Counter[float] = Counter()
    for value, count in zip(mean.values, mean.counts, strict=True):
        mirrored[1.0 - value] += count  # values a last digit apart may fall together
    flipped = GroupMean.from_histogram(mirrored)
    return 1.0 - lower_at_any_look(flipped, bar=1.0 - bar, end=end, alpha=alpha, graded=graded)
