"""The whole plan before anything is looked at: joint chances, groups for everything, the bill."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from shipworthy.decision.plan import Plan, PlannedCases
from shipworthy.decision.planning import Known, foresee
from shipworthy.decision.scope import divide
from shipworthy.decision.sizing import size, whole_level
from shipworthy.domain.criteria import Bar, Criterion, Labels, Scorer
from shipworthy.domain.evidence import CaseTally
from shipworthy.domain.launch import PlannedLooks, Prices, Slice
from shipworthy.statistics.any_look_power import power_any_look
from shipworthy.statistics.results import NotEstimable
from shipworthy.statistics.sample_size import chance_to_show, groups_near_power, zero_failures

TOPICS = {"topic": Slice(by="topic", shares={"a": 0.7, "b": 0.3}, scope=True)}
BOTH = {"topic=a": 120, "topic=b": 60}


def goal(name="right", bar=0.8, hoped=0.9, **more):
    """Return a goal, or a criterion of another estimand."""
    scorer = None if more.get("estimand") in ("mean", "quantile") else Scorer(recorded="passed")
    return Criterion(id=name, bar=more.pop("line", Bar(at_least=bar)), hoped_for=hoped, scorer=scorer, **more)


def plan(*criteria, slices=TOPICS, repeats=1, looks="once", baseline=None):
    """Return a plan over two topics."""
    return Plan(
        "new", "", baseline, "", repeats, 1 if baseline else 0, criteria, {}, slices, 0.05, looks,
        PlannedCases("", 180, 180),
    )  # fmt: skip


def known(groups, **more):
    """Return what a plan is made from, one case a group unless said."""
    return Known(groups=groups, cases=more.pop("cases", groups), **more)


def cases(*outcomes, k):
    """Return open cases from (passed, how many)."""
    return [((CaseTally(0, k, passed, 0, 0),), n) for passed, n in outcomes]


def test_single_cases_have_the_exact_chance_and_price():
    """Without open outcomes groups pass or fail as a whole, and the numbers are binomial."""
    first, second = foresee(plan(goal()), known(BOTH)).sized
    assert first.chance == pytest.approx(chance_to_show(n=120, bar=0.8, hoped=0.9, alpha=0.05))
    assert first.needed == second.needed == groups_near_power(bar=0.8, hoped=0.9, alpha=0.05, power=0.8)
    assert (first.least, first.outlook, second.outlook) == (14, "enough", "scarce")
    assert first.basis == "whole"


def test_the_chance_of_everything_lies_between_its_ends():
    """The product for claims that have nothing to do with each other, Frechet's bounds whatever they do."""
    joint = foresee(plan(goal(), goal("kind", 0.7, 0.85)), known(BOTH)).joint
    chances = [s.chance for s in foresee(plan(goal(), goal("kind", 0.7, 0.85)), known(BOTH)).sized]
    assert joint.independent == pytest.approx(math.prod(chances))
    assert joint.at_least == pytest.approx(max(1 - sum(1 - c for c in chances), 0))
    assert joint.at_most == min(chances)
    assert joint.at_least <= joint.independent <= joint.at_most


def test_enough_groups_for_everything_make_the_product_reach_the_power():
    """At the groups named the product is at least the power, and a tenth fewer would miss it."""
    asked = plan(goal(), goal("kind", 0.7, 0.85))
    for enough in foresee(asked, known(BOTH)).enough:
        n = max(enough.groups.values())
        there, fewer = (
            foresee(asked, known(dict.fromkeys(BOTH, m))).joint.independent for m in (n, 9 * n // 10)
        )
        assert there >= enough.power > fewer
        assert enough.total == 2 * n


def test_open_repeats_lower_the_price_and_say_what_another_is_worth():
    """Where repeats differ a case tells more than once; a fourth repeat is worth a stated part of a case."""
    opened = {"right": cases((3, 45), (2, 8), (1, 4), (0, 3), k=3)}
    told = foresee(plan(goal(), repeats=3), known(BOTH, opened=opened))
    blind = foresee(plan(goal(), repeats=3), known(BOTH))
    (alike,) = told.alike
    assert told.sized[0].needed < blind.sized[0].needed
    assert told.sized[0].basis == "open"
    assert (alike.groups, alike.size, alike.repeats) == (60, 3.0, 3)
    assert 0.0 < alike.worth < 1 / 3
    assert blind.alike == ()


def test_a_gain_is_priced_by_the_cases_that_were_seen_to_change():
    """Before there are open outcomes of both variants it has no number and says why; then about what McNemar asks."""
    gain = goal(bar=0.0, hoped=0.05, estimand="difference")
    asked = plan(gain, baseline="old")
    pairs = [
        ((CaseTally(0, 1, 1, 0, 0, 0, 1, 0),), 13),
        ((CaseTally(0, 1, 0, 0, 0, 0, 1, 1),), 7),
        ((CaseTally(0, 1, 1, 0, 0, 0, 1, 1),), 80),
    ]
    (blind, _), (told, _) = (foresee(asked, known(BOTH, opened=o)).sized for o in ({}, {"right": pairs}))
    assert (blind.needed, blind.chance) == (None, None)
    assert "how many cases change is not known" in blind.reason
    assert 510 <= told.needed <= 540
    assert foresee(asked, known(BOTH)).joint.uncounted == ("right",)


def test_a_mean_is_planned_by_the_outcomes_seen():
    """A cost has no hope to state; the open ones say how they scatter."""
    line = {"line": Bar(at_most=0.5), "cap": 2.0, "of": "cost_usd"}
    asked = plan(goal(hoped=None, estimand="mean", **line))
    opened = {"right": [((CaseTally(0, 1, 0, 0, 0, points),), 20) for points in (3000, 3500, 3900)]}
    told, blind = foresee(asked, known(BOTH, opened=opened)).sized[0], foresee(asked, known(BOTH)).sized[0]
    assert told.needed > 0
    assert told.hoped == pytest.approx(2 * (1 - (3000 + 3500 + 3900) / 3 / 4096))
    assert blind.reason == "no open outcomes yet, so how they scatter is not known"


def test_a_hope_given_now_replaces_the_one_in_the_file_and_one_below_the_bar_has_no_price():
    """What no number of groups shows is said so, and nothing adds up to a ship."""
    better = foresee(plan(goal()), known(BOTH, hoped={"right": 0.95})).sized[0]
    worse = foresee(plan(goal()), known(BOTH, hoped={"right": 0.75}))
    assert better.needed < groups_near_power(bar=0.8, hoped=0.9, alpha=0.05, power=0.8)
    assert worse.sized[0].needed is None
    assert all(isinstance(e.groups, NotEstimable) for e in worse.enough)


def test_slices_across_the_scope_cost_error_and_are_priced_too():
    """A claim across the partition takes a part of the error from the whole scope; the partition itself does not."""
    own, across = plan(goal(slices=["topic"])), plan(goal(slices=["spanish"]))
    level = divide(0.05, n_slices=2, has_across=True).whole
    assert whole_level(own, 2) == 0.05 > level == whole_level(across, 2)
    (claim,) = foresee(across, known(BOTH, also={("right", "spanish"): 12})).also
    assert (claim.slice, claim.groups, claim.outlook) == ("spanish", 12, "hopeless")
    assert claim.least == zero_failures(bar=0.8, alpha=level)


def test_the_policy_of_looks_is_priced_as_it_is_decided():
    """`looks: {end: 60}` is looking after each of 60 groups, however many there are; an open end costs more."""
    once, ended, open_ended = (
        foresee(plan(goal(), looks=looks), known(BOTH)).sized[0]
        for looks in ("once", PlannedLooks(end=60), "open")
    )
    assert ended.chance == power_any_look(bar=0.8, truth=0.9, end=60, alpha=0.05).chance
    assert open_ended.chance < once.chance
    assert once.needed <= ended.needed < open_ended.needed
    assert [n for _, n in once.prices] < [n for _, n in ended.prices]


def test_tries_that_the_plan_pays_for_share_its_error():
    """With two tries a claim is planned at half of it."""
    assert whole_level(replace(plan(goal()), tries=2), 2) == 0.025


def test_the_bill_counts_outputs_labels_and_cases_still_to_write():
    """Cases times repeats of both variants; money and hours only of what has a price."""
    judged = goal("polite", estimand="judged_rate", labels=Labels(recorded="person", chosen="random"))
    gain = goal("gain", 0.0, 0.1, estimand="difference")
    prices = Prices(output=0.02, label=1.5, label_minutes=2, case=3.0)
    asked = plan(goal(), judged, gain, repeats=2, baseline="old")
    outlook = foresee(asked, known(BOTH, labels={"polite": 90}), prices=prices)
    assert (outlook.bill.cases, outlook.bill.more, outlook.bill.outputs) == (180, 0, 540)
    assert outlook.bill.money == pytest.approx(540 * 0.02 + 90 * 1.5)
    assert outlook.bill.hours == pytest.approx(3.0)
    _, bill = outlook.bills[0]
    assert bill.more == bill.cases - 180
    assert bill.money == pytest.approx(3 * bill.cases * 0.02 + 135 + 3.0 * bill.more)
    unpriced = foresee(asked, known(BOTH)).bill
    assert (unpriced.labels, unpriced.money, unpriced.hours) == (None, None, None)


def test_groups_of_several_cases_take_ten_at_least():
    """A handful of customers cannot tell, whatever each of them says."""
    asked = plan(goal(bar=0.5, hoped=0.9), slices={})
    few = foresee(asked, known({None: 8}, cases={None: 40})).sized[0]
    assert (few.least, few.outlook, few.chance) == (10, "hopeless", 0.0)
    assert size(asked, {None: 8})[0].least == 5
