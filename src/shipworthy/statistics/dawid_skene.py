"""Raters that differ in skill: what each is worth, and one label weighed by it (Dawid and Skene)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shipworthy.statistics.adjudication import Majority, Settled, settle
from shipworthy.statistics.agreement import Pattern, Ratings
from shipworthy.statistics.results import NotEstimable

Floats = NDArray[np.float64]
TOLERANCE = 1e-9
ROUNDS = 5_000
SMOOTHING = 1.0
"""Ratings added to each row of a rater's table, spread evenly, so that no chance is ever 0 or 1."""


@dataclass(frozen=True)
class RaterModel:
    """What Dawid and Skene's model makes of raters and cases.

    Assumptions: those of `fit`. Source: `fit`. Example: as of `fit`.
        >>> model = fit({("a", "a", "a"): 5, ("b", "b", "b"): 4, ("a", "b", "b"): 1}, labels=("a", "b"))
        >>> model.label_of(("a", "b", "b"))
        'b'

    Attributes:
        labels: every label, in the order of the tables.
        shares: label to its share of the cases.
        confusion: for each rater, true label to given label to chance.
        posterior: pattern to the chance of each true label.
        rounds: how many rounds of estimation were used.
        expected_error: the share of cases whose likeliest label is wrong, if the model is true.
        changed: how many cases with a majority get another label than the majority's.
        broken_ties: how many cases without a majority get a label.
    """

    labels: tuple[str, ...]
    shares: dict[str, float]
    confusion: tuple[dict[str, dict[str, float]], ...]
    posterior: dict[Pattern, dict[str, float]]
    rounds: int
    expected_error: float
    changed: int
    broken_ties: int

    @property
    def gain(self) -> str:
        """In words, whether the model does anything that the majority does not."""
        if self.changed or self.broken_ties:
            return f"{self.changed} labels of the majority change, {self.broken_ties} ties are broken"
        return "no gain over the majority"

    def label_of(self, pattern: Pattern) -> str:
        """Return the likeliest label of a pattern that was seen; the first in order where two are equal."""
        chances = self.posterior[pattern]
        return max(self.labels, key=chances.__getitem__)


def fit(histogram: Mapping[Pattern, int], *, labels: Sequence[str]) -> RaterModel | NotEstimable:
    """Estimate the share of each true label and each rater's chances of confusing them.

    Estimand: for cases like these, the share of each true label and, for each rater, the chance of each
    label given the true one. No interval is made; nothing here decides a claim.

    Args:
        histogram: the label of each rater in a fixed order (None where none) to number of cases.
        labels: every label that could be given, two or more.

    Returns:
        The model; or `NotEstimable` with fewer than three raters, where no case has three ratings or fewer
        than two labels were given, where a rater shares too few cases with others, or the estimate does
        not settle.

    Raises:
        TypeError: a count is no whole number.
        ValueError: there is no case, patterns differ in length, or a label is not in the list.

    Assumptions: given the true label, raters err independently of each other and of how hard the case is;
    on average they are right more often than wrong (the majority names the classes). When raters share
    a blind spot, the model takes it for the truth. With raters of equal skill it is no better than a majority.

    Source: Dawid and Skene (1979), Applied Statistics 28(1), 20-28, equations 2.3 to 2.5. Deterministic:
    it starts from the shares of each case's ratings and stops when no chance moves by more than 1e-9.

    Example: a weak rater stands against a strong one; who differs from everybody is believed less.
        >>> seen = {("a", "a", "a"): 40, ("b", "b", "b"): 30, ("a", "a", "b"): 12, ("b", "b", "a"): 10}
        >>> model = fit(seen, labels=("a", "b"))
        >>> round(model.confusion[0]["a"]["a"], 2), round(model.confusion[2]["a"]["a"], 2)
        (0.99, 0.76)
        >>> model.gain
        'no gain over the majority'
    """
    checked = Ratings.from_patterns(histogram, labels=labels)
    cases = {group[0]: count for group, count in checked.kinds if any(group[0])}
    if refusal := _refusal(cases, checked.n_raters):
        return refusal
    given, counts = _indicators(cases, checked.labels)
    posterior = given.sum(axis=1) / given.sum(axis=(1, 2))[:, None]
    for rounds in range(1, ROUNDS + 1):
        shares, confusion = _maximise(given, counts, posterior)
        updated = _expect(given, shares, confusion)
        moved = float(np.abs(updated - posterior).max())
        posterior = updated
        if moved < TOLERANCE:
            return _model(cases, checked.labels, (shares, confusion, posterior), rounds)
    return NotEstimable(f"the estimate had not settled after {ROUNDS} rounds")


def _refusal(cases: Mapping[Pattern, int], n_raters: int) -> NotEstimable | None:
    """Return why the model is not identified, if it is not."""
    if n_raters < 3:
        return NotEstimable(
            f"two raters cannot tell whose error it was: three are needed, there are {n_raters}"
        )
    triple = [pattern for pattern in cases if sum(label is not None for label in pattern) >= 3]
    if not triple:
        return NotEstimable("no case has three ratings, so nothing tells whose error it was")
    for rater in range(n_raters):
        if not any(pattern[rater] is not None for pattern in triple):
            return NotEstimable(f"rater {rater + 1} shares no case with two others")
    if len({label for pattern in cases for label in pattern} - {None}) < 2:
        return NotEstimable("only one label was given")
    return None


def _indicators(cases: Mapping[Pattern, int], labels: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Return (pattern, rater, label) -> 1 where given, and the number of cases of each pattern."""
    given = np.array(
        [[[float(label == each) for each in labels] for label in pattern] for pattern in cases],
        dtype=np.float64,
    )
    return given, np.array(list(cases.values()), dtype=np.float64)


def _maximise(given: Floats, counts: Floats, posterior: Floats) -> tuple[Floats, Floats]:
    """Return class shares and, for each rater, the chances of a label (columns) given the truth (rows)."""
    weighted = counts[:, None] * posterior
    n_labels = posterior.shape[1]
    shares = (weighted.sum(axis=0) + SMOOTHING / n_labels) / (counts.sum() + SMOOTHING)
    tables = np.einsum("pk,prl->rkl", weighted, given) + SMOOTHING / n_labels
    confusion: Floats = tables / tables.sum(axis=2, keepdims=True)
    return shares, confusion


def _expect(given: Floats, shares: Floats, confusion: Floats) -> Floats:
    """Return for each pattern the chance of each true label."""
    logs = np.log(shares) + np.einsum("prl,rkl->pk", given, np.log(confusion))
    chances: Floats = np.exp(logs - logs.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    return chances


def _model(
    cases: Mapping[Pattern, int], labels: tuple[str, ...], found: tuple[Floats, Floats, Floats], rounds: int
) -> RaterModel:
    """Put the arrays into words, and compare with the majority."""
    shares, confusion, posterior = found
    total = sum(cases.values())
    wrong = sum(c * (1.0 - float(row.max())) for c, row in zip(cases.values(), posterior, strict=True))
    changed = broken = 0
    for (pattern, count), row in zip(cases.items(), posterior, strict=True):
        by_majority = settle(pattern, rule=Majority(least=1))
        if not isinstance(by_majority, Settled):
            broken += count
        elif labels[int(row.argmax())] != by_majority.label:
            changed += count
    return RaterModel(
        labels=labels,
        shares=_named(labels, shares),
        confusion=tuple(
            {truth: _named(labels, row) for truth, row in zip(labels, table, strict=True)}
            for table in confusion
        ),
        posterior={pattern: _named(labels, row) for pattern, row in zip(cases, posterior, strict=True)},
        rounds=rounds,
        expected_error=wrong / total,
        changed=changed,
        broken_ties=broken,
    )


def _named(labels: tuple[str, ...], row: Floats) -> dict[str, float]:
    return {label: float(chance) for label, chance in zip(labels, row, strict=True)}
