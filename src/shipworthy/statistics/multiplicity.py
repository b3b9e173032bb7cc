"""Several hypotheses, one error."""

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
    checked = [validate.within("p-value", p, low=0.0, high=1.0) for p in p_values]
    rejected = [False] * len(checked)
    for rank, i in enumerate(sorted(range(len(checked)), key=checked.__getitem__)):
        if checked[i] > alpha / (len(checked) - rank):
            break
        rejected[i] = True
    return rejected
