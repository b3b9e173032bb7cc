"""An exact bound for a pass rate from a judge's verdicts on all outputs and people's labels on some.

The judge passed X of N independent outputs; a person passed x1 of the n1 labelled ones among those, and
x0 of the n0 labelled ones that the judge did not pass. With q the chance that the judge passes an
output, and a and b the chances that a person passes one that the judge passed, or did not pass,

    rate = q a + (1 - q) b

All outcomes (X, x1, x0) are put in an order, and the p-value of "the rate is at most the bar" is the
largest chance, over every (q, a, b) with that rate, of an outcome at least as good as the one seen.
That keeps its level for any order; the one in `label_design`, estimate less 1.645 standard errors, makes it
sharp. The bound is its inversion: the order does not know the bar, so p-values only rise with it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from scipy.special import ndtri

from shipworthy.statistics.label_design import SPENT, Floats, LabelDesign, Region

RESOLUTION = 1e-5
"""Bounds are found to this distance, and rounded against the claim."""

TOLERANCE = 0.01
"""p-values are raised by this share of themselves, more than the search for the worst case was ever off by."""

_Q_POINTS, _A_POINTS = 15, 12
_PLACES = 0.5 - 0.5 * np.cos(np.linspace(0.0, math.pi, _A_POINTS))
_PEAKS, _ROUNDS = 2, 3
_FIRST_STEP = 0.01
_REMEMBERED = 4096


@dataclass(frozen=True)
class JudgedOutcome:
    """What was seen: verdicts, which outputs were labelled, and what the labels say.

    Assumptions: as for `p_rate_above`. Source: Buehler (1957), Journal of the American Statistical
    Association 52, 482-493.

    Attributes:
        design: the judge's verdicts and the numbers labelled.
        upheld: labelled outputs that the judge passed and a person passed too.
        rescued: labelled outputs that the judge did not pass and a person passed.

    Example: of 300 outputs the judge passed 270; 54 of 60 labels are on those.
        >>> seen = JudgedOutcome(LabelDesign(300, 270, 54, 6, "random"), upheld=53, rescued=1)
        >>> seen.mirrored().upheld
        1
    """

    design: LabelDesign
    upheld: int
    rescued: int

    @cached_property
    def level(self) -> float:
        """Where the outcome stands in the order of all."""
        return self.design.level(self.upheld, self.rescued)

    @cached_property
    def region(self) -> Region:
        """All outcomes at least as good."""
        return self.design.region(self.level)

    def p_above(self, bar: float) -> float:
        """Return `p_rate_above` of this outcome."""
        return p_rate_above(self, bar)

    def lower(self, alpha: float) -> float:
        """Return `rate_lower_bound` of this outcome."""
        return rate_lower_bound(self, alpha)

    def mirrored(self) -> JudgedOutcome:
        """Return the same with passes and failures swapped, for claims from below."""
        design = self.design
        return replace(self, upheld=design.of_passed - self.upheld, rescued=design.of_failed - self.rescued)


@lru_cache(maxsize=_REMEMBERED)
def p_rate_above(seen: JudgedOutcome, bar: float) -> float:
    """Return the p-value of "the rate is at most `bar`"; small means it is shown to be above.

    Estimand: the pass rate of the traffic that independent outputs were drawn from.

    Args:
        seen: verdicts and labels.
        bar: in [0, 1].

    Returns:
        A p-value in (0, 1], raised by `TOLERANCE` of itself and by the chance `label_design.SPENT` that
        the judge's pass rate lies outside the interval searched.

    Assumptions: outputs are independent and drawn alike; which are labelled depends on nothing but the
    judge's verdicts; the label is the truth. It fails when people label what looks interesting.

    Source: Buehler (1957), Journal of the American Statistical Association 52, 482-493; Berger and
    Boos (1994), the same journal 89, 1012-1016, for the interval of the judge's pass rate.

    Example: 53 of 54 and 1 of 6 labels pass, where the judge passed 270 of 300 outputs.
        >>> seen = JudgedOutcome(LabelDesign(300, 270, 54, 6, "random"), upheld=53, rescued=1)
        >>> round(p_rate_above(seen, 0.80), 3)
        0.008
    """
    if bar >= 1.0:
        return 1.0
    worst = worst_chance(seen.region, seen.design.q_range, bar)
    return min(worst * (1.0 + TOLERANCE) + SPENT, 1.0)


def worst_chance(region: Region, q_range: tuple[float, float], bar: float) -> float:
    """Return the largest chance of a region of outcomes at a rate of `bar`, over all (q, a, b) with that rate.

    The search is a grid over the judge's pass rate q and over a, refined round its two highest peaks; b
    follows from the rate.

    Assumptions: as for `p_rate_above`. Source: as for `p_rate_above`.

    Example: the region of everything.
        >>> design = LabelDesign(300, 270, 54, 6, "random")
        >>> round(worst_chance(design.region(-10.0), design.q_range, 0.8), 6)
        1.0
    """
    low, high = q_range
    low, high = max(low, 1e-9), min(high, 1.0 - 1e-9)
    qs = low + (high - low) * np.linspace(0.0, 1.0, _Q_POINTS)
    found = [_worst_of(region, bar, q, _PLACES) for q in qs.tolist()]
    best = max(found)
    for start in _peaks(found)[:_PEAKS]:
        peak, q_step, place_step = start, (high - low) / (_Q_POINTS - 1) / 2, 1.0 / (_A_POINTS - 1)
        for _ in range(_ROUNDS):
            near = np.clip(peak[1] + q_step * np.array([-1.0, 0.0, 1.0]), low, high)
            places = np.clip(peak[2] + place_step * np.linspace(-1.0, 1.0, 7), 0.0, 1.0)
            peak = max(peak, *(_worst_of(region, bar, q, places) for q in near.tolist()))
            q_step, place_step = q_step / 2, place_step / 3
        best = max(best, peak)
    return min(best[0], 1.0)


Worst = tuple[float, float, float]


def _worst_of(region: Region, bar: float, q: float, places: Floats) -> Worst:
    """Return the largest chance at one q, that q, and the place of a between its least and its most."""
    a_low, a_high = max(0.0, (bar - (1.0 - q)) / q), min(1.0, bar / q)
    a = a_low + (a_high - a_low) * places
    chances = region.chance(q, a, np.clip((bar - q * a) / (1.0 - q), 0.0, 1.0))
    at = int(chances.argmax())
    return float(chances[at]), q, float(places[at])


def _peaks(found: list[Worst]) -> list[Worst]:
    """Return the local maxima along q, largest first."""
    chances = [-1.0, *(f[0] for f in found), -1.0]
    tops = [f for i, f in enumerate(found, 1) if chances[i] >= max(chances[i - 1], chances[i + 1])]
    return sorted(tops, reverse=True)


@lru_cache(maxsize=_REMEMBERED)
def rate_lower_bound(seen: JudgedOutcome, alpha: float) -> float:
    """Return the largest bar, within `RESOLUTION`, whose p-value is no more than `alpha`.

    Args:
        seen: verdicts and labels.
        alpha: one-sided error, in (0, 1).

    Assumptions: as for `p_rate_above`; the bound is its inversion, so the two cannot disagree.

    Source: as for `p_rate_above`.

    Example: labels alone, 54 of 60, would give 0.812.
        >>> seen = JudgedOutcome(LabelDesign(300, 270, 54, 6, "random"), upheld=53, rescued=1)
        >>> round(rate_lower_bound(seen, 0.05), 3)
        0.839
    """
    wanted = float(ndtri(alpha))

    def excess(bar: float) -> float:
        p = p_rate_above(seen, bar)
        return float(ndtri(min(max(p, 1e-300), 1.0 - 1e-12))) - wanted

    guess = seen.level
    low = high = min(max(round(guess, 6), RESOLUTION), 1.0 - RESOLUTION)
    step = _FIRST_STEP
    while excess(low) > 0.0:
        if low <= RESOLUTION:
            return 0.0
        low, high, step = max(low - step, RESOLUTION), low, 2.0 * step
    while high < 1.0 and excess(high) <= 0.0:
        low, high, step = high, min(high + step, 1.0), 2.0 * step
    while high - low > RESOLUTION:
        middle = _secant(low, high, excess(low), excess(high))
        low, high = (middle, high) if excess(middle) <= 0.0 else (low, middle)
    return low


def _secant(low: float, high: float, at_low: float, at_high: float) -> float:
    """Return where a line through both ends is 0, kept off the ends so that the bracket closes."""
    guess = low - at_low * (high - low) / (at_high - at_low)
    margin = max(RESOLUTION / 2, (high - low) / 20)
    return min(max(guess, low + margin), high - margin)
