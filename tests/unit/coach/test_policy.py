"""A policy may be stricter than the defaults, never looser."""

from __future__ import annotations

import pytest

from shipworthy.coach.policy import THRESHOLDS, Policy, loosened


@pytest.mark.parametrize("name", THRESHOLDS)
def test_a_threshold_tightens_in_one_direction_only(name):
    """A tenth stricter passes, a tenth looser does not, and the default itself does."""
    known = THRESHOLDS[name]
    up, down = known.default * 1.1, known.default * 0.9
    strict, loose = (up, down) if known.stricter == "higher" else (down, up)

    assert loosened({name: strict}) == loosened({name: known.default}) == []
    assert loosened({name: loose}) == [name]


def test_a_severity_is_raised_and_never_lowered():
    """Whatever a policy says, a rule that blocks goes on blocking."""
    policy = Policy(severities={"FRM-01": "notes", "FRM-05": "blocks"})

    assert policy.severity("FRM-01", "blocks") == "blocks"
    assert policy.severity("FRM-05", "warns") == "blocks"
    assert policy.severity("FRM-09", "notes") == "notes"


def test_what_a_policy_leaves_out_keeps_its_default():
    """Thirty outputs unless somebody asks for more."""
    assert (Policy()["outputs_read"], Policy({"outputs_read": 50})["outputs_read"]) == (30, 50)
