"""Traps that other tools fall into, each as a verdict that does not."""

from __future__ import annotations

from typing import Any

import pytest

from shipworthy.decision.claims import examine, state
from shipworthy.decision.looking import Policy
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.evidence import CaseTally, GroupTally
from shipworthy.domain.launch import PlannedLooks
from shipworthy.statistics.results import NotEstimable


def criterion(**body: Any) -> Criterion:
    """Make a criterion with a bar of 0.9."""
    return Criterion.model_validate(
        {"id": "right", "bar": {"at_least": 0.9}, "scorer": {"recorded": "right"}} | body
    )


def single(n: int, **figures: int) -> list[tuple[GroupTally, int]]:
    """Return n groups of one case that came out alike."""
    return [((CaseTally(0, 1, figures.pop("passed", 1), 0, 0, **figures),), n)]


def test_all_pass_never_gives_a_bound_at_the_estimate():
    """Thirty of thirty: the bound is 0.905 and not 1, and 28 of 28 are not shown to be above 0.9."""
    thirty, less = (examine(criterion(), None, single(n)) for n in (30, 28))

    assert thirty.looked.lower(0.05) == pytest.approx(0.05 ** (1 / 30))
    assert (state(thirty, 0.05), state(less, 0.05)) == ("holds", "not shown")


def test_repeats_never_raise_the_number_of_groups():
    """Twenty cases that always pass, asked once or eight times: the same p-value."""
    once = examine(criterion(), None, [((CaseTally(0, 1, 1, 0, 0),), 20)])
    often = examine(criterion(), None, [((CaseTally(0, 8, 8, 0, 0),), 20)])

    assert once.p_above == often.p_above


def test_a_margin_is_compared_with_the_bound_and_not_with_what_was_seen():
    """A gain of 6 points seen against a bar of 5: 24 fixed and 12 broken of 200 show no such thing."""
    gain = criterion(estimand="difference", bar={"at_least": 0.05})
    picked = [
        ((CaseTally(0, 1, 1, 0, 0, 0, 1, 0),), 24),
        ((CaseTally(0, 1, 0, 0, 0, 0, 1, 1),), 12),
        ((CaseTally(0, 1, 1, 0, 0, 0, 1, 1),), 164),
    ]
    tested = examine(gain, None, picked)

    assert tested.looked.mean.estimate == pytest.approx(0.06)
    assert state(tested, 0.05) == "not shown"


def test_enriched_labels_never_go_through_the_estimator_of_random_ones():
    """Half of the labels on failures, called what they are: another method, or a refusal; never the random one."""
    picked = [
        *single(760, passed=1), *single(140, passed=0), *single(50, passed=1, labelled_passed=1, upheld=1),
        *single(50, passed=0, labelled_failed=1),
    ]  # fmt: skip
    seen = examine(
        criterion(estimand="judged_rate", labels={"recorded": "h", "chosen": "enriched"}), None, picked
    )

    assert isinstance(seen.looked, NotEstimable) or "Buehler" not in seen.looked.method


def test_a_claim_that_the_planned_end_cannot_reach_any_more_says_so():
    """13 failures in the first 100 of 200 groups against 0.9 are too many, whatever comes; 12 are not yet."""
    policy = Policy(PlannedLooks(end=200), 200)
    lost, open_ = (
        examine(criterion(), None, [*single(100 - k), *single(k, passed=0)], policy=policy) for k in (13, 12)
    )

    assert lost.looked.is_out_of_reach(0.05)
    assert not open_.looked.is_out_of_reach(0.05)
