"""Several variants, or several tries of one holdout: each one's p-value, adjusted for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from shipworthy.statistics import validate
from shipworthy.statistics.multiplicity import holm_adjusted, hommel_adjusted

Method = Literal["Bonferroni", "Holm", "Hommel"]


def adjusted(p_values: Sequence[float], *, method: Method, planned: int | None = None) -> tuple[float, ...]:
    """Return adjusted p-values: at most alpha exactly where the procedure rejects at alpha.

    Args:
        p_values: one for each hypothesis, in [0, 1].
        method: "Bonferroni" for hypotheses judged one by one as they come; "Holm" for all at once; "Hommel"
            for all at once where they are independent or positively dependent.
        planned: number of hypotheses planned, at least as many as there are p-values; those not judged
            count as not shown. None when these are all.

    Returns:
        One value for each, in the order given, none smaller than its p-value.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: each p-value is valid by itself; for "Hommel" those of `multiplicity.hommel`.

    Source: Wright (1992), Biometrics 48(4), 1005-1013.

    Example:
        >>> p = [0.01, 0.04, 0.03]
        >>> for method in ("Bonferroni", "Holm", "Hommel"):
        ...     print([round(v, 3) for v in adjusted(p, method=method)])
        [0.03, 0.12, 0.09]
        [0.03, 0.06, 0.06]
        [0.03, 0.04, 0.04]
    """
    checked = [validate.within("p-value", p, low=0.0, high=1.0) for p in p_values]
    size = len(checked)
    if planned is not None:
        size = validate.count("planned", planned, least=size)
    missing = [1.0] * (size - len(checked))
    if method == "Bonferroni":
        return tuple(min(size * p, 1.0) for p in checked)
    made = holm_adjusted(checked + missing) if method == "Holm" else hommel_adjusted(checked + missing)
    return made[: len(checked)]


@dataclass(frozen=True)
class Judged:
    """One variant among several.

    Attributes:
        variant: which.
        p_value: of its own test, against the baseline or the bar.
        adjusted: what that is worth among all the variants planned.
        shown: whether it is shown, with one error for all.

    Assumptions: those of `judge`. Source: as there. Example:
        >>> Judged("new", 0.01, 0.03, True).adjusted
        0.03
    """

    variant: str
    p_value: float
    adjusted: float
    shown: bool


def judge(
    p_values: Mapping[str, float], *, alpha: float, planned: int | None = None, one_by_one: bool = False
) -> tuple[Judged, ...]:
    """Judge several variants on one holdout, with a chance of at most alpha that any is shown wrongly.

    Variants that share a baseline and cases depend on each other as they like, so Holm's procedure is used
    when all are judged at one look. When a variant is judged before the next is made, each is charged the
    same: its p-value times the number planned, which is alpha over that number for its error.

    Args:
        p_values: variant to the p-value of its test against the baseline or the bar.
        alpha: chance, in (0, 1), of showing even one variant wrongly.
        planned: number of tries the plan allows, at least as many as there are variants; None for just these.
        one_by_one: whether a later variant may be made knowing that the earlier ones were not shown.

    Returns:
        Each variant with its adjusted p-value, in the order given.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range, or more were tried than planned.

    Assumptions: every variant tried is named, and each p-value is valid by itself for a variant fixed before
    its outcomes were seen. With `one_by_one`, nothing of an earlier try was told but "not shown", and
    trying ends with the first that is shown; where more was told see `error_of_a_try`.

    Source: Holm (1979), Scandinavian Journal of Statistics 6(2), 65-70; the union bound.

    Example: best of three.
        >>> [
        ...     (j.variant, round(j.adjusted, 3), j.shown)
        ...     for j in judge({"a": 0.01, "b": 0.2, "c": 0.04}, alpha=0.05)
        ... ]
        [('a', 0.03, True), ('b', 0.2, False), ('c', 0.08, False)]
    """
    alpha = validate.between("alpha", alpha)
    method: Method = "Bonferroni" if one_by_one else "Holm"
    worth = adjusted(list(p_values.values()), method=method, planned=planned)
    return tuple(Judged(v, p, w, w <= alpha) for (v, p), w in zip(p_values.items(), worth, strict=True))


def error_of_a_try(*, alpha: float, tries: int, answers: int = 1) -> float:
    """Return the error each of several tries of one holdout may use, when later variants know of earlier answers.

    Of the variants that could come to be tried there is one for each course the answers could take, and the
    error is shared by them all: 1 + b + b^2 + ... of them, for b answers after which trying goes on.

    Args:
        alpha: chance, in (0, 1), that any try is shown wrongly.
        tries: how many are planned, at least 1.
        answers: how many different things may be told of a try after which another follows, at least 1.
            One when all that is told is "not shown"; three when the verdict's word is told; n + 1 when
            the number of n cases that passed is told.

    Returns:
        alpha over the number of variants that could be tried.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: the next variant depends on the holdout only through the answers told. Somebody who read its
    outputs has been told more than any number of answers.

    Source: the union bound over a tree of answers, as in Blum and Hardt (2015), arXiv:1502.04585, section 3.

    Example: five tries, told only "not shown"; two tries, the first one's passes of 100 cases told.
        >>> error_of_a_try(alpha=0.05, tries=5)
        0.01
        >>> round(error_of_a_try(alpha=0.05, tries=2, answers=101), 6)
        0.00049
    """
    alpha = validate.between("alpha", alpha)
    tries = validate.count("tries", tries, least=1)
    answers = validate.count("answers", answers, least=1)
    variants = sum(answers**step for step in range(tries))
    return alpha / int(variants)
