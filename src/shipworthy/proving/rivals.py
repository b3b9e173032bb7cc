"""The strongest valid competitors, on the very draws that the verdict sees."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, ndtr

from shipworthy.proving.answering import Answers
from shipworthy.proving.codes import Floats, Rng
from shipworthy.proving.design import Design, good_parts
from shipworthy.proving.drawing import Batch, Column
from shipworthy.proving.judged import Judged
from shipworthy.proving.laws import Pairs, Passes

TINY = 1e-12
"""A variance below this is none: all pairs agree, and the margin is far away or it is not."""


def rival_name(design: Design) -> tuple[str, ...]:
    """Return who competes: none where claims lie across slices or are weighed, two procedures where scope is chosen."""
    if _has_none(design):
        return ()
    look = ", one look" if design.at else ""
    if design.shares:
        return (f"Holm{look}", f"fallback, best order{look}")
    laws = [law for stratum in design.better for law in stratum.laws]
    if isinstance(laws[0], Answers):
        return (f"Clopper-Pearson on the answered{'' if laws[0].repeats == 1 else ', one draw a group'}",)
    if isinstance(laws[0], Judged):
        return (_labels_name(laws[0]) + look,)
    if _is_plain_difference(design):
        return (("McNemar" if design.asks[0].bar == 0 else "Tango's score") + look,)
    return (f"Clopper-Pearson{'' if all(map(_is_binary, laws)) else ' on one draw a group'}{look}",)


def rival_powers(design: Design, batch: Batch, rng: Rng) -> Floats:
    """Return the sums over a batch of what each rival gains; zeros where it has none.

    A group of several outputs enters Clopper-Pearson as one draw that passes with the group's value as its
    chance: valid without any condition, and the same as the value itself where that is 0 or 1.
    """
    if _has_none(design):
        return np.zeros(2)
    level = design.promise / (design.tries if design.paid else 1)
    if _is_plain_difference(design):
        (column,) = batch.columns
        fixed, broken = (column.favours > 0.5).sum(axis=1), (column.favours < 0.5).sum(axis=1)
        p = difference_p(fixed, broken, column.favours.shape[1], design.asks[0].bar)
        return np.array([float((p <= level).sum()), 0.0])
    p = (
        _answered_p_values(design, batch, rng)
        if design.asks[0].of_cases
        else _part_p_values(design, batch, rng)
    )
    if not design.shares:
        return np.array([float((p[:, 0] <= level).sum()), 0.0])
    good = good_parts(design, design.better)
    values = np.array([good.get(part, 0.0) for part in design.parts])
    order = sorted(range(values.size), key=lambda i: -values[i])
    return np.array([holm_sums(p, values, level), fallback_sums(p, values, level, order)])


def difference_p(fixed: np.ndarray, broken: np.ndarray, n: int, margin: float) -> Floats:
    """Return p-values of "the gain is at most the margin": McNemar's exact test at 0, else Tango's score test.

    Tango's is no theorem at small n, but kept its level wherever it was measured.

    >>> difference_p(np.array([15]), np.array([5]), 100, 0.0).round(4).tolist()
    [0.0207]
    """
    if margin == 0:
        return clopper_pearson(fixed, fixed + broken, 0.5)
    b = -fixed - broken + (2 * n - fixed + broken) * margin
    c = -broken * margin * (1 - margin)
    least = (np.sqrt(np.maximum(b * b - 8 * n * c, 0.0)) - b) / (4 * n)
    variance = n * (2 * least + margin * (1 - margin))
    excess = fixed - broken - n * margin
    z = excess / np.sqrt(np.maximum(variance, TINY))
    return np.asarray(ndtr(-z))


def clopper_pearson(passed: np.ndarray, n: np.ndarray, bar: float | np.ndarray) -> Floats:
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


def _part_p_values(design: Design, batch: Batch, rng: Rng) -> Floats:
    """Return for each launch and part the largest p-value of its criteria, on all groups."""
    parts = design.parts or ("",)
    passed, groups = (np.zeros((batch.rows, len(parts), len(design.asks))) for _ in range(2))
    for column in batch.columns:
        slices = design.better[column.stratum].slices
        part = next((i for i, name in enumerate(parts) if name in slices), 0)
        n, good = _sampled(column, rng)
        passed[:, part, column.ask] += good
        groups[:, part, column.ask] += n
    bars = np.array([(ask.bar + 1) / 2 if ask.estimand == "difference" else ask.bar for ask in design.asks])
    return np.asarray(clopper_pearson(passed, groups, bars).max(axis=2))


def _answered_p_values(design: Design, batch: Batch, rng: Rng) -> Floats:
    """Return for each launch the larger p-value of the two claims, on one output of each group drawn by chance."""
    (column,), (ask,) = batch.columns, design.asks
    law = column.law
    assert isinstance(law, Answers)
    shares = np.array([law.shares(code) for code in column.found])[
        np.searchsorted(column.found, column.codes)
    ]
    drawn = rng.random(column.codes.shape)
    answered, passed = (drawn < shares[..., 0]).sum(axis=1), (drawn < shares[..., 1]).sum(axis=1)
    enough = clopper_pearson(answered, np.full(answered.shape, column.codes.shape[1]), ask.of_cases or 0.0)
    return np.asarray(np.maximum(clopper_pearson(passed, answered, ask.bar), enough))[:, None]


def _sampled(column: Column, rng: Rng) -> tuple[np.ndarray, np.ndarray]:
    """Return how many independent outputs of a column a rival sees in each launch, and how many passed."""
    rows, n = column.codes.shape
    law = column.law
    if not isinstance(law, Judged):
        favours = column.favours
        drawn = favours if _is_binary(law) else rng.random(favours.shape) < favours
        return np.full(rows, n), np.asarray(drawn.sum(axis=1))
    if law.way != "random":
        return np.full(rows, law.labels), np.asarray(rng.binomial(law.labels, law.truth, rows))
    each = np.array([law.labelled(code) for code in column.found])
    counts = column.counts(slice(0, rows), [n])[:, 0]
    return counts @ each[:, 0], counts @ each[:, 1]


def _has_none(design: Design) -> bool:
    sliced = bool(design.shares) and any(ask.of_cases for ask in design.asks)
    return sliced or bool(design.weighed) or any(ask.across for ask in design.asks)


def _labels_name(law: Judged) -> str:
    if law.way != "random":
        return "as many random labels alone"
    return "labels alone" if law.size * law.repeats == 1 else "labels alone, as if independent"


def _is_plain_difference(design: Design) -> bool:
    if len(design.asks) > 1 or len(design.better) > 1:
        return False
    law = design.better[0].laws[0]
    return isinstance(law, Pairs) and law.repeats == 1


def _is_binary(law: object) -> bool:
    return isinstance(law, Passes) and law.repeats == 1 and law.sizes == (1,)
