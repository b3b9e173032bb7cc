"""A launch that ships narrower, built by hand, and verdicts of every shape for property tests."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import strategies as st
from scipy.special import betaincinv

from shipworthy.domain.criteria import Bar, Criterion, Scorer
from shipworthy.domain.launch import Harm, Launch, Question, Slice, Value
from shipworthy.domain.taxonomy import FailureMode
from shipworthy.domain.verdict import BarLine, Claim, LeftOut, MoreNeeded, Scope, Verdict
from shipworthy.narrative.facts import Facts

ORDERS, RETURNS, BILLING = "topic=orders", "topic=returns", "topic=billing"


def rate_claim(
    criterion="right_answer", part=ORDERS, *, passed=104, planned=110, bar=0.8, state="holds", **more
):
    """Return a claim on a share with its exact bounds; one case a group, one output a case."""
    level = more.pop("level", 0.95)
    counts = {"unscored": 0, "no_answer": 0, "kind": "goal", "estimand": "rate", "op": ">="} | more
    failed = planned - passed - counts["unscored"] - counts["no_answer"]
    alpha = 1 - level
    return Claim(
        criterion=criterion,
        variant="retrieval",
        slice=part,
        kind=counts["kind"],
        estimand=counts["estimand"],
        bar=BarLine(counts["op"], bar),
        planned=planned,
        passed=passed,
        failed=failed,
        unscored=counts["unscored"],
        no_answer=counts["no_answer"],
        cases=planned,
        groups=planned,
        repeats=1,
        estimate=round(passed / planned, 9),
        lower=float(betaincinv(passed, planned - passed + 1, alpha)) if passed else 0.0,
        upper=float(betaincinv(passed + 1, planned - passed, 1 - alpha)) if passed < planned else 1.0,
        level=level,
        method="Clopper-Pearson on group means",
        state=state,
        more_needed=counts.get("more_needed"),
        decides=counts.get("decides", True),
        reason=counts.get("reason", ""),
        flips=counts.get("flips"),
    )


def mean_claim(part=ORDERS, planned=110):
    """Return a claim on the mean cost of an output."""
    base = rate_claim("cost", part, passed=planned, planned=planned, bar=0.06, kind="guardrail", op="<=")
    return replace(
        base, estimand="mean", estimate=0.041, lower=0.036, upper=0.049, method="Gaffke on scaled group means"
    )


def gain_claim():
    """Return a claim on the gain over the baseline: shown, not deciding."""
    base = rate_claim("beats_rules", None, passed=184, planned=190, bar=0.0, kind="diagnostic", decides=False)
    flips = {"fixed": 42, "broken": 6, "unchanged": 142}
    return replace(base, estimand="difference", estimate=0.189474, lower=0.121, upper=0.26, flips=flips)


@pytest.fixture(scope="session")
def make_claim():
    """Return the builder of a claim on a share."""
    return rate_claim


@pytest.fixture(scope="session")
def narrower():
    """Return a verdict: orders and returns ship, billing is left out."""
    price = MoreNeeded(310, 0.94, 0.8, fresh=True)
    claims = (
        rate_claim(),
        rate_claim("invents_nothing", planned=110, passed=110, bar=0.95, kind="guardrail"),
        rate_claim("fast", passed=109, bar=8.0, kind="guardrail", estimand="quantile", op="<="),
        mean_claim(),
        rate_claim(part=RETURNS, passed=73, planned=80, level=0.975, no_answer=1),
        rate_claim(
            "invents_nothing", RETURNS, passed=80, planned=80, bar=0.95, kind="guardrail", level=0.975
        ),
        rate_claim(
            "fast",
            RETURNS,
            passed=80,
            planned=80,
            bar=8.0,
            kind="guardrail",
            estimand="quantile",
            op="<=",
            level=0.975,
        ),
        mean_claim(RETURNS, 80),
        rate_claim(part=BILLING, passed=36, planned=60, state="does not hold", unscored=2),
        rate_claim(
            "invents_nothing",
            BILLING,
            passed=58,
            planned=60,
            bar=0.95,
            kind="guardrail",
            state="not shown",
            more_needed=price,
        ),
        rate_claim(
            "fast", BILLING, passed=60, planned=60, bar=8.0, kind="guardrail", estimand="quantile", op="<="
        ),
        mean_claim(BILLING, 60),
        gain_claim(),
    )
    scope = Scope((ORDERS, RETURNS), (LeftOut(BILLING, 0.15, "right_answer", "does not hold", None),), 0.85)
    return Verdict(
        verdict="ship narrower",
        would_be=None,
        exploratory=False,
        variant="retrieval",
        scope=scope,
        claims=claims,
        plan="5f2c" * 16,
        evidence="a91b" * 16,
        reasons=(
            "right_answer on topic=billing: does not hold",
            "invents_nothing on topic=billing: not shown",
        ),
        notes=("latencies were measured by another tool and include queueing",),
        look=1,
    )


@pytest.fixture(scope="session")
def exploring(narrower):
    """Return the same counts as they stand without a locked plan."""
    reasons = ("no plan is locked", *narrower.reasons)
    return replace(
        narrower, verdict="not yet", would_be="ship narrower", exploratory=True, reasons=reasons, look=0
    )


@pytest.fixture(scope="session")
def criteria():
    """Return the criteria behind the claims."""
    check = Scorer(check="policy")
    why = "rules reach 61 of 100; below 80 agents rewrite more than they save"
    return (
        Criterion(
            id="right_answer", question="The answer states our policy and nothing that we do not have",
            bar=Bar(at_least=0.8, why=why), slices=["topic"], scorer=check, failure_modes=["invented-policy", "wrong-team"],
            **{"pass": "names the policy that applies", "fail": "names another one"},
        ),
        Criterion(
            id="invents_nothing", kind="guardrail", question="No sentence promises what the policy does not",
            bar=Bar(at_least=0.95, why="one refund in error costs more than 20 answers save"), scorer=check,
            severity="harmful", failure_modes=["invented-policy"],
        ),
        Criterion(id="fast", kind="guardrail", estimand="quantile", of="latency_s", quantile=0.95, bar=Bar(at_most=8.0),
                  question="The answer is there while the customer waits"),
        Criterion(id="cost", kind="guardrail", estimand="mean", of="cost_usd", cap=0.25, bar=Bar(at_most=0.06),
                  question="An answer costs less than it saves"),
        Criterion(id="beats_rules", kind="diagnostic", estimand="difference", bar=Bar(at_least=0.0), scorer=check,
                  question="More right answers than today's rules"),
    )  # fmt: skip


@pytest.fixture(scope="session")
def launch():
    """Return the brief."""
    return Launch(
        title="Inbox assistant",
        goal="Customers get the right answer from the right team without waiting.",
        decision=Question(
            question="Switch drafted answers on for all customers?",
            who="head of support",
            by=dt.date(2027, 3, 1),
        ),
        users=["customers of a small shop", "the three people who answer them"],
        baseline="rules",
        candidate="retrieval",
        value=Value(unit="message", low=0.4, likely=0.7, high=1.1, per_week=1800, basis="time study"),
        harm=[Harm(event="wrong refund promised", who="customer", low=20, high=60)],
        not_worth_it_if="fewer than 8 of 10 answers are right for order questions",
        slices={
            "topic": Slice(by="topic", shares={"orders": 0.55, "returns": 0.3, "billing": 0.15}, scope=True)
        },
    )


@pytest.fixture(scope="session")
def taxonomy():
    """Return two named failure modes."""
    return (
        FailureMode(id="invented-policy", name="invents a policy"),
        FailureMode(id="wrong-team", name="wrong team"),
    )


@pytest.fixture(scope="session")
def facts():
    """Return dates and records of a locked launch."""
    return Facts(
        date="20 February 2027",
        author="the person who did the work",
        locked="2 February 2027",
        journal_head="77d0c4e1b2aa9f03",
        version="0.1.0",
        sample=True,
        review_on="15 April 2027",
    )


unit = st.floats(0, 1, allow_nan=False)
small = st.integers(0, 5000)
anything = st.text(max_size=60) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        "a|b",
        "`x`",
        "\x1b[31mred",
        "\u202egnp.exe",
        "x" * 10_000,
        "topic=a\nb",
        "日本語" * 40,
        "](javascript:x)",
    ]
)
names = st.sampled_from(["right_answer", "topic=orders", "spanish", "x" * 120, "日本語" * 20, "a=b=c"])
prices = st.none() | st.builds(MoreNeeded, st.integers(1, 10**7), unit, st.just(0.8), st.booleans())


@st.composite
def any_claim(draw, text=names):
    """Draw a claim whose counts add up and whose bounds are in order; its state may be any."""
    passed, failed, unscored, none = draw(small), draw(small), draw(small), draw(small)
    lower, estimate, upper = sorted(draw(st.tuples(unit, unit, unit)))
    known = draw(st.booleans())
    return Claim(
        criterion=draw(text), variant=draw(text), slice=draw(st.none() | text),
        kind=draw(st.sampled_from(["goal", "guardrail", "diagnostic"])),
        estimand=draw(st.sampled_from(["rate", "all_of_k", "difference", "mean", "quantile"])),
        bar=BarLine(draw(st.sampled_from([">=", "<="])), draw(unit)),
        planned=passed + failed + unscored + none, passed=passed, failed=failed, unscored=unscored, no_answer=none,
        cases=draw(small), groups=draw(small), repeats=draw(st.integers(0, 64)),
        estimate=estimate if known else None, lower=lower if known else None, upper=upper if known else None,
        level=draw(st.sampled_from([0.95, 0.975, 1 - 0.05 / 3, 0.999584])), method="Gaffke on group means",
        state=draw(st.sampled_from(["holds", "does not hold", "not shown"])), more_needed=draw(prices),
        decides=draw(st.booleans()), reason="" if known else draw(text),
        flips=draw(st.none() | st.just({"fixed": 12, "broken": 3, "unchanged": 85})),
    )  # fmt: skip


@st.composite
def any_verdict(draw, text=names):
    """Draw a verdict; its parts need not fit together, so that no sentence may rely on it."""
    word = st.sampled_from(["ship", "ship narrower", "not yet", "do not ship"])
    exploratory = draw(st.booleans())
    out = st.builds(
        LeftOut, text, st.none() | unit, text, st.sampled_from(["does not hold", "not shown"]), prices
    )
    return Verdict(
        verdict="not yet" if exploratory else draw(word), would_be=draw(word) if exploratory else None,
        exploratory=exploratory, variant=draw(text),
        scope=Scope(tuple(draw(st.lists(text, max_size=3))), tuple(draw(st.lists(out, max_size=3))), draw(st.none() | unit)),
        claims=tuple(draw(st.lists(any_claim(text), max_size=5))), plan="ab" * 32, evidence="cd" * 32,
        reasons=tuple(draw(st.lists(text, max_size=2))), notes=tuple(draw(st.lists(text, max_size=2))),
        look=draw(st.integers(0, 9)), blocked_by=tuple(draw(st.lists(text, max_size=2))),
    )  # fmt: skip


@pytest.fixture(scope="session")
def verdicts():
    """Return a strategy of verdicts with tame names."""
    return any_verdict()


@pytest.fixture(scope="session")
def hostile_verdicts():
    """Return a strategy of verdicts whose every name may be an attack."""
    return any_verdict(anything)
