"""The pass rate from a judge's verdicts on all outputs and people's labels on some, by how labels were chosen."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol

from scipy.special import ndtri

from shipworthy.statistics import validate
from shipworthy.statistics.buehler import JudgedOutcome
from shipworthy.statistics.judge_worth import Counts, JudgeQuality, judge_quality
from shipworthy.statistics.judged_groups import (
    Counted,
    JudgedGroup,
    counted,
    group_evidence,
)
from shipworthy.statistics.judged_groups import (
    JudgedCase as JudgedCase,
)
from shipworthy.statistics.label_design import LabelDesign
from shipworthy.statistics.results import NotEstimable
from shipworthy.statistics.sample_size import MOST
from shipworthy.statistics.transported import Transported

Chosen = Literal["random", "by_verdict", "enriched", "unknown"]
"""How it was decided which outputs a person labels."""


class OneSided(Protocol):
    """A p-value of "the rate is at most the bar", and the bound that inverts it.

    Assumptions: those of whatever computes it. Source: house rule. Example:
        >>> evidence: OneSided = Transported(1000, 950, 100, 97, 50, 5)
        >>> evidence.p_above(0.8) <= 0.05
        True
    """

    def p_above(self, bar: float) -> float:
        """Return the p-value."""

    def lower(self, alpha: float) -> float:
        """Return the bound."""


@dataclass(frozen=True)
class JudgedRate:
    """A pass rate corrected for the errors of the judge that gave most of the verdicts.

    Estimand: the mean pass rate of the traffic that groups were drawn from, each group counting once.

    Assumptions: as for `judged_rate`. Source: as for `judged_rate`.

    Attributes:
        estimate: the rate, corrected.
        n_groups: groups that the bound counts; of groups of several outputs only those with labels.
        method: what the bounds and p-values are computed by, in words.
        labels: outputs that a person labelled.
        judge_rate: the share that the judge passed, uncorrected; never a claim.
        quality: how good the judge is, and what it is worth.
        above: evidence that the rate is above a bar.
        below: evidence that the rate of failures is above one.
        spread: standard deviation of the value of one group, for display and prices.

    Example: 900 of 1000 outputs passed by the judge, 100 labelled at random.
        >>> seen = judged_rate(
        ...     {
        ...         (JudgedCase(1, 1, 0, 0, 0, 0),): 810,
        ...         (JudgedCase(1, 0, 0, 0, 0, 0),): 90,
        ...         (JudgedCase(1, 1, 1, 1, 0, 0),): 89,
        ...         (JudgedCase(1, 1, 1, 0, 0, 0),): 1,
        ...         (JudgedCase(1, 0, 0, 0, 1, 1),): 2,
        ...         (JudgedCase(1, 0, 0, 0, 1, 0),): 8,
        ...     },
        ...     chosen="random",
        ... )
        >>> round(seen.estimate, 3), round(seen.lower(0.05), 3), round(seen.upper(0.05), 3)
        (0.91, 0.869, 0.942)
    """

    estimate: float
    n_groups: int
    method: str
    labels: int
    judge_rate: float
    quality: JudgeQuality
    above: OneSided
    below: OneSided
    spread: float

    def standard_error(self) -> float | NotEstimable:
        """Return about how far the estimate scatters, for display; no bound is made from it."""
        if self.n_groups < 2:
            return NotEstimable("a standard error needs two groups, there is one")
        return self.spread / math.sqrt(self.n_groups)

    def lower(self, alpha: float) -> float:
        """Return the lower bound that is above the truth with a chance of at most `alpha`."""
        return self.above.lower(validate.between("alpha", alpha))

    def upper(self, alpha: float) -> float:
        """Return the upper bound that is below the truth with a chance of at most `alpha`."""
        return 1.0 - self.below.lower(validate.between("alpha", alpha))

    def p_above(self, bar: float) -> float:
        """Return the p-value of "the rate is at most the bar"; small means it is shown to be above."""
        return self.above.p_above(validate.within("bar", bar, low=0.0, high=1.0))

    def p_below(self, bar: float) -> float:
        """Return the p-value of "the rate is at least the bar"; small means it is shown to be below."""
        return self.below.p_above(1.0 - validate.within("bar", bar, low=0.0, high=1.0))

    @property
    def unit(self) -> NotEstimable:
        """There is no one value of each group: verdicts and labels are weighed together."""
        return NotEstimable("a judged rate can be looked at once, or up to a planned end, not for ever")

    def to_unit(self, value: float) -> float:
        """Return a value on the scale from 0 to 1, which it is on already."""
        return value

    def from_unit(self, value: float) -> float:
        """Return a value of the scale from 0 to 1 on the rate's own scale, which is the same."""
        return value

    def groups_to_show(
        self, *, bar: float, alpha: float, power: float, on_top: bool = False
    ) -> int | NotEstimable:
        """Return about how many groups like these, labelled in the same share, show the rate to be above the bar.

        The distance from estimate to bound, and the scatter of the estimate, shrink with the root of the
        number of groups; a price, not a proof.
        """
        bar = validate.within("bar", bar, low=0.0, high=1.0)
        power = validate.within("power", power, low=0.5, high=0.999999)
        ahead = self.estimate - bar
        if ahead <= 0:
            return NotEstimable(
                f"what was seen, {self.estimate:.3g}, is not above the bar {bar:.3g}: more of the same does not show it"
            )
        needed = (
            self.estimate - self.lower(alpha) + float(ndtri(power)) * self.spread / math.sqrt(self.n_groups)
        )
        groups = math.ceil(self.n_groups * (needed / ahead) ** 2)
        if groups > MOST:
            return NotEstimable(f"more than {MOST:,} groups")
        return max(groups - self.n_groups, 0) if on_top else groups


def judged_rate(
    groups: Mapping[JudgedGroup, int] | Iterable[tuple[JudgedGroup, int]], *, chosen: Chosen
) -> JudgedRate | NotEstimable:
    """Correct a judge's verdicts by people's labels, in the way that the choice of labels allows.

    Estimand: the mean pass rate of the traffic that the groups were drawn from, each group counting
    once, each of its cases counting alike in it. How often the judge passes an output is itself estimated.

    Args:
        groups: distinct groups of cases with the number of each; planned is at least 1 in every case.
        chosen: how it was decided which outputs a person labels: "random" among all outputs; "by_verdict",
            a number of those with each verdict, at random among them; "enriched", by how outputs turned
            out; or "unknown".

    Returns:
        The corrected rate, or why there is none. Its method depends on `chosen`, on the shape of the groups and
        on where labels lie, never on what they say.

    Raises:
        TypeError: a count is no whole number.
        ValueError: counts contradict each other, or `chosen` is none of the four.

    Assumptions: groups are independent and drawn alike; the label is the truth; labels were chosen as
    stated. It fails most easily when "random" labels were picked by somebody who had seen the outputs.

    Source: Buehler (1957), Journal of the American Statistical Association 52, 482-493, for groups of
    one output; Gaffke (2005), Mathematical Methods of Statistics 14(4), 451-467, for larger ones; Rogan
    and Gladen (1978), American Journal of Epidemiology 107, 71-76, for enriched labels.

    Example: without knowing how labels were chosen there is no number.
        >>> seen = {(JudgedCase(1, 1, 1, 1, 0, 0),): 90, (JudgedCase(1, 0, 0, 0, 1, 0),): 10}
        >>> isinstance(judged_rate(seen, chosen="unknown"), NotEstimable)
        True
    """
    if chosen not in ("random", "by_verdict", "enriched", "unknown"):
        raise ValueError(f"chosen must be random, by_verdict, enriched or unknown, got {chosen!r}")
    pairs = groups.items() if isinstance(groups, Mapping) else groups
    return _judged_rate(counted(pairs), chosen)


@lru_cache(maxsize=4_096)
def _judged_rate(groups: Counted, chosen: Chosen) -> JudgedRate | NotEstimable:
    total = _total(groups)
    if total.labels == 0:
        return NotEstimable("no output carries a person's label: a judge alone shows nothing")
    if chosen == "unknown":
        return NotEstimable(
            "how the labelled outputs were chosen is not recorded: label a random draw, or say how it was done"
        )
    single = all(len(group) == 1 and group[0].planned == 1 for group, _ in groups)
    if chosen == "enriched":
        return _enriched(total, single=single)
    return _independent(total, chosen) if single else _grouped(groups, total, chosen)


def _total(groups: Counted) -> Counts:
    sums = [0] * 6
    for group, count in groups:
        for case in group:
            for i, value in enumerate(case):
                sums[i] += count * value
    return Counts(*sums)


def _independent(total: Counts, chosen: Literal["random", "by_verdict"]) -> JudgedRate:
    design = LabelDesign(total.outputs, total.passed, total.of_passed, total.of_failed, chosen)
    outcome = JudgedOutcome(design, total.upheld, total.rescued)
    q = total.passed / total.outputs
    a = total.upheld / total.of_passed if total.of_passed else 0.0
    b = total.rescued / total.of_failed if total.of_failed else 0.0
    return JudgedRate(
        estimate=q * a + (1 - q) * b,
        n_groups=total.outputs,
        method="exact, judge and labels (Buehler)",
        labels=total.labels,
        judge_rate=q,
        quality=judge_quality(total, chosen=chosen),
        above=outcome,
        below=outcome.mirrored(),
        spread=design.spread(total.upheld, total.rescued),
    )


def _grouped(groups: Counted, total: Counts, chosen: Literal["random", "by_verdict"]) -> JudgedRate:
    above = group_evidence(groups, chosen)
    below = group_evidence(tuple((tuple(c.mirrored() for c in g), n) for g, n in groups), chosen)
    estimate = min(max((above.estimate + 1.0 - below.estimate) / 2.0, 0.0), 1.0)
    return JudgedRate(
        estimate=estimate,
        n_groups=sum(above.counts),
        method="Gaffke on groups, each from its own verdicts and labels",
        labels=total.labels,
        judge_rate=total.passed / total.outputs,
        quality=judge_quality(total, chosen=chosen),
        above=above,
        below=below,
        spread=above.spread,
    )


def _enriched(total: Counts, *, single: bool) -> JudgedRate | NotEstimable:
    if not single:
        return NotEstimable(
            "labels chosen by how outputs turned out do not correct groups of several outputs: label a random draw"
        )
    good = total.upheld + total.rescued
    seen = Transported(
        total.outputs, total.passed, good, total.upheld, total.labels - good, total.of_passed - total.upheld
    )
    refused = seen.refusal()
    if refused is not None:
        return refused
    return JudgedRate(
        estimate=seen.estimate,
        n_groups=total.outputs,
        method="judge corrected by its error rates (Rogan-Gladen, three exact bounds)",
        labels=total.labels,
        judge_rate=total.passed / total.outputs,
        quality=judge_quality(total, chosen="enriched"),
        above=seen,
        below=seen.mirrored(),
        spread=seen.spread,
    )
