"""Costs and times on a bounded scale: the favourable part, in whole steps."""

from __future__ import annotations

import math
from fractions import Fraction

from shipworthy.statistics import validate

STEPS = 4096
"""Steps of the scale: a cap of 10 seconds is resolved to about 2.5 milliseconds."""


def favourable_points(value: float | None, *, cap: float) -> int:
    """Return how much of the scale from `cap` down to 0 one output left unspent, in steps.

    Estimand: the mean over groups of min(value, cap), read backwards: 1 is free, 0 is the cap or worse.

    Args:
        value: a cost or a time, at least 0; None when it is not known.
        cap: the end of the scale, above 0, in the same unit; fixed before looking.

    Returns:
        A whole number from 0 to `STEPS`, rounded down, so that rounding never favours the claim.
        Unknown counts as the cap.

    Raises:
        TypeError: `value` or `cap` is no number.
        ValueError: `value` is negative or not a number, or `cap` is not above 0.

    Assumptions: values above the cap count as the cap, so the claim is about the capped mean; the
    scale is 1/4096 of the cap coarse, on the safe side.

    Source: rescaling to [0, 1]; see `GroupMean` for the bound.

    Example: 2.5 of at most 10 leaves three quarters of the scale.
        >>> favourable_points(2.5, cap=10), favourable_points(None, cap=10), favourable_points(11, cap=10)
        (3072, 0, 0)
    """
    cap = validate.between("cap", cap, high=math.inf)
    if value is None or value == math.inf:
        return 0
    checked = validate.within("value", value, low=0.0, high=math.inf)
    if checked >= cap:
        return 0
    # Exact arithmetic: in floating point a result just below a whole step could round up to it.
    return math.floor(STEPS * (1 - Fraction(checked) / Fraction(cap)))


def share_at_cap(mean_upper: float, *, cap: float) -> float:
    """Return how large a share can be at the cap or beyond it, if the capped mean is at most so much.

    Estimand: the share of outputs whose cost is at least the cap. It holds wherever the bound on the capped mean
    holds, and so costs no error of its own; it is wider than a bound on that share by itself, as `CappedMean` has.

    Args:
        mean_upper: a bound on the mean of costs counted at most as the cap, from 0 to the cap.
        cap: above 0, in the same unit.

    Assumptions: costs are from 0 on; otherwise those of the bound.

    Source: Markov's inequality: cap times the share at the cap is at most the capped mean.

    Example: a mean of at most 0.03, counting at most 0.20.
        >>> round(share_at_cap(0.03, cap=0.20), 3)
        0.15
    """
    cap = validate.between("cap", cap, high=math.inf)
    return min(validate.within("mean_upper", mean_upper, low=0.0, high=math.inf) / cap, 1.0)
