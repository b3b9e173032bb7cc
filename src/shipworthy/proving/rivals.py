"""The strongest valid competitors, on the very draws that the verdict sees."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc

from shipworthy.proving.codes import Floats, Rng
from shipworthy.proving.design import Design, is_wrong
from shipworthy.proving.drawing import Batch
from shipworthy.proving.judged import Judged
from shipworthy.proving.laws import Passes


def rival_name(design: Design) -> tuple[str, ...]:
    """Return who competes: none where claims must hold across slices, two procedures where scope is chosen."""
    if any(ask.across for ask in design.asks):
        return ()
    if _labels_only(design):
        return ("labels alone",)
    if _signs(design):
        return ("McNemar",)
    if design.shares:
        return ("Holm", "fallback, best order")
    look = ", one look" if design.at else ""
    one = all(_is_binary(law) for s in design.better for law in s.laws)
    return (f"Clopper-Pearson{'' if one else ' on one draw a group'}{look}",)


def rival_powers(design: Design, batch: Batch, rng: Rng) -> Floats:
    """Return the sums over a batch of what each rival gains; zeros where it has none.

    A group of several outputs enters Clopper-Pearson as one draw that passes with the group's value as its
    chance: valid without any condition, and the same as the value itself where that is 0 or 1.
    """
    if any(ask.across for ask in design.asks):
        return np.zeros(2)
    level = design.error / (design.tries if design.paid else 1)
    if _labels_only(design):
        return np.array([float((_labels(batch) <= level).sum()), 0.0])
    if _signs(design):
        (column,) = batch.columns
        fixed, broken = (column.favours > 0.5).sum(axis=1), (column.favours < 0.5).sum(axis=1)
        return np.array([float((clopper_pearson(fixed, fixed + broken, 0.5) <= level).sum()), 0.0])
    p = _part_p_values(design, batch, rng)
    if not design.shares:
        return np.array([float((p[:, 0] <= level).sum()), 0.0])
    return _scope_powers(design, p, level)


def clopper_pearson(passed: np.ndarray, n: np.ndarray, bar: float) -> Floats:
    """Return the exact p-values of "the rate is at most the bar".

    >>> clopper_pearson(np.array([9]), np.array([10]), 0.8).round(6).tolist()
    [0.37581]
    """
    return np.where(passed == 0, 1.0, betainc(np.maximum(passed, 1), n - passed + 1, bar))


def holm_sums(p: Floats, values: Floats, level: float) -> float:
    """Return the value of what Holm's procedure rejects, added over the rows of p-values."""
    order = np.argsort(p, axis=1, kind="stable")
    ranked = np.take_along_axis(p, order, axis=1) <= level / (p.shape[1] - np.arange(p.shape[1]))
    return float((np.logical_and.accumulate(ranked, axis=1) * values[order]).sum())


def fallback_sums(p: Floats, values: Floats, level: float, order: list[int]) -> float:
    """Return the value of what the fallback procedure with equal shares rejects in the order given."""
    carried, total = np.zeros(p.shape[0]), 0.0
    for i in order:
        here = carried + level / p.shape[1]
        rejected = p[:, i] <= here
        carried = np.where(rejected, here, 0.0)
        total += float(rejected.sum()) * float(values[i])
    return total


def _scope_powers(design: Design, p: Floats, level: float) -> Floats:
    good = np.array([not is_wrong(design, design.better, (part,)) for part in design.parts])
    values = np.array(list(design.shares.values())) * good
    values = values / values.sum()
    order = sorted(range(good.size), key=lambda i: (not good[i], -values[i]))
    return np.array([holm_sums(p, values, level), fallback_sums(p, values, level, order)])


def _part_p_values(design: Design, batch: Batch, rng: Rng) -> Floats:
    """Return for each launch and part the largest p-value of its criteria, on all groups."""
    parts = design.parts or ("",)
    passed = np.zeros((batch.rows, len(parts), len(design.asks)))
    groups = np.zeros((len(parts), len(design.asks)))
    for column in batch.columns:
        slices = design.better[column.stratum].slices
        part = next((i for i, name in enumerate(parts) if name in slices), 0)
        favours = column.favours
        drawn = favours if _is_binary(column.law) else rng.random(favours.shape) < favours
        passed[:, part, column.ask] += drawn.sum(axis=1)
        groups[part, column.ask] += favours.shape[1]
    bars = np.array([(ask.bar + 1) / 2 if ask.estimand == "difference" else ask.bar for ask in design.asks])
    return np.asarray(clopper_pearson(passed, groups, bars).max(axis=2))  # type: ignore[arg-type]


def _labels(batch: Batch) -> Floats:
    (column,) = batch.columns
    law = column.law
    assert isinstance(law, Judged)
    per_code = np.array([law.labelled(code) for code in column.found])
    counts = column.counts(slice(0, batch.rows), [column.codes.shape[1]])[:, 0]
    n, passed = counts @ per_code[:, 0], counts @ per_code[:, 1]
    return clopper_pearson(passed, n, batch.design.asks[0].bar)


def _labels_only(design: Design) -> bool:
    return len(design.asks) == 1 and design.asks[0].estimand == "judged_rate" and len(design.better) == 1


def _signs(design: Design) -> bool:
    ask = design.asks[0]
    simple = (
        len(design.asks) == 1 and len(design.better) == 1 and ask.estimand == "difference" and ask.bar == 0
    )
    return simple and getattr(design.better[0].laws[0], "repeats", 2) == 1


def _is_binary(law: object) -> bool:
    return isinstance(law, Passes) and law.repeats == 1 and law.sizes == (1,)
