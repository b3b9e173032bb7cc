"""How good a judge is, and how many labels its verdicts are worth."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import betainccinv, betaincinv

from shipworthy.statistics.results import NotEstimable

WORTHWHILE = 1.1
"""A judge that multiplies labels by less than this is not worth its trouble."""

_TAIL = 0.05


@dataclass(frozen=True)
class Share:
    """A share with a 90 % interval, for display.

    Assumptions: outputs count as independent. Source: Clopper and Pearson (1934), Biometrika 26, 404-413.

    Attributes:
        estimate: in [0, 1].
        low: 5 % lower bound.
        high: 5 % upper bound.

    Example: 97 of 100.
        >>> share = Share.from_counts(97, 100)
        >>> round(share.low, 3), share.estimate, round(share.high, 3)
        (0.924, 0.97, 0.992)
    """

    estimate: float
    low: float
    high: float

    @classmethod
    def from_counts(cls, k: int, n: int, tail: float = _TAIL) -> Share:
        """Return k of n with its exact interval; n is at least 1."""
        low = 0.0 if k == 0 else float(betaincinv(k, n - k + 1, tail))
        high = 1.0 if k == n else float(betainccinv(k + 1, n - k, tail))
        return cls(k / n, low, high)


@dataclass(frozen=True)
class Counts:
    """Verdicts and labels over all outputs.

    Assumptions: none. Source: house rule. Attributes: `outputs`, of which the judge `passed`; labels
    `of_passed` with those `upheld`, and labels `of_failed` with those `rescued`.

    Example:
        >>> Counts(1000, 900, 90, 89, 10, 2).labels
        100
    """

    outputs: int
    passed: int
    of_passed: int
    upheld: int
    of_failed: int
    rescued: int

    @property
    def labels(self) -> int:
        """How many outputs carry a label."""
        return self.of_passed + self.of_failed


@dataclass(frozen=True)
class JudgeQuality:
    """How often the judge is right about good and about bad outputs, and what that is worth.

    Assumptions: as for `judge_quality`. Source: as for `judge_quality`.

    Attributes:
        tpr: the share of good outputs that the judge passes.
        tnr: the share of bad outputs that it does not pass.
        phi2: squared correlation of verdict and label: 0 for a useless judge, 1 for a person's equal.
        multiplier: at most how many times the labels the verdicts are worth, 1 / (1 - phi2).
        gain: how many times the labels they are worth at the number of outputs judged.
        worth: how many labels one further judged output is worth.

    Example: a judge that is right about 97 of 100 good and 9 of 10 bad outputs.
        >>> quality = judge_quality(Counts(1000, 900, 90, 89, 10, 2), chosen="random")
        >>> round(quality.phi2, 2), round(quality.gain, 2), quality.pays
        (0.62, 2.24, True)
    """

    tpr: Share | NotEstimable
    tnr: Share | NotEstimable
    phi2: float | NotEstimable
    multiplier: float | NotEstimable
    gain: float | NotEstimable
    worth: float | NotEstimable

    @property
    def pays(self) -> bool:
        """Whether the verdicts are worth at least a tenth of the labels on top."""
        return not isinstance(self.multiplier, NotEstimable) and self.multiplier >= WORTHWHILE


def judge_quality(counts: Counts, *, chosen: str) -> JudgeQuality:
    """Return how good a judge is, for display; no claim is made from it.

    Estimand: TPR, TNR and the squared correlation phi2 of verdict and label over the traffic. With n
    labels and N verdicts the corrected rate scatters like (1 - phi2) / n + phi2 / N, labels alone like
    1 / n; the ratio is the gain.

    Args:
        counts: verdicts and labels.
        chosen: how labels were chosen; by how outputs turned out ("enriched"), or by nothing but verdicts.

    Assumptions: outputs count as independent; where labels were chosen by verdict the intervals combine
    two exact ones at half the error each.

    Source: Cochran (1977), Sampling Techniques, chapter 12, on double sampling for regression.

    Example: nobody looked at an output that the judge did not pass.
        >>> judge_quality(Counts(1000, 900, 90, 89, 0, 0), chosen="random").tnr.reason
        'no label lies on an output that the judge did not pass'
    """
    missing = _missing(counts, chosen)
    if missing is not None:
        return JudgeQuality(missing, missing, missing, missing, missing, missing)
    if chosen == "enriched":
        return _from_people(counts)
    return _from_verdicts(counts, chosen)


def _missing(c: Counts, chosen: str) -> NotEstimable | None:
    if chosen == "enriched":
        if c.upheld + c.rescued == 0:
            return NotEstimable("people passed no labelled output")
        if c.labels == c.upheld + c.rescued:
            return NotEstimable("people failed no labelled output")
        return None
    if c.of_passed == 0:
        return NotEstimable("no label lies on an output that the judge passed")
    if c.of_failed == 0:
        return NotEstimable("no label lies on an output that the judge did not pass")
    return None


def _from_people(c: Counts) -> JudgeQuality:
    good, missed = c.upheld + c.rescued, c.of_passed - c.upheld
    tpr = Share.from_counts(c.upheld, good)
    tnr = Share.from_counts(c.labels - good - missed, c.labels - good)
    skill = (c.upheld + 0.5) / (good + 1.0) - (missed + 0.5) / (c.labels - good + 1.0)
    fpr = (missed + 0.5) / (c.labels - good + 1.0)
    q = (c.passed + 0.5) / (c.outputs + 1.0)
    rate = min(max((q - fpr) / skill, 0.0), 1.0) if skill > 0 else 0.0
    return _worth(c, tpr, tnr, min(skill**2 * rate * (1.0 - rate) / (q * (1.0 - q)), 1.0))


def _from_verdicts(c: Counts, chosen: str) -> JudgeQuality:
    q = c.passed / c.outputs
    a, b = c.upheld / c.of_passed, c.rescued / c.of_failed
    good, bad = q * a + (1 - q) * b, q * (1 - a) + (1 - q) * (1 - b)
    tail = _TAIL if chosen == "random" else _TAIL / 2
    passed, failed = (
        Share.from_counts(c.upheld, c.of_passed, tail),
        Share.from_counts(c.rescued, c.of_failed, tail),
    )
    tpr: Share | NotEstimable = NotEstimable("people passed no labelled output")
    tnr: Share | NotEstimable = NotEstimable("people failed no labelled output")
    if good > 0:
        tpr = Share(
            q * a / good,
            _part(q * passed.low, (1 - q) * failed.high),
            _part(q * passed.high, (1 - q) * failed.low),
        )
    if bad > 0:
        tnr = Share(
            (1 - q) * (1 - b) / bad,
            _part((1 - q) * (1 - failed.high), q * (1 - passed.low)),
            _part((1 - q) * (1 - failed.low), q * (1 - passed.high)),
        )
    a, b = (c.upheld + 0.5) / (c.of_passed + 1.0), (c.rescued + 0.5) / (c.of_failed + 1.0)
    rate = q * a + (1 - q) * b
    return _worth(c, tpr, tnr, min((a - b) ** 2 * q * (1 - q) / (rate * (1 - rate)), 1.0))


def _part(x: float, other: float) -> float:
    return x / (x + other) if x + other > 0 else 0.0


def _worth(c: Counts, tpr: Share | NotEstimable, tnr: Share | NotEstimable, phi2: float) -> JudgeQuality:
    gain = 1.0 / (1.0 - phi2 + phi2 * c.labels / c.outputs)
    multiplier: float | NotEstimable = NotEstimable("the judge agrees with every label")
    if phi2 < 1.0:
        multiplier = 1.0 / (1.0 - phi2)
    unlabelled = c.outputs - c.labels
    worth: float | NotEstimable = NotEstimable("every judged output carries a label")
    if unlabelled > 0:
        worth = c.labels * (gain - 1.0) / unlabelled
    return JudgeQuality(tpr, tnr, phi2, multiplier, gain, worth)
