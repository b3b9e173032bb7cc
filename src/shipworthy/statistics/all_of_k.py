"""The chance that all, or any, of k repeats of one case pass."""

from __future__ import annotations

import math

from shipworthy.statistics import validate


def all_of_k(passed: int, planned: int, k: int) -> float:
    """Return the unbiased estimate, for one case, of the chance that k repeats all pass.

    Estimand: for each case the chance that k fresh repeats would all pass; averaged over cases or
    groups by `GroupMean`. It is the share of all choices of k repeats in which every one passed.

    Args:
        passed: repeats that passed, from 0 to `planned`.
        planned: repeats that were planned, at least k; one without answer counts as not passed.
        k: at least 1.

    Returns:
        C(passed, k) / C(planned, k), correctly rounded.

    Assumptions: the repeats of a case are exchangeable. The pooled rate to the power k, and a
    case's own rate to the power k, are both biased and are not offered.

    Source: Chen et al. (2021), arXiv:2107.03374, equation 1, for the estimator of "any of k"; Yao et al.
    (2024), arXiv:2406.12045, for "all of k".

    Example: three of four repeats passed; of the six pairs three are both passes.
        >>> all_of_k(3, 4, 2)
        0.5
    """
    k = validate.count("k", k, least=1)
    planned = validate.count("planned", planned, least=k)
    passed = validate.count("passed", passed)
    if passed > planned:
        raise ValueError(f"passed must be at most planned = {planned}, got {passed}")
    return math.comb(passed, k) / math.comb(planned, k)


def any_of_k(passed: int, planned: int, k: int) -> float:
    """Return the unbiased estimate, for one case, of the chance that at least one of k repeats passes.

    Estimand: for each case the chance that at least one of k fresh repeats would pass; averaged over cases
    or groups by `GroupMean`. It is what a feature reaches when somebody picks the good one for it.

    Args:
        passed: repeats that passed, from 0 to `planned`.
        planned: repeats that were planned, at least k; one without answer counts as not passed.
        k: at least 1.

    Returns:
        1 - C(planned - passed, k) / C(planned, k), correctly rounded but for the last digit.

    Assumptions: the repeats of a case are exchangeable.

    Source: Chen et al. (2021), arXiv:2107.03374, equation 1.

    Example: one of four repeats passed; of the six pairs three hold it.
        >>> any_of_k(1, 4, 2)
        0.5
    """
    all_of_k(passed, planned, k)  # the same arguments are allowed
    return 1.0 - math.comb(planned - passed, k) / math.comb(planned, k)
