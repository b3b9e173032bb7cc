"""How costs or times are spread: counts in bins of equal width, and quantiles with what they could be."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shipworthy.statistics.quantile_bound import QuantileBound, upper_from_groups
from shipworthy.statistics.results import NotEstimable

BINS = 32
LEVEL = 0.95
"""Of the two-sided intervals shown beside quantiles; no verdict is made from them."""
MOST_GROUPS = 4_000
"""Groups of several outputs are bounded by search; with more of them it would take too long for a page."""
FINEST = 1e-9
"""The least width of a bin: edges are told to nine digits behind the point."""
TAIL = 0.995
"""The share of outputs that the bins must reach; the rest is counted as beyond."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Quantile:
    """One quantile.

    Attributes:
        share: the share of outputs within it.
        value: the quantile of the outputs seen.
        lower: what it could be at least, or why that is not known.
        upper: what it could be at most, or why that is not known.
    """

    share: float
    value: float | NotEstimable
    lower: float | NotEstimable
    upper: float | NotEstimable


@dataclass(frozen=True)
class Distribution:
    """How the values of outputs are spread.

    Attributes:
        outputs: how many there are.
        groups: in how many groups.
        unknown: outputs whose value nobody recorded; they are in no bin and no quantile.
        never: outputs that never came: beyond every value.
        edges: where the bins begin and end, one more than there are bins.
        counts: outputs in each bin.
        beyond: outputs with a value above the last edge.
        mean: of the values known; None without any, or where some never came.
        largest: of the values known.
        quantiles: in ascending order.
    """

    outputs: int
    groups: int
    unknown: int
    never: int
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    beyond: int
    mean: float | None
    largest: float | None
    quantiles: tuple[Quantile, ...]


def distribution(values: Floats, group: NDArray[np.int64], shares: tuple[float, ...]) -> Distribution:
    """Return how values are spread.

    Args:
        values: one an output; nan where it is not known, infinity where the output never came.
        group: the group of each.
        shares: the quantiles wanted, each in (0, 1).

    >>> spread = distribution(np.array([1.0, 2.0, 3.0, np.inf]), np.arange(4), (0.5,))
    >>> spread.quantiles[0].value, spread.never, spread.largest
    (2.0, 1, 3.0)
    """
    known = ~np.isnan(values)
    there, of_group = values[known], group[known]
    finite = there[np.isfinite(there)]
    edges, counts, beyond = _bins(finite)
    never = int(np.isinf(there).sum())
    bounded = _Bounded(there, of_group) if there.size else None
    return Distribution(
        outputs=int(values.size),
        groups=int(np.unique(of_group).size),
        unknown=int((~known).sum()),
        never=never,
        edges=edges,
        counts=counts,
        beyond=beyond,
        mean=float(finite.mean()) if finite.size and not never else None,
        largest=float(finite.max()) if finite.size else None,
        quantiles=tuple(bounded.quantile(share) for share in sorted(set(shares))) if bounded else (),
    )


def _bins(finite: Floats) -> tuple[tuple[float, ...], tuple[int, ...], int]:
    """Return bins of equal, round width that reach nearly all values."""
    if not finite.size:
        return (), (), 0
    reach = float(np.quantile(finite, TAIL, method="higher"))
    if reach / BINS < FINEST:
        return (0.0, 1.0), (int((finite <= 1.0).sum()),), int((finite > 1.0).sum())
    width = _round_width(reach / BINS)
    last = max(math.ceil(reach / width - 1e-9), 1)
    edges = np.arange(last + 1) * width
    counts, _ = np.histogram(np.clip(finite, 0.0, None), bins=edges)
    return (
        tuple(round(float(edge), 9) for edge in edges),
        tuple(counts.tolist()),
        int((finite > edges[-1]).sum()),
    )


def _round_width(width: float) -> float:
    """Return the next number of one figure.

    >>> [_round_width(each) for each in (0.031, 1.0, 7.0)]
    [0.05, 1.0, 10.0]
    """
    size: float = 10.0 ** math.floor(math.log10(width))
    return next(m * size for m in (1, 2, 2.5, 5, 10) if m * size >= width * (1 - 1e-9))


class _Bounded:
    """Quantiles of values in groups, with what they could be."""

    def __init__(self, values: Floats, group: NDArray[np.int64]) -> None:
        _, of_group, sizes = np.unique(group, return_inverse=True, return_counts=True)
        self.alone = bool((sizes == 1).all())
        self.values, self.of_group, self.n_groups = values, of_group, int(sizes.size)
        self.histogram = dict(
            zip(*(each.tolist() for each in np.unique(values, return_counts=True)), strict=True)
        )

    def quantile(self, share: float) -> Quantile:
        seen = QuantileBound.from_histogram(self.histogram, quantile=share)
        tail = (1.0 - LEVEL) / 2.0
        if self.alone:
            return Quantile(share, seen.estimate, seen.lower(tail), seen.upper(tail))
        if self.n_groups > MOST_GROUPS:
            none = NotEstimable(
                f"with several outputs a group this is worked out up to {MOST_GROUPS:,} groups"
            )
            return Quantile(share, seen.estimate, none, none)
        upper = upper_from_groups(self._groups(self.values), quantile=share, alpha=tail)
        # What is beyond every value is least when signs are turned; a number below all of them stands for it.
        largest = float(np.max(self.values[np.isfinite(self.values)], initial=0.0))
        turned = -np.where(np.isinf(self.values), 2.0 * largest + 1.0, self.values)
        lower = upper_from_groups(self._groups(turned), quantile=1.0 - share, alpha=tail)
        return Quantile(share, seen.estimate, lower if isinstance(lower, NotEstimable) else -lower, upper)

    def _groups(self, values: Floats) -> list[tuple[tuple[float, ...], int]]:
        order = np.argsort(self.of_group, kind="stable")
        starts = np.flatnonzero(np.diff(self.of_group[order], prepend=-1))
        pieces = np.split(values[order], starts[1:])
        return list(Counter(tuple(sorted(piece.tolist())) for piece in pieces).items())
