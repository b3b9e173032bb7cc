"""Several hypotheses, one error: procedures on p-values, and the adjusted p-values they amount to.

For p-values that can take only some values see `closed_test`, which spends what is left over.
"""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.statistics import validate


def holm(p_values: Sequence[float], *, alpha: float) -> list[bool]:
    """Say which hypotheses Holm's step-down procedure rejects.

    Args:
        p_values: one for each hypothesis, in [0, 1].
        alpha: chance, in (0, 1), of rejecting even one true hypothesis.

    Returns:
        For each p-value, in the order given, whether its hypothesis is rejected.

    Assumptions: none about dependence; each p-value must be valid by itself.

    Source: Holm (1979), Scandinavian Journal of Statistics 6(2), 65-70.

    Example: 0.01 is under 0.05/3 and 0.02 under 0.05/2, but 0.2 is not under 0.05.
        >>> holm([0.2, 0.01, 0.02], alpha=0.05)
        [False, True, True]
    """
    alpha = validate.between("alpha", alpha)
    checked = _checked(p_values)
    rejected = [False] * len(checked)
    for rank, i in enumerate(sorted(range(len(checked)), key=checked.__getitem__)):
        if checked[i] > alpha / (len(checked) - rank):
            break
        rejected[i] = True
    return rejected


def hommel(p_values: Sequence[float], *, alpha: float) -> list[bool]:
    """Say which hypotheses Hommel's procedure rejects: the closed test made of Simes' tests.

    It rejects whatever Holm's and Hochberg's procedures reject, and all where all are at most alpha.

    Args:
        p_values: one for each hypothesis, in [0, 1].
        alpha: chance, in (0, 1), of rejecting even one true hypothesis.

    Returns:
        For each p-value, in the order given, whether its hypothesis is rejected.

    Assumptions: p-values of true hypotheses are independent, or positively dependent (on each of
    them, in the sense of Benjamini and Yekutieli). With any other dependence the chance may exceed alpha.

    Source: Hommel (1988), Biometrika 75(2), 383-386; Sarkar (1998), Annals of Statistics 26(2),
    494-504, for Simes' test under positive dependence.

    Example: Holm rejects none of these, since 0.02 is above 0.05/3.
        >>> hommel([0.02, 0.03, 0.04], alpha=0.05)
        [True, True, True]
    """
    alpha = validate.between("alpha", alpha)
    checked = _checked(p_values)
    divisor = hommel_divisor(checked, alpha=alpha)
    return [divisor == 0 or p <= alpha / divisor for p in checked]


def hommel_divisor(p_values: Sequence[float], *, alpha: float) -> int:
    """Return by what Hommel's procedure divides alpha: a hypothesis is rejected if its p-value is at most that.

    It is the size of the largest set of hypotheses that Simes' test does not reject; 0 when it rejects
    every set, and then every hypothesis is rejected.

    Args:
        p_values: one for each hypothesis, in [0, 1].
        alpha: in (0, 1).

    Assumptions: those of `hommel`.

    Source: Hommel (1988), Biometrika 75(2), 383-386, the j of step 1.

    Example: the two large ones are a set that Simes' test leaves standing.
        >>> hommel_divisor([0.001, 0.3, 0.9], alpha=0.05)
        2
    """
    alpha = validate.between("alpha", alpha)
    largest = sorted(_checked(p_values), reverse=True)
    for size in range(len(largest), 0, -1):
        # The set of this size that is hardest to reject holds the largest p-values.
        if all(p > (size - i) * alpha / size for i, p in enumerate(largest[:size])):
            return size
    return 0


def holm_adjusted(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return Holm's adjusted p-values: the smallest alpha at which each hypothesis is rejected.

    Args:
        p_values: one for each hypothesis, in [0, 1].

    Assumptions: none about dependence.

    Source: Wright (1992), Biometrics 48(4), 1005-1013, equation for the sequentially rejective procedure.

    Example:
        >>> [round(p, 3) for p in holm_adjusted([0.2, 0.01, 0.02])]
        [0.2, 0.03, 0.04]
    """
    checked = _checked(p_values)
    adjusted, running = [0.0] * len(checked), 0.0
    for rank, i in enumerate(sorted(range(len(checked)), key=checked.__getitem__)):
        running = max(running, min((len(checked) - rank) * checked[i], 1.0))
        adjusted[i] = running
    return tuple(adjusted)


def hommel_adjusted(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return Hommel's adjusted p-values: the smallest alpha at which each hypothesis is rejected.

    Args:
        p_values: one for each hypothesis, in [0, 1].

    Assumptions: those of `hommel`.

    Source: the definition of the closed test: the largest of Simes' p-values over the sets that hold
    the hypothesis. The largest for a size belongs to it and the largest others.

    Example:
        >>> [round(p, 3) for p in hommel_adjusted([0.02, 0.03, 0.04])]
        [0.04, 0.04, 0.04]
    """
    checked = _checked(p_values)
    adjusted = []
    for i, own in enumerate(checked):
        others = sorted((p for j, p in enumerate(checked) if j != i), reverse=True)
        adjusted.append(max(_simes([own, *others[:size]]) for size in range(len(checked))))
    return tuple(adjusted)


def _simes(p_values: Sequence[float]) -> float:
    size = len(p_values)
    return min(1.0, *(size * p / (rank + 1) for rank, p in enumerate(sorted(p_values))))


def _checked(p_values: Sequence[float]) -> list[float]:
    return [validate.within("p-value", p, low=0.0, high=1.0) for p in p_values]
