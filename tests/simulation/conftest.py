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
