"""Claims in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shipworthy.domain.verdict import MoreNeeded, Scope, Verdict
from shipworthy.narrative.claim import line, places, rows, state_words


def one(claim, criteria=(), *, exploratory=False):
    """Return the row of a verdict with one claim."""
    verdict = Verdict("not yet", None, exploratory, "retrieval", Scope(), (claim,), "p", "e")
    return rows(verdict, criteria)[0]


def test_a_claim_says_counts_then_share_then_bound(make_claim):
    """Counts come first, then the share of 100, then the cautious bound, then the state."""
    row = one(make_claim(passed=250, planned=260, bar=0.9))
    assert line(row).text == (
        "right answer, topic orders: 250 of 260 (96 of 100); could be as low as 93 of 100; bar 90 of 100; holds"
    )


def test_nothing_failed_is_not_nothing_can_fail(make_claim):
    """All passed still says how many may fail."""
    assert (
        one(make_claim(passed=60, planned=60)).bound == "none of 60 failed, yet could be as low as 95 of 100"
    )


def test_a_refuted_claim_names_its_hopeful_bound(make_claim):
    """What does not hold says how good it can be at best."""
    assert one(make_claim(passed=36, planned=60, state="does not hold")).bound == "at best 71 of 100"


def test_a_refuted_claim_never_prints_a_bound_that_reaches_the_bar(make_claim):
    """A hopeful bound on the good side of the bar is not given as the reason for "does not hold"."""
    claim = replace(make_claim(passed=44, planned=60, state="does not hold"), upper=0.83)
    assert "at best" not in one(claim).bound


@pytest.mark.parametrize(
    ("state", "more", "exploratory", "words"),
    [
        ("holds", None, False, "holds"),
        ("holds", None, True, "would hold"),
        ("does not hold", None, False, "does not hold"),
        ("does not hold", None, True, "would not hold"),
        ("not shown", MoreNeeded(42, 0.94, 0.8, fresh=False), False, "not shown yet: about 42 more cases"),
        ("not shown", MoreNeeded(310, 0.94, 0.8, fresh=True), True, "not shown yet: about 310 new cases"),
        ("not shown", None, False, "not shown yet"),
    ],
)
def test_three_states_and_none_of_them_confirms_when_exploring(state, more, exploratory, words):
    """A state has its own words, and exploratory evidence never "holds"."""
    assert state_words(state, more=more, exploratory=exploratory) == words


def test_outputs_without_a_score_are_said(make_claim):
    """Unscored and no answer stand beside the counts."""
    assert one(make_claim(passed=50, planned=60, unscored=2, no_answer=1)).ending == "2 unscored, 1 no answer"


def test_a_claim_without_a_number_says_why(make_claim):
    """What cannot be estimated gives its reason, and no number is made up."""
    claim = replace(
        make_claim(state="not shown"), estimate=None, lower=None, upper=None, reason="no planned outputs"
    )
    row = one(claim)
    assert (row.estimate, row.worst, row.bound) == ("", "", "")
    assert row.state_words == "not shown yet: no planned outputs"


def test_a_share_over_groups_says_so_when_it_differs_from_the_counts(make_claim):
    """A mean over unequal groups is not passed off as passed of planned."""
    assert one(replace(make_claim(), estimate=0.90)).estimate == "90 of 100 by group"


def test_amounts_and_quantiles_speak_their_own_unit(narrower, criteria):
    """A cost is said in money with its upper bound, a waiting time as a share within the bar."""
    said = {(r.name, r.where): r for r in rows(narrower, criteria)}
    cost, fast, gain = (
        said["cost", "topic orders"],
        said["fast", "topic orders"],
        said["beats rules", "all cases"],
    )
    assert (cost.estimate, cost.bound, cost.bar) == ("$0.041", "could be as much as $0.049", "at most $0.06")
    assert cost.beyond == (
        "no output counts for more than $0.25; at most 20 of 100 take that or more, and how much more is not known"
    )
    assert (fast.estimate, fast.bar, fast.beyond) == ("99 of 100", "95 of 100 within 8 s", "")
    assert gain.counts == "184 of 190; of 190 groups: fixes 42, breaks 6, same in 142"
    assert gain.state_words == "holds (decides nothing)"


def test_slices_of_one_tag_say_the_tag_once():
    """A list of slices reads as a person would say it."""
    assert places(["topic=orders", "topic=returns"]) == "orders and returns (topic)"
    assert places(["topic=orders", "spanish"]) == "topic orders and spanish"
