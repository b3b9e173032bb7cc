"""The e-detector over millions of outputs: the same sums, some hundred outputs at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from shipworthy.statistics.e_detector import AT_LAUNCH, DROPS, LARGEST, SPREAD, TOLERANCE, stake_on

if TYPE_CHECKING:
    from shipworthy.statistics.e_detector import EDetector
    from shipworthy.statistics.exponential_sum import Floats

CHUNK = 192
"""Outputs at a time: a bet multiplies a failure by less than e**1.8, and so stays far inside what a number can hold."""

BLOCK = 256 * CHUNK
"""Outputs whose factors are held at once."""


def followed_many(detector: EDetector, values: Floats) -> EDetector:
    """Return a detector after further outputs, each followed in its turn.

    Within a chunk the sum of a bet is S(n) = P(n) (S(0) + sum of w(k) / P(k - 1)), P being the running product of
    its factors: sums and products of positive numbers, so nothing is lost by subtraction. The chunks among which an
    alarm falls are followed output by output.

    Args:
        detector: where it stands.
        values: in [0, 1], in the order of the audit.

    Raises:
        ValueError: a value is outside [0, 1].

    Assumptions: those of the e-detector. Source: as there; the rearrangement is algebra. Example:
        >>> from shipworthy.statistics.e_detector import EDetector
        >>> followed_many(EDetector.start(promise=0.9), np.zeros(500)).alarm_at
        5
    """
    values = np.asarray(values, dtype=np.float64)
    if values.size and not (values.min() >= 0.0 and values.max() <= 1.0):
        raise ValueError("a value must be between 0 and 1")
    whole = len(values) - len(values) % CHUNK
    for begin in range(0, whole, BLOCK):
        detector = _block(detector, values[begin : min(begin + BLOCK, whole)])
    return detector.after(values[whole:].tolist())


def _block(detector: EDetector, values: Floats) -> EDetector:
    """Follow whole chunks: factors and weights of all at once, then what each begins with, then the evidence."""
    first = detector.outputs + 1
    k = np.arange(first, first + len(values) + 1, dtype=np.float64)
    tails = np.where(k == 1.0, 1.0, (1.0 - AT_LAUNCH) / (1.0 + np.log1p(np.maximum(k - 2.0, 0.0) / SPREAD)))
    weights = (tails[:-1] - tails[1:]).reshape(-1, CHUNK)
    sums, tops, evidence = [], [], np.zeros_like(weights)
    for bet, drop in enumerate(DROPS):
        stake = stake_on(drop, promise=detector.promise)
        factors = 1.0 + stake * (detector.promise - values.reshape(-1, CHUNK))
        products: Floats = np.cumprod(factors, axis=1, dtype=np.float64)
        opened = weights.copy()
        opened[:, 1:] /= products[:, :-1]
        added = np.cumsum(opened, axis=1)
        starts = _starts(detector.sums[bet], products[:, -1], added[:, -1])
        sums.append(starts.pop())
        tops.append(_top(detector.tops[bet], opened, products[:, -1], first))
        added += np.array(starts)[:, None]
        with np.errstate(over="ignore"):
            evidence += np.minimum(products * added, LARGEST)
    evidence = (evidence.ravel() / len(DROPS) + tails[1:]) * (1.0 - TOLERANCE)
    highest = max(detector.highest, float(evidence.max()))
    if detector.alarm_at is None and highest >= 1.0 / detector.alpha:
        return detector.after(values.tolist())
    return replace(
        detector, outputs=detector.outputs + len(values), highest=highest, sums=tuple(sums), tops=tuple(tops)
    )


def _starts(begin: float, products: Floats, added: Floats) -> list[float]:
    """Return what a bet's sum is at the beginning of each chunk, and after the last."""
    found = [begin]
    for product, more in zip(products.tolist(), added.tolist(), strict=True):
        found.append(min((found[-1] + more) * product, LARGEST))
    return found


def _top(top: tuple[float, int], opened: Floats, products: Floats, first: int) -> tuple[float, int]:
    """Return the strongest start after all chunks, and its evidence."""
    best = opened.argmax(axis=1)
    worth, start = top
    for chunk, (at, product) in enumerate(zip(best.tolist(), products.tolist(), strict=True)):
        if (new := float(opened[chunk, at])) > worth:
            worth, start = new, first + chunk * CHUNK + at
        worth = min(worth * product, LARGEST)
    return worth, start
