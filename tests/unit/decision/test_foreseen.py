"""Whether what was foreseen came, and how good a stated chance was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.decision.foreseen import brier_score, came
from shipworthy.statistics.results import NotEstimable

chances = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("statuses", "due", "expected"),
    [
        (["kept", "kept"], True, True),
        (["kept", "kept"], False, None),
        (["kept", "at risk"], True, None),
        (["kept", "not enough data"], True, None),
        (["broken", "kept"], False, False),
        ([], True, None),
    ],
)
def test_only_a_breach_settles_it_early_and_only_full_evidence_on_the_day(statuses, due, expected):
    """Six states of promises, before and on the day of review."""
    assert came(statuses, due=due) is expected


def test_a_score_by_hand():
    """0.8 and it came, 0.6 and it did not: (0.04 + 0.36) / 2."""
    assert brier_score([(0.8, True), (0.6, False)]) == pytest.approx(0.2)
    assert isinstance(brier_score([]), NotEstimable)


@given(chances)
def test_a_score_is_between_0_and_1_and_turns_round_with_what_it_is_about(foreseen):
    """To say 1 - p of the opposite is the same statement; a half scores 0.25 whatever comes."""
    score = brier_score(foreseen)
    assert isinstance(score, float)
    assert 0 <= score <= 1
    assert brier_score([(1 - p, not happened) for p, happened in foreseen]) == pytest.approx(score, abs=1e-9)
    assert brier_score([(0.5, happened) for _, happened in foreseen]) == pytest.approx(0.25)
