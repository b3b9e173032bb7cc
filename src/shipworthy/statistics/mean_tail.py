"""The chance that the mean of independent draws from a discrete law comes out low, by the saddle point.

Drawing n values from a law and seeing their mean at m, the draws most likely look like n values from the
law *tilted* to the mean m: shares times exp(t * value), scaled to one. So one tilt t says both how unlikely
such a mean is and what a sample with that mean looks like, which is what a test has to be asked about.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]

_FLAT = 1e-9
_NEAR = 1e-3
_FINE = 1e-4
_STEPS = 200


@dataclass(frozen=True)
class Tilted:
    """A law with its shares tilted towards high or low values.

    Assumptions: none; it is a change of weights.

    Source: Daniels (1954), Annals of Mathematical Statistics 25, 631-650, equation 2.7.

    Attributes:
        shares: the tilted shares, which add up to 1.
        log_transform: log of the sum of share times exp(tilt * value), before tilting.
        mean: mean of the tilted law.
        variance: its variance.

    Example: a fair coin tilted by log 3 shows heads three times in four.
        >>> float(round(tilted(np.array([0.0, 1.0]), np.array([0.5, 0.5]), math.log(3)).mean, 6))
        0.75
    """

    shares: Floats
    log_transform: float
    mean: float
    variance: float


def tilted(values: Floats, shares: Floats, tilt: float) -> Tilted:
    """Return a law tilted by `tilt`: above 0 towards high values, below 0 towards low ones.

    Args:
        values: distinct values.
        shares: the chance of each, adding up to 1.
        tilt: any finite number.

    Assumptions: none.

    Source: Daniels (1954), as for `Tilted`.

    Example: no tilt changes nothing.
        >>> tilted(np.array([0.0, 1.0]), np.array([0.5, 0.5]), 0.0).shares.tolist()
        [0.5, 0.5]
    """
    exponents = tilt * values
    top = float(exponents.max())
    weights = shares * np.exp(exponents - top)
    total = float(weights.sum())
    weights = weights / total
    mean = float(weights @ values)
    return Tilted(weights, top + math.log(total), mean, float(weights @ (values - mean) ** 2))


def chance_at_least(values: Floats, shares: Floats, *, n: int, tilt: float) -> float:
    """Return about the chance that the mean of n draws is at least the mean of the tilted law.

    Args:
        values: distinct values, two at least.
        shares: the chance of each, adding up to 1.
        n: number of draws, at least 1.
        tilt: where; 0 is the law's own mean.

    Returns:
        A chance; for values on a lattice that of the mid-point between "above" and "at least".

    Assumptions: draws are independent. For 10 to 1000 draws, rates from 0.5 to 0.98 and chances between
    0.05 and 0.95 the binomial, half a tie counted, is met within 0.016, and within 0.005 where 5 failures
    are expected.

    Source: Lugannani and Rice (1980) in the form of Barndorff-Nielsen (1986), Biometrika 73, 307-322: Phi(-r*)
    with r* = w + log(u/w)/w.

    Example: 20 fair coins show more than 12 heads with 0.1316, and 12 with half of 0.1201 on top: 0.1916.
        >>> round(chance_at_least(np.array([0.0, 1.0]), np.array([0.5, 0.5]), n=20, tilt=math.log(1.5)), 3)
        0.188
    """
    at = tilted(values, shares, tilt)
    w = math.copysign(math.sqrt(max(2 * n * (tilt * at.mean - at.log_transform), 1e-300)), tilt)
    u = tilt * math.sqrt(n * at.variance)
    if abs(w) < _NEAR:  # the formula is 0/0 without a tilt, and smooth through it
        away = 4 * _NEAR / math.sqrt(n * at.variance)
        return sum(chance_at_least(values, shares, n=n, tilt=tilt + side * away) for side in (-1, 1)) / 2
    if u / w < _FLAT:  # at the end of the scale
        return 1.0 if tilt < 0 else 0.0
    return float(ndtr(-(w + math.log(u / w) / w)))


def unlucky_shares(values: Floats, shares: Floats, *, n: int, power: float) -> Floats:
    """Return the shares a sample of n has when its mean is so low that it is higher with chance `power`.

    Args:
        values: distinct values, ascending.
        shares: the chance of each, adding up to 1.
        n: number of draws, at least 1.
        power: in (0, 1).

    Returns:
        Shares adding up to 1; all on the highest value where that is what most samples look like.

    Assumptions: draws are independent; the sample given its mean is put where it is most likely.

    Source: Csiszar (1984), Annals of Probability 12, 768-793, on the law of a sample given its mean.

    Example: one in five samples of 100 shows fewer than about 88 passes at a true rate of 0.9.
        >>> unlucky_shares(np.array([0.0, 1.0]), np.array([0.1, 0.9]), n=100, power=0.8).round(2).tolist()
        [0.12, 0.88]
    """
    if len(values) == 1 or n * math.log(shares[-1]) >= math.log(power):
        return np.append(np.zeros(len(values) - 1), 1.0)
    step = 1.0 / math.sqrt(n * tilted(values, shares, 0.0).variance)
    low = high = 0.0
    while chance_at_least(values, shares, n=n, tilt=low) < power:
        low -= step
    while chance_at_least(values, shares, n=n, tilt=high) > power:
        high += step
    for _ in range(_STEPS):
        if high - low <= _FINE * step:
            break
        middle = (low + high) / 2
        if chance_at_least(values, shares, n=n, tilt=middle) > power:
            low = middle
        else:
            high = middle
    return tilted(values, shares, low).shares
