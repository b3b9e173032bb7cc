"""From counts to a verdict: every word it can say, and what each rests on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shipworthy.decision.error_budget import Look
from shipworthy.decision.evaluate import evaluate
from shipworthy.decision.measure import measure
from shipworthy.decision.plan import Plan, PlannedCases
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.evidence import CaseTally, Evidence, Tally
from shipworthy.domain.launch import Slice
from shipworthy.domain.verdict import Verdict

TOPICS = ("a", "b", "c")


def _criterion(name: str, **more: Any) -> Criterion:
    return Criterion.model_validate(
        {"id": name, "bar": {"at_least": 0.8}, "scorer": {"recorded": name}, **more}
    )


@pytest.fixture
def decided() -> Callable[..., Verdict]:
    """Decide from passes of planned: one criterion and a tuple for each topic, or several criteria."""

    def decide(
        *outcomes: tuple[int, int],
        guard: tuple[tuple[int, int], ...] = (),
        exploratory: tuple[str, ...] = (),
        look: Look | None = None,
        spanish: bool = False,
        spanning: int = 0,
        **plan: Any,
    ) -> Verdict:
        topics = TOPICS[: len(outcomes)]
        criteria = [_criterion("right", slices=["es"] if spanish else [])]
        tallies = {"right": _tally(outcomes)}
        if spanning:
            both = tuple(CaseTally(cell, 1, 1, 0, 0) for cell in (0, 1))
            tallies["right"] = Tally((*tallies["right"].groups, (both, spanning)))
        if guard:
            criteria.append(_criterion("harmless", kind="guardrail", bar={"at_least": 0.95}))
            tallies["harmless"] = _tally(guard)
        slices = {"topic": Slice(by="topic", shares=dict.fromkeys(topics, 1 / len(topics)), scope=True)}
        slices |= {"es": Slice(where={"language": "es"})} if spanish else {}
        made = Plan(
            candidate="new",
            candidate_fingerprint="f",
            baseline=None,
            baseline_fingerprint="",
            repeats=1,
            baseline_repeats=0,
            criteria=tuple(criteria),
            series={},
            slices=slices,
            error=0.05,
            looks=plan.get("looks", "once"),
            cases=PlannedCases("c", 300, 300),
        )
        cells = tuple(frozenset({f"topic={t}", *(["es"] if spanish and t == "a" else [])}) for t in topics)
        groups = sum(n for _, n in outcomes)
        evidence = Evidence("new", cells, tallies, "digest", exploratory)
        return evaluate(made, evidence, look or Look(1, groups))

    return decide


def _tally(outcomes: tuple[tuple[int, int], ...]) -> Tally:
    groups = []
    for cell, (passed, n) in enumerate(outcomes):
        groups += [((CaseTally(cell, 1, 1, 0, 0),), passed), ((CaseTally(cell, 1, 0, 0, 0),), n - passed)]
    return Tally(tuple((group, count) for group, count in groups if count))


def test_what_holds_everywhere_ships(decided):
    """Three slices, each far above the bar: ship, all of the traffic."""
    verdict = decided((98, 100), (97, 100), (99, 100))

    assert (verdict.verdict, verdict.scope.traffic_share) == ("ship", 1.0)


def test_the_whole_scope_needs_no_correction_for_its_many_claims(decided):
    """Each slice alone just holds at .05 and not at a third of it: together they ship, by intersection and union."""
    verdict = decided((87, 100), (87, 100), (87, 100))

    assert verdict.verdict == "ship"
    assert all(0.05 / 3 < claim.p_value <= 0.05 for claim in verdict.claims)


def test_a_group_in_two_slices_makes_the_whole_scope_pass_slice_by_slice(decided):
    """The same three slices with one customer more, who asked about two topics: nothing is known of how they hang together."""
    assert decided((87, 100), (87, 100), (87, 100), spanning=1).verdict == "not yet"
    assert decided((92, 100), (90, 100), (87, 100), spanning=1).verdict == "ship"


def test_choosing_slices_is_charged(decided):
    """The same 87 of 100 in one slice of three does not ship that slice: choosing after looking has its price."""
    verdict = decided((87, 100), (80, 100), (80, 100))

    assert verdict.verdict == "not yet"


def test_a_slice_that_holds_ships_alone_and_its_bound_is_drawn_at_the_level_that_decided(decided):
    """One good slice, one open, one bad: ship narrower; two are left standing, so it is tested at half of the error."""
    verdict = decided((99, 100), (82, 100), (60, 100))

    included = [claim for claim in verdict.claims if claim.slice == "topic=a"]
    assert (verdict.verdict, verdict.scope.included) == ("ship narrower", ("topic=a",))
    assert [(out.slice, out.state) for out in verdict.scope.excluded] == [
        ("topic=b", "not shown"),
        ("topic=c", "does not hold"),
    ]
    assert round(included[0].level, 4) == round(1 - 0.05 / 2, 4)
    assert included[0].lower >= 0.8


def test_a_guardrail_that_is_not_shown_keeps_a_perfect_goal_from_shipping(decided):
    """One slice passes everything but breaks the guardrail: the others ship without it."""
    verdict = decided((100, 100), (100, 100), (100, 100), guard=((100, 100), (100, 100), (80, 100)))

    assert verdict.scope.included == ("topic=a", "topic=b")
    assert verdict.scope.excluded[0].claim == "harmless"


def test_what_is_refuted_in_every_slice_does_not_ship(decided):
    """Every upper bound is under the bar."""
    assert decided((50, 100), (60, 100), (55, 100)).verdict == "do not ship"


def test_one_open_slice_keeps_do_not_ship_from_being_said(decided):
    """Refuted in two slices and open in the third: not yet."""
    assert decided((50, 100), (60, 100), (82, 100)).verdict == "not yet"


def test_exploratory_evidence_never_ships_and_says_what_it_would_be(decided):
    """The same counts that ship under a plan are a rehearsal without one."""
    verdict = decided((98, 100), (97, 100), (99, 100), exploratory=("no plan is locked",))

    assert (verdict.verdict, verdict.would_be, verdict.exploratory) == ("not yet", "ship", True)
    assert verdict.reasons[0] == "no plan is locked"


def test_a_second_look_at_a_plan_with_one_has_nothing_left_to_spend(decided):
    """However good the counts: not yet, and only fresh cases can confirm."""
    verdict = decided((98, 100), (97, 100), (99, 100), look=Look(2, 300, 200))

    assert verdict.verdict == "not yet"
    assert "only fresh cases can confirm" in verdict.reasons[0]


def test_no_evidence_at_all_is_not_yet_with_a_price(decided):
    """Nothing recorded: every claim is open, with the cases it would take."""
    verdict = decided((0, 0), (0, 0))

    assert verdict.verdict == "not yet"
    assert all(claim.state == "not shown" and claim.more_needed.cases > 0 for claim in verdict.claims)


def test_a_slice_across_the_partition_must_hold_inside_what_ships(decided):
    """Spanish lies in topic a; when a is good everything ships, and its claim is tested on its own cases."""
    verdict = decided((99, 100), (99, 100), spanish=True)

    across = [claim for claim in verdict.claims if claim.slice == "es"]
    assert verdict.verdict == "ship"
    assert (across[0].groups, across[0].state) == (100, "holds")


def test_equal_values_give_equal_verdicts(decided):
    """A verdict is a function of its arguments: the same counts give the same value, digit for digit."""
    assert decided((91, 100), (82, 100), (60, 100)) == decided((91, 100), (82, 100), (60, 100))


def test_gains_that_cancel_in_thirds_leave_a_group_unchanged():
    """One case a third better and one a third worse make a group that is neither fixed nor broken."""
    group = tuple(CaseTally(0, 3, mine, 0, 0, 0, 3, theirs) for mine, theirs in ((1, 0), (2, 3)))
    picked = [(group, 12)]
    criterion = _criterion("right", estimand="difference", bar={"at_least": 0.0})

    assert measure(criterion, picked).flips == {"fixed": 0, "broken": 0, "unchanged": 12}
