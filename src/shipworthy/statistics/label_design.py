"""A judge's verdicts, the labels asked for, and the chance of a region of outcomes.

Verdict counts X are gathered into bins four tenths of a standard deviation wide, laid out beforehand, so that
a million outputs cost no more than a thousand: the order of outcomes looks at the bin, its chance is
added up over every X in it, and nothing is approximated.

How many labels fall on which verdict goes with X. Where labels are a random draw, n1 given X is
hypergeometric and tells nothing of the rate, so the reckoning is made given how far n1 lies off its
expectation. Where they were asked for by verdict, the numbers asked for stay as they are, except that
"all there are" stays "all there are".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainccinv, betaincinv, gammaln

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Numbers = Floats | Whole

SPENT = 1e-5
"""The chance left for the judge's pass rate to lie outside `LabelDesign.q_range`; added to every p-value."""

_Z = 1.6448536269514722
_BIN = 0.4
_REACH = 6.0
_NEGLIGIBLE = 1e-7


@dataclass(frozen=True)
class LabelDesign:
    """Verdicts on independent outputs, and how many labels lie on each verdict.

    Assumptions: outputs are independent; which of them are labelled depends on verdicts alone.

    Source: house rule; the order of outcomes is that of a lower confidence limit, as Buehler (1957),
    Journal of the American Statistical Association 52, 482-493, leaves free to choose.

    Attributes:
        judged: outputs with a verdict, labelled ones included.
        passed: of those, how many the judge passed.
        of_passed: labels on outputs that the judge passed.
        of_failed: labels on outputs that it did not pass.
        chosen: "random" or "by_verdict".

    Example: more labels upheld is a better outcome.
        >>> design = LabelDesign(300, 270, 54, 6, "random")
        >>> design.level(54, 1) > design.level(53, 1) > design.level(53, 0)
        True
    """

    judged: int
    passed: int
    of_passed: int
    of_failed: int
    chosen: Literal["random", "by_verdict"]

    @cached_property
    def q_range(self) -> tuple[float, float]:
        """Where the judge's pass rate lies, but for a chance of `SPENT` (Clopper-Pearson)."""
        x, n = self.passed, self.judged
        low = 0.0 if x == 0 else float(betaincinv(x, n - x + 1, SPENT / 2))
        high = 1.0 if x == n else float(betainccinv(x + 1, n - x, SPENT / 2))
        return low, high

    def level(self, upheld: int, rescued: int) -> float:
        """Return where an outcome with the verdicts seen stands in the order: estimate less 1.645 errors."""
        bins = self._bins
        at = bins.seen
        ones = (
            np.array([float(k)]) for k in (bins.share[at], self.of_passed, upheld, self.of_failed, rescued)
        )
        return float(self._order(*ones)[0])

    def spread(self, upheld: int, rescued: int) -> float:
        """Return the standard error of the rate, times the root of the number of outputs; for display."""
        share, n1, x1, n0, x0 = self.passed / self.judged, self.of_passed, upheld, self.of_failed, rescued
        a, b = (x1 + 0.5) / (n1 + 1.0), (x0 + 0.5) / (n0 + 1.0)
        variance = share**2 * a * (1 - a) / (n1 + 2.0) + (1 - share) ** 2 * b * (1 - b) / (n0 + 2.0)
        variance += (a - b) ** 2 * share * (1 - share) / self.judged
        return math.sqrt(variance * self.judged)

    def region(self, level: float) -> Region:
        """Return the outcomes that stand at `level` or better."""
        bins = self._bins
        rescued = np.arange(int(bins.of_failed.max()) + 1)[None, :]
        of_failed, of_passed = bins.of_failed[:, None], bins.of_passed[:, None]
        rescued = np.minimum(rescued, of_failed)
        low = np.full(rescued.shape, -1)
        high = np.broadcast_to(of_passed + 1, rescued.shape).copy()
        share = bins.share[:, None]
        while np.any(high - low > 1):
            middle = (low + high) // 2
            good = self._order(share, of_passed, np.maximum(middle, 0), of_failed, rescued) >= level - 1e-12
            open_ = high - low > 1
            low, high = np.where(open_ & ~good, middle, low), np.where(open_ & good, middle, high)
        return Region(self.judged, bins, np.minimum.accumulate(high, axis=1))

    def _order(self, share: Floats, n1: Numbers, x1: Numbers, n0: Numbers, x0: Numbers) -> Floats:
        """Return estimate less 1.645 standard errors; a verdict without labels counts as not passed."""
        a = np.where(n1 > 0, (x1 + 0.5) / (n1 + 1.0), 0.0)
        b = np.where(n0 > 0, (x0 + 0.5) / (n0 + 1.0), 0.0)
        q = (share * self.judged + 0.5) / (self.judged + 1.0)
        variance = (
            q**2 * a * (1 - a) / (n1 + 2.0)
            + (1 - q) ** 2 * b * (1 - b) / (n0 + 2.0)
            + (a - b) ** 2 * q * (1 - q) / (self.judged + 2.0)
        )
        return np.asarray(q * a + (1 - q) * b - _Z * np.sqrt(variance))

    @cached_property
    def _bins(self) -> Bins:
        counts = self._reachable()
        of_passed, of_failed = self._labels(counts)
        scaled = 2.0 * math.sqrt(self.judged) * np.arcsin(np.sqrt(counts / self.judged))
        keys = np.stack([np.floor(scaled / _BIN), of_passed, of_failed])
        first = np.flatnonzero(np.append(True, np.any(np.diff(keys) != 0, axis=0)))
        middle = (counts[first] + np.append(counts[first[1:]] - 1, counts[-1])) // 2
        seen = int(np.searchsorted(first, self.passed - counts[0], side="right")) - 1
        weight = np.zeros(counts.shape)
        if self.chosen == "random":
            weight = self._log_hypergeometric(counts, of_passed, of_failed)
        return Bins(counts, first, middle / self.judged, of_passed[first], of_failed[first], weight, seen)

    def _reachable(self) -> Whole:
        """Return every number of judge passes that any q of the range makes likely."""
        low, high = self.q_range
        n = self.judged

        def spread(q: float) -> float:
            return _REACH * math.sqrt(n * max(q * (1.0 - q), 1.0 / n)) + 10.0

        start, end = max(math.floor(n * low - spread(low)), 0), min(math.ceil(n * high + spread(high)), n)
        # Whole bins only: the layout may not depend on what was seen.
        root = 2.0 * math.sqrt(n)
        edge = math.floor(root * math.asin(math.sqrt(start / n)) / _BIN) * _BIN / root
        start = min(start, math.ceil(n * math.sin(max(edge, 0.0)) ** 2))
        edge = min((math.floor(root * math.asin(math.sqrt(end / n)) / _BIN) + 1) * _BIN / root, math.pi / 2)
        return np.arange(start, max(end, math.floor(n * math.sin(edge) ** 2)) + 1)

    def _labels(self, passed: Whole) -> tuple[Whole, Whole]:
        """Return how many labels would lie on each verdict, had the judge passed so many."""
        total, failed = self.of_passed + self.of_failed, self.judged - passed
        if self.chosen == "random":
            shift = self.of_passed - round(self.passed * total / self.judged)
            ones = np.clip(np.round(passed * total / self.judged).astype(np.int64) + shift, 0, total)
            return ones, total - ones
        if self.of_failed == self.judged - self.passed:
            zeros = np.minimum(failed, total)
            return np.minimum(total - zeros, passed), zeros
        if self.of_passed == self.passed:
            ones = np.minimum(passed, total)
            return ones, np.minimum(total - ones, failed)
        return np.minimum(self.of_passed, passed), np.minimum(self.of_failed, failed)

    def _log_hypergeometric(self, passed: Whole, ones: Whole, zeros: Whole) -> Floats:
        """Return the log chance that so many of the labels fall on outputs that the judge passed."""
        failed = self.judged - passed
        possible = (ones <= passed) & (zeros <= failed)
        log = _log_choose(passed, np.minimum(ones, passed)) + _log_choose(failed, np.minimum(zeros, failed))
        return np.where(possible, log - log[possible].max(initial=-np.inf), -np.inf)


@dataclass(frozen=True, eq=False)
class Bins:
    """Verdict counts gathered into bins, in each of which the labels lie on verdicts alike.

    Assumptions: none. Source: house rule. Attributes: `counts` of judge passes, the `first` of each
    bin, the `share` passed at its middle, labels `of_passed` and `of_failed` there, the log `weight` of
    each count, and the bin `seen`.

    Example: bins are four tenths of a standard deviation wide.
        >>> LabelDesign(300, 270, 54, 6, "random")._bins.share.size
        63
    """

    counts: Whole
    first: Whole
    share: Floats
    of_passed: Whole
    of_failed: Whole
    weight: Floats
    seen: int


@dataclass(frozen=True, eq=False)
class Region:
    """Outcomes at least as good as some level: for each bin and number rescued, the fewest upheld.

    Assumptions: as for `LabelDesign`. Source: house rule.

    Attributes:
        judged: outputs with a verdict.
        bins: verdict counts in bins.
        fewest: by bin and number rescued; one more than there are labels where nothing is good enough.

    Example: everything is at least as good as nothing.
        >>> region = LabelDesign(300, 270, 54, 6, "random").region(-10.0)
        >>> region.chance(0.9, np.array([0.9]), np.array([0.2])).round(6).tolist()
        [1.0]
    """

    judged: int
    bins: Bins
    fewest: Whole

    def chance(self, q: float, a: Floats, b: Floats) -> Floats:
        """Return the chance of the region at a judge's pass rate and each pair (a, b)."""
        bins = self.bins
        mass, lost = self._mass(q)
        kept = np.flatnonzero(mass)
        sizes1, place1 = np.unique(bins.of_passed[kept], return_inverse=True)
        sizes0, place0 = np.unique(bins.of_failed[kept], return_inverse=True)
        rescued = _binomial(sizes0, b)
        fewest = self.fewest[kept, : rescued.shape[-1]]
        tails = _tails(_binomial(sizes1, a))
        upheld = tails[:, place1[:, None], np.minimum(fewest, tails.shape[-1] - 1)]
        chances = np.einsum("ijk,ijk,j->i", upheld, rescued[:, place0, :], mass[kept])
        return np.asarray(np.minimum(chances + lost, 1.0))

    def _mass(self, q: float) -> tuple[Floats, float]:
        """Return the chance of each bin, 0 for those that hardly matter, and what that leaves out."""
        n, counts = self.judged, self.bins.counts
        log = _log_choose(np.array(n), counts) + counts * math.log(q) + (n - counts) * math.log1p(-q)
        log = log + self.bins.weight
        mass = np.add.reduceat(np.exp(log - log.max()), self.bins.first)
        mass = mass / mass.sum()
        small = mass < _NEGLIGIBLE
        lost = float(mass[small].sum())
        mass[small] = 0.0
        return mass, lost


def _log_choose(n: Whole, k: Whole) -> Floats:
    return np.asarray(gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0))


def _binomial(sizes: Whole, p: Floats) -> Floats:
    """Return binomial chances by p, size and count, 0 beyond a size."""
    counts = np.arange(int(sizes.max()) + 1)
    n = sizes[:, None]
    k = np.minimum(counts[None, :], n)
    log = np.where(counts <= n, _log_choose(n, k), -np.inf)
    log_p, log_q = np.log(np.clip(p, 1e-300, 1.0)), np.log(np.clip(1.0 - p, 1e-300, 1.0))
    return np.asarray(np.exp(log + k * log_p[:, None, None] + (n - k) * log_q[:, None, None]))


def _tails(chances: Floats) -> Floats:
    """Return the chance of at least so many, with a 0 after the last."""
    sums = np.cumsum(chances[..., ::-1], axis=-1)[..., ::-1]
    return np.concatenate([np.minimum(sums, 1.0), np.zeros((*sums.shape[:-1], 1))], axis=-1)
