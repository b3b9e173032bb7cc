"""A criterion about answered outputs in the verdict: two claims, both of which must hold, wherever they are asked."""

from __future__ import annotations

from typing import Any

import pytest

from shipworthy.decision.claims import passes_or_fails
from shipworthy.decision.error_budget import Look
from shipworthy.decision.evaluate import evaluate
from shipworthy.decision.plan import Plan, PlannedCases, differences
from shipworthy.decision.sizing import deciding, size
from shipworthy.domain.criteria import Criterion, with_shares
from shipworthy.domain.evidence import CaseTally, Evidence, Tally
from shipworthy.domain.launch import PlannedLooks, Slice
from shipworthy.domain.verdict import Verdict
from shipworthy.services.gather import digest

ANSWERED = {"confidence": "sure", "at_least": 0.5, "of_cases": 0.3}


def criterion(answered: dict[str, Any] | None = ANSWERED, **more: Any) -> Criterion:
    """Return a criterion with a bar of 0.8, asked of surer outputs unless said."""
    body = {"id": "right", "bar": {"at_least": 0.8}, "scorer": {"recorded": "right"}, **more}
    return Criterion.model_validate(body | ({"answered": answered} if answered else {}))


def plan(*criteria: Criterion, looks: Any = "once", slices: dict[str, Slice] | None = None) -> Plan:
    """Return a plan of these criteria."""
    return Plan(
        candidate="new", candidate_fingerprint="f", baseline=None, baseline_fingerprint="", repeats=1,
        baseline_repeats=0, criteria=criteria, series={}, slices=slices or {}, error=0.05, looks=looks,
        cases=PlannedCases("c", 300, 300),
    )  # fmt: skip


def tallies(*outcomes: tuple[int, int, int, int]) -> dict[str, Tally]:
    """Return what came of single cases in cells: passed, failed, handed over, no answer of each."""
    kinds = [(1, 0, 0), (0, 0, 0), (0, 0, 1), (0, 1, 0)]
    right, enough = [], []
    for cell, counts in enumerate(outcomes):
        for (passed, silent, over), n in zip(kinds, counts, strict=True):
            if n:
                right.append(((CaseTally(cell, 1, passed, 0, silent, handed_over=over),), n))
                enough.append(((CaseTally(cell, 1, int(not silent and not over), 0, silent),), n))
    return {"right": Tally(tuple(sorted(right))), "right_answered": Tally(tuple(sorted(enough)))}


def decided(*outcomes: tuple[int, int, int, int], asked: Plan | None = None) -> Verdict:
    """Return the verdict on single cases in as many slices of a scope as there are outcomes; one without a scope."""
    names = [f"topic={'abc'[i]}" for i in range(len(outcomes))]
    cells = tuple(frozenset({name}) for name in names) if len(outcomes) > 1 else (frozenset(),)
    shares = {"abc"[i]: 1 / len(outcomes) for i in range(len(outcomes))}
    scope = {"topic": Slice(by="topic", shares=shares, scope=True)} if len(outcomes) > 1 else {}
    made = asked or plan(criterion(), slices=scope)
    evidence = Evidence("new", cells, tallies(*outcomes), "digest")
    return evaluate(made, evidence, Look(1, sum(map(sum, outcomes))))


def test_both_claims_hold_or_nothing_ships() -> None:
    """Of 200: 95 of 100 answered are right, and 100 of 200 are answered; too few; too many wrong; neither shown."""
    assert decided((95, 5, 100, 0)).verdict == "ship"
    assert decided((29, 1, 170, 0)).verdict == "do not ship"
    assert decided((60, 40, 100, 0)).verdict == "do not ship"
    assert decided((85, 15, 100, 0)).verdict == "not yet"


def test_with_everything_answered_it_is_the_ordinary_claim() -> None:
    """No output handed over: every number of the claim is that of the criterion without `answered`."""
    surer = decided((182, 18, 0, 0)).claims[0]
    plain = evaluate(
        plan(criterion(None)), Evidence("new", (frozenset(),), tallies((182, 18, 0, 0)), "d"), Look(1, 200)
    ).claims[0]
    for name in ("estimate", "lower", "upper", "p_value", "state", "standard_error", "more_needed"):
        assert getattr(surer, name) == getattr(plain, name), name
    assert (surer.handed_over, plain.handed_over) == (0, None)


def test_no_answer_counts_against_the_rate_and_against_the_share() -> None:
    """Twenty outputs that brought no answer: not right among the answered, and none of them answered."""
    right, enough = decided((95, 5, 100, 20)).claims
    assert right.estimate == pytest.approx(95 / 120)
    assert (right.passed, right.failed, right.no_answer, right.handed_over) == (95, 5, 20, 100)
    assert (enough.passed, enough.planned) == (100, 220)


def test_nothing_answered_is_no_number_and_no_ship() -> None:
    """All handed over: the reason stands in the place of a bound."""
    found = decided((0, 0, 200, 0))
    assert found.verdict == "do not ship"
    assert (found.claims[0].lower, found.claims[0].state) == (None, "not shown")
    assert found.claims[0].more_needed is None
    assert found.claims[0].reason == "nothing is answered: no output has a confidence that is high enough"


@pytest.mark.parametrize("looks", [PlannedLooks(end=300), "open"])
def test_with_several_looks_nothing_is_shown(looks: Any) -> None:
    """However good: no p-value is made for looks that nobody has worked out."""
    found = decided((190, 0, 10, 0), asked=plan(criterion(), looks=looks))
    assert found.verdict != "ship"
    assert found.claims[0].state == "not shown"
    assert "can be looked at once" in found.claims[0].reason


def test_the_scope_leaves_out_the_slice_that_is_answered_badly_or_too_rarely() -> None:
    """Three slices: one good, one with wrong answers, one that hands nearly everything over."""
    found = decided((96, 4, 50, 0), (60, 40, 50, 0), (10, 0, 140, 0))
    assert (found.verdict, found.scope.included) == ("ship narrower", ("topic=a",))


def test_few_groups_of_several_cases_with_an_answer_cannot_tell() -> None:
    """Twelve groups of two cases, of which nine have an answer: refused, though all twelve could tell of a rate."""
    good, over = CaseTally(0, 1, 1, 0, 0), CaseTally(0, 1, 0, 0, 0, handed_over=1)
    found = evaluate(
        plan(criterion()),
        Evidence("new", (frozenset(),), {"right": Tally((((good, good), 9), ((over, over), 3)))}, "d"),
        Look(1, 12),
    )
    assert found.claims[0].reason == "9 groups of several cases with an answer cannot tell; it takes 10"


def test_what_is_derived_carries_the_kind_the_slices_the_error_and_the_floor() -> None:
    """The second claim of a guardrail with slices and an error of its own; none for an ordinary criterion."""
    made = criterion(kind="guardrail", slices=["es"], error=0.01, severity="harmful", hoped_for=0.99)
    _, share = with_shares([made])
    assert (share.id, share.kind, share.slices, share.error) == ("right_answered", "guardrail", ["es"], 0.01)
    assert share.bar.at_least == 0.3
    assert share.pass_when is not None
    assert share.pass_when.at_least == 0.5
    assert share.hoped_for is None
    assert with_shares([criterion(None)]) == (criterion(None),)


def test_a_change_of_the_threshold_is_another_plan() -> None:
    """0.6 in the place of 0.5, 0.2 in the place of 0.3: another hash, and the difference named."""
    before = plan(criterion())
    for change in ({"at_least": 0.6}, {"of_cases": 0.2}, {"confidence": "router"}):
        after = plan(criterion({**ANSWERED, **change}))
        assert after.sha != before.sha
        [said] = differences(before.as_json(), after.as_json())
        assert said.startswith("criteria.right.answered.")


def test_the_digest_of_evidence_without_anything_handed_over_is_what_it_was() -> None:
    """A look that was taken before this field is replayed, not taken again; what is handed over changes the digest."""
    with_it, without = (
        Evidence("new", (frozenset(),), tallies(each)) for each in ((90, 5, 5, 0), (90, 10, 0, 0))
    )
    plain = Evidence("new", (frozenset(),), {"right": Tally((((CaseTally(0, 1, 1, 0, 0),), 3),))})
    assert digest(plain) == "1b077b404cf4b1acf112d6274e04a6bccc9cd58550472d2cdaaf3c2b9f7e3262"
    assert digest(with_it) != digest(without)


def test_a_plan_reckons_with_the_least_share_until_open_outcomes_tell() -> None:
    """Nothing recorded: the answered groups it takes over 0.3; half answered on open cases: over a half."""
    asked = plan(criterion(hoped_for=0.95), looks="once")
    assert [each.id for each in deciding(asked)] == ["right", "right_answered"]
    ordinary = size(plan(criterion(None, hoped_for=0.95)), {None: 300})[0]
    blind = size(asked, {None: 300})[0]
    assert ordinary.needed is not None
    assert blind.needed == -(-ordinary.needed * 10 // 3)
    opened = {name: list(tally.groups) for name, tally in tallies((48, 2, 50, 0)).items()}
    seen = size(asked, {None: 300}, opened=opened)[0]
    assert seen.needed == 2 * ordinary.needed
    assert seen.chance is not None
    assert ordinary.chance is not None
    assert seen.chance < ordinary.chance


def test_more_needed_counts_every_case_and_not_the_answered_ones_alone() -> None:
    """85 of 100 answered of 200 at a bar of 0.8: the price is twice what it were if all were answered."""
    surer = decided((85, 15, 100, 0)).claims[0].more_needed
    plain = decided((85, 15, 0, 0)).claims[0].more_needed
    assert surer is not None
    assert plain is not None
    assert surer.cases == 2 * plain.cases


def test_whole_groups_of_answered_outputs_have_no_known_steps() -> None:
    """How many are answered is chance, so the closed test of a scope may not count on attainable p-values."""
    picked = list(tallies((90, 10, 100, 0))["right"].groups)
    assert not passes_or_fails(criterion(), picked)
    assert passes_or_fails(criterion(None), picked)
