"""Temporary."""

from __future__ import annotations

import numpy as np

from shipworthy.statistics.group_mean import GroupMean


def _log_e(values, counts, bar):
    lam = np.linspace(0.02, 0.98, 25) / max(bar, 1e-9)
    logs = np.log1p(np.outer(lam, values - bar)) @ counts
    top = logs.max()
    return float(top + np.log(np.exp(logs - top).mean()))


def p_above(mean: GroupMean, bar: float) -> float:
    return float(min(1.0, np.exp(-_log_e(*mean.arrays, bar)))) if bar > 0 else 1.0


def p_below(mean: GroupMean, bar: float) -> float:
    v, c = mean.arrays
    return float(min(1.0, np.exp(-_log_e(1 - v, c, 1 - bar)))) if bar < 1 else 1.0


def lower_bound(mean: GroupMean, alpha: float) -> float:
    low, high = 0.0, mean.estimate
    for _ in range(40):
        mid = (low + high) / 2
        low, high = (mid, high) if p_above(mean, mid) <= alpha else (low, mid)
    return low


def upper_bound(mean: GroupMean, alpha: float) -> float:
    low, high = mean.estimate, 1.0
    for _ in range(40):
        mid = (low + high) / 2
        low, high = (low, mid) if p_below(mean, mid) <= alpha else (mid, high)
    return high
