"""Whether labelled outputs can be the random draw that they are said to be."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

from shipworthy.statistics import validate


def p_random_draw(*, of_passed: int, labels: int, passed: int, outputs: int) -> float:
    """Return the chance that a random draw is as lopsided between the judge's verdicts as this one.

    Estimand: none; it is the exact two-sided p-value of "the labelled outputs are a simple random draw",
    by the share that the judge passed. A draw can be lopsided in other ways, which this does not see.

    Args:
        of_passed: labelled outputs that the judge passed, from 0 to the smaller of `labels` and `passed`.
        labels: labelled outputs, from 0 to `outputs`.
        passed: outputs that the judge passed, from 0 to `outputs`.
        outputs: all outputs that could be labelled.

    Returns:
        The sum of the chances of all draws that are no more likely than this one, in [0, 1]; 1 without labels.

    Raises:
        TypeError: a count is no whole number.
        ValueError: counts contradict each other.

    Assumptions: every set of `labels` outputs was equally likely to be labelled.

    Source: Fisher (1935), Journal of the Royal Statistical Society 98, 39-82 (the exact test of a fourfold table).

    Example: the judge failed 50 of 1,000, and 25 of 60 labels are on those.
        >>> p_random_draw(of_passed=35, labels=60, passed=950, outputs=1000) < 1e-12
        True
        >>> round(p_random_draw(of_passed=57, labels=60, passed=950, outputs=1000), 3)
        1.0
    """
    outputs = validate.count("outputs", outputs)
    labels = validate.count("labels", labels)
    passed = validate.count("passed", passed)
    of_passed = validate.count("of_passed", of_passed)
    if (
        labels > outputs
        or passed > outputs
        or not labels - (outputs - passed) <= of_passed <= min(labels, passed)
    ):
        raise ValueError(
            f"counts contradict each other: {of_passed} of {labels} labels on {passed} passed of {outputs} outputs"
        )
    low, high = max(0, labels - (outputs - passed)), min(labels, passed)
    k = np.arange(low, high + 1)
    log = -(
        gammaln(k + 1)
        + gammaln(passed - k + 1)
        + gammaln(labels - k + 1)
        + gammaln(outputs - passed - labels + k + 1)
    )
    chances = np.exp(log - log.max())
    # Draws as likely as this one but for rounding count with it.
    extreme = log <= log[of_passed - low] + 1e-9
    return float(chances[extreme].sum() / chances.sum())
