"""How many labels it takes beside a judge, by the very test that will decide."""

from __future__ import annotations

import numpy as np

from shipworthy.statistics import validate
from shipworthy.statistics.buehler import TOLERANCE, worst_chance
from shipworthy.statistics.label_design import SPENT, LabelDesign, Region
from shipworthy.statistics.results import NotEstimable

_LEVELS = 13


def labels_needed(
    *, bar: float, hoped: float, tpr: float, tnr: float, judged: int, alpha: float, power: float
) -> int | NotEstimable:
    """Return how many labels, drawn at random, show a rate beside a judge of known quality.

    Estimand: the number n of labels among `judged` independent outputs at which the exact test of judge
    and labels (`buehler`) reaches the bar with the wanted chance. That chance is added up exactly over
    all outcomes, given that the labels fall on verdicts as often as expected; it rises in a
    saw-tooth, and single smaller numbers may reach it too.

    Args:
        bar: what is to be shown, in (0, 1).
        hoped: the true rate that is assumed, in (0, 1).
        tpr: share of good outputs that the judge passes, in [0, 1].
        tnr: share of bad outputs that it does not pass, in [0, 1].
        judged: outputs with a verdict, at least 1.
        alpha: one-sided error, in (0, 1).
        power: wanted chance of showing it, in (0, 1).

    Returns:
        A number of labels, or why no number will do.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: outputs are independent, one for each group; judge and truth are as stated.

    Source: as for `buehler.p_rate_above`; Chow, Shao, Wang and Lokhnygina (2017), Sample Size
    Calculations in Clinical Research, on exact tests.

    Example: showing 90 % where 95 % is true takes 203 labels alone.
        >>> labels_needed(bar=0.9, hoped=0.95, tpr=0.97, tnr=0.9, judged=1000, alpha=0.05, power=0.8)
        100
    """
    bar, hoped = validate.between("bar", bar), validate.between("hoped", hoped)
    tpr, tnr = validate.within("tpr", tpr, low=0.0, high=1.0), validate.within("tnr", tnr, low=0.0, high=1.0)
    judged = validate.count("judged", judged, least=1)
    alpha, power = validate.between("alpha", alpha), validate.between("power", power)
    if hoped <= bar:
        return NotEstimable(
            f"the hoped-for rate {hoped:g} is not above the bar {bar:g}: no number of labels shows it"
        )
    if alpha <= SPENT:
        return NotEstimable(f"an error of {alpha:g} is less than the test sets aside")
    q = hoped * tpr + (1.0 - hoped) * (1.0 - tnr)
    truth = (q, hoped * tpr / q if q else 0.0, hoped * (1.0 - tpr) / (1.0 - q) if q < 1.0 else 0.0)

    def enough(labels: int) -> bool:
        return _power(labels, bar=bar, truth=truth, judged=judged, alpha=alpha) >= power

    high = 8
    while not enough(min(high, judged)):
        if high >= judged:
            return NotEstimable(f"labelling all {judged:,} outputs is not enough: judge more outputs")
        high *= 2
    low, high = high // 2, min(high, judged)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _power(labels: int, *, bar: float, truth: tuple[float, float, float], judged: int, alpha: float) -> float:
    q, a, b = truth
    passed = round(q * judged)
    ones = round(passed * labels / judged)
    design = LabelDesign(judged, passed, ones, labels - ones, "random")
    region = _deciding(design, bar=bar, alpha=alpha)
    q = min(max(q, 1e-9), 1.0 - 1e-9)
    return float(region.chance(q, np.array([a]), np.array([b]))[0])


def _deciding(design: LabelDesign, *, bar: float, alpha: float) -> Region:
    """Return the outcomes that show the bar: those above the lowest level whose p-value is small enough."""
    allowed = (alpha - SPENT) / (1.0 + TOLERANCE)
    low, high = bar - 0.25, 1.0
    for _ in range(_LEVELS):
        middle = (low + high) / 2
        shown = worst_chance(design.region(middle), design.q_range, bar) <= allowed
        low, high = (low, middle) if shown else (middle, high)
    return design.region(high)
