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
