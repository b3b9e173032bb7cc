"""A plan on a terminal and for programs: narrow, without promises, and finite."""

from __future__ import annotations

import json

import pytest

from shipworthy.decision.plan import Plan, PlannedCases
from shipworthy.decision.planning import Known, Outlook, foresee
from shipworthy.domain.criteria import Bar, Criterion, Scorer
from shipworthy.domain.evidence import CaseTally
from shipworthy.domain.launch import Looks, PlannedLooks, Prices, Slice
from shipworthy.exporters.plan_json import plan_json
from shipworthy.exporters.plan_text import plan_text
from shipworthy.exporters.terminal import cells
from shipworthy.narrative import outlook as words
from shipworthy.narrative.wording import banned

CHECK = Scorer(recorded="passed")
FOREIGN = "正しい答え" * 12
LONG = "right_" * 9 + "answer"
CRITERIA = (
    Criterion(id=LONG, bar=Bar(at_least=0.995), scorer=CHECK, slices=["rare"]),
    Criterion(id="steady", estimand="all_of_k", k=3, bar=Bar(at_least=0.4), scorer=CHECK),
    Criterion(id="lucky", estimand="any_of_k", k=3, bar=Bar(at_least=0.4), scorer=CHECK),
    Criterion(id="gain", estimand="difference", bar=Bar(at_least=-0.02), hoped_for=0.05, scorer=CHECK),
    Criterion(id="better", estimand="difference", bar=Bar(at_least=0.0), scorer=CHECK),
    Criterion(id="quick", estimand="quantile", quantile=0.95, of="latency_s", bar=Bar(at_most=3.0)),
    Criterion(id="cheap", estimand="mean", cap=1.0, of="cost_usd", bar=Bar(at_most=0.2)),
)
SLICES = {
    "topic": Slice(by="topic", shares={"a": 0.7, FOREIGN: 0.3}, scope=True),
    "rare": Slice(where={"rare": "yes"}),
}


def outlook(*, looks: Looks = "once", opened: bool = True, hoped: float | None = None) -> Outlook:
    """Return what is foreseen of a plan with every estimand and names in another script."""
    plan = Plan("new", "", "old", "", 3, 1, CRITERIA, {}, SLICES, 0.05, looks, PlannedCases("", 2100, 2100))
    groups = {"topic=a": 2000, f"topic={FOREIGN}": 100}
    seen = [
        ((CaseTally(0, 3, passed, 0, 0, 4096 * passed, 1, 1),), n) for passed, n in ((3, 40), (2, 9), (0, 6))
    ]
    known = Known(
        groups, groups, {(LONG, "rare"): 7}, {c.id: seen for c in CRITERIA} if opened else {},
        {} if hoped is None else {LONG: hoped},
    )  # fmt: skip
    return foresee(plan, known, prices=Prices(output=0.02, label=1.0, label_minutes=3, case=2.0))


def said(found: Outlook, *, locked: bool = False, open_groups: int = 55) -> str:
    """Return it as text."""
    return plan_text(
        found, CRITERIA, head="Head.", folder="my-launch", open_groups=open_groups, locked=locked
    )


@pytest.mark.parametrize(
    ("looks", "opened"),
    [
        ("once", False),
        ("open", True),
        pytest.param("once", True, marks=pytest.mark.campaign),
        pytest.param("open", False, marks=pytest.mark.campaign),
        pytest.param(PlannedLooks(end=300), True, marks=pytest.mark.campaign),
        pytest.param(PlannedLooks(end=300), False, marks=pytest.mark.campaign),
    ],
)
def test_every_line_has_at_most_80_cells_and_promises_nothing(looks, opened):
    """Names in another script and every estimand fit, and no word says more than evidence can."""
    text = said(outlook(looks=looks, opened=opened))
    assert max(cells(line) for line in text.splitlines()) <= 80
    assert banned(text) == []
    assert "nan" not in text
    assert banned(words.looks_words(looks)) == []


def test_what_is_out_of_reach_stands_with_the_number_that_would_show_it():
    """Seven groups cannot show 99.5 of 100; the number that could without a failure stands beside it."""
    text = " ".join(said(outlook()).split())
    assert "Out of reach, even if nothing fails" in text
    assert "7 groups; " in text
    assert "without a failure would show 99.5 of 100" in text


def test_a_hope_below_the_bar_is_said_to_have_no_number():
    """The table has a question mark, and the reason stands below."""
    text = " ".join(said(outlook(hoped=0.9)).split())
    assert "?" in text
    assert "not above the bar" in text


def test_json_is_finite_and_unknown_is_null():
    """No number stands for "don't know"; what is null has a reason."""
    value = json.loads(
        plan_json(outlook(opened=False), plan="p", error=0.05, locked=False, open_groups=0),
        parse_constant=pytest.fail,
    )
    unknown = [claim for claim in value["claims"] if claim["chance"] is None]
    assert {claim["criterion"] for claim in unknown} == {"gain", "better", "cheap"}
    assert all(claim["reason"] for claim in unknown)
    assert value["schema"] == "shipworthy.plan/1"


def test_a_locked_plan_has_another_next_step():
    """What is locked is carried out."""
    assert "Next: the plan is locked" in said(outlook(), locked=True)
