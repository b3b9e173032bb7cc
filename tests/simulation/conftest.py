"""How a simulated error rate is judged."""

import pytest
from scipy.stats import binom

FALSE_ALARM = 1e-4
"""Chance that one judgement fails although the method keeps its level exactly."""


@pytest.fixture
def keeps_its_level(request):
    """Return the judgement: so many wrong ships of so many trials are within the level, or it fails.

    It fails when a method whose error rate equals the level would show as many wrong ships with a
    chance below `FALSE_ALARM`. Run with `-s` to see each rate.
    """

    def judge(wrong: int, trials: int, level: float = 0.05) -> None:
        print(f"\n{request.node.name}: {wrong} of {trials} wrong = {wrong / trials:.4f}, level {level}")  # noqa: T201 - shown with -s
        assert binom.sf(wrong - 1, trials, level) >= FALSE_ALARM

    return judge


DEFAULT = {
    "test_the_whole_verdict_keeps_its_error": ("one slice and across at the bar",),
    "test_repeats": ("two_kinds-0-50-3-0.9",),
    "test_differences": ("1-30-0.2-0.0",),
    "test_more_is_shipped_than_by_the_best_order_of_others": ("120x120x120-3 good",),
    "test_a_wrong_dominated_is_rare": ("equal on all within the margin",),
    "test_independent_outputs": ("0.9-judge2-150-50-random",),
}
"""Settings that the default suite runs of a claim; of every other claim, the first."""
CAMPAIGNS = (
    "test_a_demo_at_nine_in_ten_is_told_from_a_set_at_six_in_ten", "test_flattery_is_what_the_best_of_equals_gains",
    "test_open_ended_looking_keeps_the_level_for_gains", "test_scaled_mean", "test_share_within_a_quantile",
    "test_the_corrected_interval_covers_what_people_said", "test_power_of_looking_at_graded_values",
)  # fmt: skip
"""Claims of one setting that take long."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Of each simulated claim run one setting by default; all settings are campaigns, which CI runs too."""
    seen = set()
    for item in items:
        if "tests/simulation/" not in item.nodeid:
            continue
        if item.originalname in CAMPAIGNS:
            item.add_marker(pytest.mark.campaign)
        if not hasattr(item, "callspec"):
            continue
        if item.get_closest_marker("grid"):
            continue  # minutes to hours, run by hand
        name = item.originalname
        chosen = item.callspec.id in DEFAULT[name] if name in DEFAULT else (item.path, name) not in seen
        seen.add((item.path, name))
        if not chosen:
            item.add_marker(pytest.mark.campaign)
