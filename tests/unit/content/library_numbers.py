"""What the articles' numbers are computed by: our own statistics, and a few sums over the binomial law."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy.stats import betabinom, binom

from shipworthy.narrative.wording import per_100
from shipworthy.statistics.agreement import Ratings
from shipworthy.statistics.boundary import crossing
from shipworthy.statistics.design_effect import design_effect
from shipworthy.statistics.display_interval import Interval
from shipworthy.statistics.early_warning import EarlyWarning
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.repeated_prompts import RepeatedPrompts, difference_by_chance
from shipworthy.statistics.results import NotEstimable
from shipworthy.statistics.sample_size import chance_to_show, groups_for_power, zero_failures
from shipworthy.statistics.transported import Transported
from shipworthy.statistics.unseen import Unseen, none_seen


def lower(passed: int, n: int) -> float:
    """As low as it could be, with 5 chances in 100 of being wrong."""
    return GroupMean.from_counts(passed=passed, n=n).lower(0.05)


def upper(passed: int, n: int) -> float:
    """As high as it could be, with 5 chances in 100 of being wrong."""
    return GroupMean.from_counts(passed=passed, n=n).upper(0.05)


def best_share(*, tries: int, n: int, truth: float) -> float:
    """The average best share of several equally good versions on the same number of cases."""
    at_most = binom.cdf(np.arange(n), n, truth) ** tries
    return float((n - at_most.sum()) / n)


def chance_best_clears(*, tries: int, n: int, truth: float, bar: float) -> float:
    """The chance that the best of them has a lower bound on or above the bar."""
    fewest = next(passed for passed in range(n + 1) if lower(passed, n) >= bar)
    return float(1 - binom.cdf(fewest - 1, n, truth) ** tries)


def naive_peeking(*, looks: Iterable[int], bar: float) -> float:
    """The chance that a rate on the bar is shown at one of several looks, each judged as if it were the only one."""
    groups = list(looks)
    most = [max((f for f in range(n + 1) if lower(n - f, n) >= bar), default=-1) for n in groups]
    return crossing(np.array(most), np.array(groups), fail=1 - bar, level=0.05).chance


def demo_differs(passed: int, asked: int, cases_passed: int, cases: int) -> float:
    """The chance of so large a difference between a demo and cases if there is none."""
    seen = GroupMean.from_counts(passed=cases_passed, n=cases)
    return difference_by_chance(RepeatedPrompts(passed, asked), seen)


def kappa(both_pass: int, first_alone: int, second_alone: int, both_fail: int) -> Interval:
    """Cohen's kappa of two readers, with its interval."""
    patterns: dict[tuple[str | None, ...], int] = {
        ("pass", "pass"): both_pass,
        ("pass", "fail"): first_alone,
        ("fail", "pass"): second_alone,
        ("fail", "fail"): both_fail,
    }
    found = Ratings.from_patterns(patterns, labels=("pass", "fail")).cohen_kappa()
    assert not isinstance(found, NotEstimable)
    return found


def some_slice_below(*, slices: int, n: int, truth: float, line: float) -> float:
    """The chance that at least one of several equally good slices shows less than the line."""
    fewest = next(k for k in range(n + 1) if k / n >= line)
    return float(1 - (1 - binom.cdf(fewest - 1, n, truth)) ** slices)


def more_than(wrong_ones: int, *, of: int, wrong: float) -> float:
    """The chance that more than so many of a week's labels are wrong."""
    return float(1 - binom.cdf(wrong_ones, of, wrong))


def early_warning_weeks(rate: float) -> float:
    """Weeks of 60 labels until the early warning rings, at a true rate; set for one false ring in 52 weeks or more."""
    bell = EarlyWarning.start(promise=0.90, fallen=0.80, once_in=60 * 52)
    assert not isinstance(bell, NotEstimable)
    found = bell.outputs_between_rings(rate)
    assert not isinstance(found, NotEstimable)
    return found / 60


def repeats_as_cases(*, cases: int, repeats: int, icc: float, bar: float) -> float:
    """The chance that a rate on the bar is shown when repeats are counted as if they were cases of their own."""
    n, strength = cases * repeats, 1 / icc - 1
    one = betabinom.pmf(np.arange(repeats + 1), repeats, bar * strength, (1 - bar) * strength)
    total = np.ones(1)
    for _ in range(cases):
        total = np.convolve(total, one)
    fewest = next(passed for passed in range(n + 1) if lower(passed, n) >= bar)
    return float(total[fewest:].sum())


NAMES: dict[str, Any] = {
    "per_100": per_100,
    "lower": lower,
    "upper": upper,
    "best_share": best_share,
    "chance_best_clears": chance_best_clears,
    "naive_peeking": naive_peeking,
    "demo_differs": demo_differs,
    "kappa": kappa,
    "some_slice_below": some_slice_below,
    "more_than": more_than,
    "early_warning_weeks": early_warning_weeks,
    "repeats_as_cases": repeats_as_cases,
    "design_effect": design_effect,
    "zero_failures": zero_failures,
    "groups_for_power": groups_for_power,
    "chance_to_show": chance_to_show,
    "Transported": Transported,
    "Unseen": Unseen,
    "none_seen": none_seen,
    "range": range,
    "min": min,
}
"""What an article's `from` may call."""


def computed(expression: str, **more: Any) -> str:
    """Return what an article's expression gives, as the text would write it."""
    return str(eval(expression, {"__builtins__": {}}, NAMES | more))  # our own articles, not foreign text
