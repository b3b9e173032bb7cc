"""Nothing holds while what was seen is not above its bar; and nothing else changes by that rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.decision.claims import examine, state
from shipworthy.decision.looking import Policy
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.evidence import CaseTally
from shipworthy.domain.launch import PlannedLooks

POLICIES = [Policy("once"), Policy("open"), Policy(PlannedLooks(end=60), 60)]


def examined(outcomes: list[int], bar: float, policy: Policy):
    """Examine a rate over cases of three repeats, by how many of each passed."""
    body = {"id": "right", "bar": {"at_least": bar}, "scorer": {"recorded": "right"}}
    picked = sorted({p: (((CaseTally(0, 3, p, 0, 0),)), outcomes.count(p)) for p in set(outcomes)}.values())
    return examine(Criterion.model_validate(body), None, picked, policy=policy)


@pytest.mark.parametrize("policy", POLICIES, ids=["once", "open", "planned"])
@given(outcomes=st.lists(st.integers(0, 3), min_size=1, max_size=60), bar=st.sampled_from([0.5, 0.8, 0.95]))
def test_a_small_p_value_is_never_taken_away(policy, outcomes, bar):
    """Up to the largest error a plan may have, 0.2, the p-value that decides is the p-value itself."""
    tested = examined(outcomes, bar, policy)

    assert tested.p_holds >= tested.p_above
    assert tested.p_above > 0.2 or tested.p_holds == tested.p_above


def test_what_is_not_above_its_bar_does_not_hold_whatever_the_level():
    """Eight of ten at a bar of 0.8 hold at no level."""
    tested = examined([3] * 8 + [0] * 2, 0.8, Policy("once"))

    assert tested.p_holds == 1.0
    assert tested.p_above < 0.99
    assert state(tested, 0.99, 0.0) == "not shown"
