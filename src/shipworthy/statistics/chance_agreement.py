"""Agreement beyond chance: each coefficient from sums over cases, with the pull of every group on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]
ONE_LABEL = "only one label was given, so agreement by chance would be complete too"
COLUMNS = ("cases", "agreeing", "shares", "ratings", "matched", "table")
NO_PAIRS = "no case has ratings by two raters"
COIN_DISAGREEMENTS = 2.0
"""Disagreements expected among the coin cases: with two labels these are four cases, with three labels three."""


@dataclass(frozen=True)
class Sums:
    """What the ratings of some groups add up to; every array has one row for each kind of group.

    A case with fewer than two ratings adds nothing, in any coefficient. `weights` says how many
    groups are of each kind, and may be fractions of a group.

    Assumptions: none. Source: Gwet (2014), Handbook of Inter-Rater Reliability, 4th edition, chapter 2,
    for cases with unequal numbers of ratings. Example: one case, three raters, two of whom agree.
        >>> case = sums_of([[0, 0, 1]], n_labels=2)
        >>> case.cases, case.agreeing, case.shares[0]
        (array([1.]), array([0.33333333]), array([0.66666667, 0.33333333]))
    """

    weights: Floats
    cases: Floats
    agreeing: Floats
    shares: Floats
    ratings: Floats
    matched: Floats
    table: Floats


def sums_of(group: Sequence[Sequence[int | None]], *, n_labels: int) -> Sums:
    """Return the sums of one group.

    Args:
        group: one pattern for each case: the number of the label each rater gave, None where none.
        n_labels: how many labels there are.

    Returns:
        Sums with one row and weight 1. `table` counts the pairs (first rater, second rater) and
        stays 0 unless there are exactly two raters.

    Assumptions: labels are numbered from 0. Source: as `Sums`. Example:
        >>> sums_of([[0, 0], [0, 1], [1, None]], n_labels=2).table
        array([[1., 1., 0., 0.]])
    """
    cases = agreeing = 0.0
    shares, ratings, matched = (np.zeros(n_labels) for _ in range(3))
    table = np.zeros(n_labels * n_labels)
    for pattern in group:
        given = [label for label in pattern if label is not None]
        if len(given) < 2:
            continue
        counts = np.bincount(given, minlength=n_labels).astype(np.float64)
        pairs = counts * (counts - 1) / (len(given) - 1)
        cases += 1
        agreeing += float(pairs.sum()) / len(given)
        shares += counts / len(given)
        ratings += counts
        matched += pairs
        if len(pattern) == 2:
            table[given[0] * n_labels + given[1]] += 1
    one = (np.ones(1), np.array([cases]), np.array([agreeing]))
    return Sums(*one, shares[None], ratings[None], matched[None], table[None])


def stacked(parts: Sequence[Sums], weights: Sequence[float]) -> Sums:
    """Put sums of several kinds of group under each other.

    Assumptions: each part has one row. Source: house rule. Example:
        >>> alike = sums_of([[0, 0]], n_labels=2)
        >>> stacked([alike, alike], [3, 1]).weights
        array([3., 1.])
    """
    joined = (np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS)
    return Sums(np.array(weights, dtype=np.float64), *joined)


def with_coin_cases(sums: Sums, *, n_labels: int) -> Sums:
    """Add groups of the usual size in which two raters gave every label with the same chance.

    As many as make two disagreements expected. They keep an interval from closing to a point when
    nobody disagreed, as adding two passes and two failures does for a rate.

    Assumptions: none. Source: Agresti and Coull (1998), The American Statistician 52, 119-126, carried
    over from a rate to agreement; what it reaches is measured, not proved. Example:
        >>> with_coin_cases(stacked([sums_of([[0, 0]], n_labels=2)], [9]), n_labels=2).weights
        array([9., 1., 1., 1., 1.])
    """
    cases = float(sums.weights @ sums.cases)
    size = cases / float(sums.weights.sum())
    ratings = float(sums.weights @ sums.ratings.sum(axis=1)) / (2.0 * cases)
    kinds = [sums_of([(a, b)], n_labels=n_labels) for a in range(n_labels) for b in range(n_labels)]
    each = COIN_DISAGREEMENTS * n_labels / (n_labels - 1.0) / len(kinds)
    coin = stacked(kinds, [each] * len(kinds))
    scales = {"ratings": size * ratings, "matched": size * ratings}
    joined = (
        np.concatenate([getattr(sums, name), scales.get(name, size) * getattr(coin, name)])
        for name in COLUMNS
    )
    return Sums(np.concatenate([sums.weights, coin.weights]), *joined)


@dataclass(frozen=True)
class Parts:
    """Disagreement seen and by chance, with the change of each when a group of each kind is added.

    Assumptions: none. Source: the coefficients are one minus their ratio. Example:
        >>> parts = Parts(0.1, 0.5, np.zeros(1), np.zeros(1))
        >>> parts.coefficient
        0.8
    """

    seen: float
    chance: float
    seen_pull: Floats
    chance_pull: Floats

    @property
    def coefficient(self) -> float:
        """One minus disagreement seen over disagreement by chance."""
        return 1.0 - self.seen / self.chance

    @property
    def pull(self) -> Floats:
        """Change of the coefficient when a group of each kind is added."""
        return -self.seen_pull / self.chance + self.seen * self.chance_pull / self.chance**2


Coefficient = Callable[[Sums], Parts]


def _seen(sums: Sums) -> tuple[float, Floats]:
    """Return the share of pairs of ratings that differ, each case counting once, and its pull."""
    total = float(sums.weights @ sums.cases)
    differing = sums.cases - sums.agreeing
    seen = float(sums.weights @ differing) / total
    return seen, (differing - seen * sums.cases) / total


def _shares(sums: Sums) -> tuple[Floats, Floats]:
    total = float(sums.weights @ sums.cases)
    shares = sums.weights @ sums.shares / total
    return shares, (sums.shares - sums.cases[:, None] * shares) / total


def fleiss(sums: Sums) -> Parts:
    """Fleiss' kappa: chance agreement from the shares of the labels over all raters.

    Assumptions: raters are interchangeable. Source: Fleiss (1971), Psychological Bulletin 76, 378-382.
    Example: two raters, three cases, one disagreement.
        >>> two = stacked([sums_of([p], n_labels=2) for p in ([0, 0], [0, 1], [1, 1])], [1, 1, 1])
        >>> round(fleiss(two).coefficient, 4)
        0.3333
    """
    shares, pulls = _shares(sums)
    return Parts(_seen(sums)[0], 1.0 - float(shares @ shares), _seen(sums)[1], -2.0 * pulls @ shares)


def gwet(sums: Sums) -> Parts:
    """Gwet's AC1: chance agreement from how evenly the labels are used.

    Assumptions: raters are interchangeable; the list of labels was fixed beforehand. Source: Gwet
    (2008), British Journal of Mathematical and Statistical Psychology 61, 29-48. Example:
        >>> two = stacked([sums_of([p], n_labels=2) for p in ([0, 0], [0, 1], [1, 1])], [1, 1, 1])
        >>> round(gwet(two).coefficient, 4)
        0.3333
    """
    shares, pulls = _shares(sums)
    others = len(shares) - 1
    chance = 1.0 - float(shares @ (1.0 - shares)) / others
    return Parts(_seen(sums)[0], chance, _seen(sums)[1], -(pulls @ (1.0 - 2.0 * shares)) / others)


def krippendorff(sums: Sums) -> Parts:
    """Krippendorff's alpha for names: disagreement by chance when ratings are dealt out anew.

    Assumptions: raters are interchangeable. Source: Krippendorff (2004), Content Analysis, 2nd edition,
    section 11.3. Example:
        >>> two = stacked([sums_of([p], n_labels=2) for p in ([0, 0], [0, 1], [1, 1])], [1, 1, 1])
        >>> round(krippendorff(two).coefficient, 4)
        0.4444
    """
    each = sums.ratings.sum(axis=1)
    total = float(sums.weights @ each)
    differing = each - sums.matched.sum(axis=1)
    seen = float(sums.weights @ differing) / total
    counts = sums.weights @ sums.ratings
    shares = counts / total
    pulls = (sums.ratings - each[:, None] * shares) / total
    larger = total / (total - 1.0)
    chance = larger * (1.0 - float(shares @ shares))
    return Parts(seen, chance, (differing - seen * each) / total, -2.0 * larger * pulls @ shares)


def cohen(sums: Sums) -> Parts:
    """Cohen's kappa: chance agreement from the shares of the labels of each of two raters.

    Assumptions: exactly two raters, each with habits of their own. Source: Cohen (1960), Educational and
    Psychological Measurement 20, 37-46. Example:
        >>> two = stacked([sums_of([p], n_labels=2) for p in ([0, 0], [0, 1], [1, 1])], [1, 1, 1])
        >>> round(cohen(two).coefficient, 4)
        0.4
    """
    n_labels = sums.shares.shape[1]
    tables = sums.table.reshape(-1, n_labels, n_labels)
    total = float(sums.weights @ sums.cases)
    rows, columns = tables.sum(axis=2), tables.sum(axis=1)
    first, second = sums.weights @ rows / total, sums.weights @ columns / total
    first_pull = (rows - sums.cases[:, None] * first) / total
    second_pull = (columns - sums.cases[:, None] * second) / total
    chance_pull = -(first_pull @ second + second_pull @ first)
    return Parts(_seen(sums)[0], 1.0 - float(first @ second), _seen(sums)[1], chance_pull)


def interval(sums: Sums, coefficient: Coefficient, *, n_labels: int, level: float) -> tuple[float, float]:
    """Return a two-sided interval for a coefficient, from the pull of each group and Student's t.

    It spans the interval with coin cases and the one without: the first has a width where nobody
    disagreed, the second is not drawn towards chance where many cases in a group say much.

    Args:
        sums: of all groups; at least two groups and one case with two ratings.
        coefficient: one of this module.
        n_labels: how many labels there are, at least 2.
        level: the share of samples in which the interval should cover, in (0, 1).

    Returns:
        Lower and upper end, in [-1, 1], with the coefficient between them.

    Assumptions: groups are independent and drawn alike. Source: the delta method over groups (Efron 1982,
    The Jackknife, the Bootstrap and Other Resampling Plans, chapter 6), and `with_coin_cases`.
    Example: 50 cases, nobody disagreed.
        >>> kinds = [sums_of([p], n_labels=2) for p in ([0, 0], [1, 1])]
        >>> low, high = interval(stacked(kinds, [45, 5]), krippendorff, n_labels=2, level=0.95)
        >>> round(low, 3), round(high, 3)
        (0.61, 1.0)
    """
    t = float(stdtrit(float(sums.weights.sum()) - 1.0, (1.0 + level) / 2.0))
    plain, coined = (_ends(coefficient, each, t) for each in (sums, with_coin_cases(sums, n_labels=n_labels)))
    return max(min(plain[0], coined[0]), -1.0), min(max(plain[1], coined[1]), 1.0)


def _ends(coefficient: Coefficient, sums: Sums, t: float) -> tuple[float, float]:
    """Return the coefficient with `t` standard errors on either side, by the pull of each group."""
    parts = coefficient(sums)
    size = float(sums.weights.sum())
    reach = t * float(np.sqrt(sums.weights @ parts.pull**2 * size / (size - 1.0)))
    return parts.coefficient - reach, parts.coefficient + reach
