"""A launch that answers every question of the sceptic, and for each rule the one change that it must notice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shipworthy.coach.facts import Facts
from shipworthy.coach.observed import Cases, Claimed, Judged, Labelled, Lock, Looks, Mode, Reading, Runs
from shipworthy.coach.recorded import (
    ArgumentClaim,
    Assumption,
    Incident,
    Interview,
    Memo,
    Personal,
    Premortem,
    Promise,
    Regulated,
    ScopeWords,
    Signed,
    Stage,
    Theme,
    Tripwire,
)
from shipworthy.domain.criteria import Bar, Criterion, Scorer
from shipworthy.domain.launch import Harm, Launch, Question, Slice, Value, Variant
from shipworthy.domain.taxonomy import FailureMode
from shipworthy.domain.verdict import BarLine, Claim, LeftOut, Scope, Verdict

TODAY = dt.date(2026, 11, 26)
LAUNCH = Launch(
    title="Inbox", goal="A customer is answered on the day of writing.",
    decision=Question(question="Switch drafts on for all?", who="head of support", by=dt.date(2027, 3, 1)),
    baseline="rules", candidate="new", variants={"rules": Variant(recorded=True), "new": Variant(recorded=True, repeats=3)},
    value=Value(unit="message", low=0.4, likely=0.7, high=1.1, per_week=1000, basis="time study"),
    harm=[Harm(event="a wrong refund", who="customer", low=20, high=60)], not_worth_it_if="fewer than 8 in 10 are right",
    slices={"topic": Slice(by="topic", shares={"orders": 0.6, "billing": 0.4}, scope=True),
            "language": Slice(by="language", shares={"en": 0.9, "es": 0.1})},
)  # fmt: skip
WORDS: dict[str, Any] = {
    "pass": "quotes the rule that applies",
    "fail": "quotes another",
    "borderline": "both: passes",
}
RIGHT = Criterion(
    id="right", question="Does the draft quote the rule that applies?", bar=Bar(at_least=0.9, why="below, agents rewrite it"),
    scorer=Scorer(recorded="right"), hoped_for=0.95, failure_modes=["wrong-rule"], **WORDS,
)  # fmt: skip
HARMLESS = Criterion(
    id="harmless", kind="guardrail", question="Does it invent nothing?", bar=Bar(at_least=0.95, why="the lawyer said so"),
    scorer=Scorer(recorded="harmless"), severity="harmful", failure_modes=["invented"], **WORDS,
)  # fmt: skip
CHEAP = Criterion(
    id="cheap", kind="guardrail", question="Does it cost less than it saves?", estimand="quantile", quantile=0.95, of="cost_usd",
    bar=Bar(at_most=0.5, why="an agent's minute costs as much"),
)  # fmt: skip
TAXONOMY = (
    FailureMode(id="wrong-rule", name="The rule next door", definition="Quotes a rule that does not apply."),
    FailureMode(id="invented", name="A rule we do not have", definition="States what no rule says.", severity="harmful"),
)  # fmt: skip


def claim(criterion: str = "right", part: str = "topic=orders", **more: Any) -> Claim:
    """Return a claim that holds: 95 of 100 groups passed."""
    given: dict[str, Any] = {
        "criterion": criterion, "variant": "new", "slice": part, "kind": "goal", "estimand": "rate", "bar": BarLine(">=", 0.9),
        "planned": 300, "passed": 285, "failed": 15, "unscored": 0, "no_answer": 0, "cases": 100, "groups": 100, "repeats": 3,
        "estimate": 0.95, "lower": 0.91, "upper": 0.98, "level": 0.95, "method": "exact", "state": "holds", "more_needed": None,
    }  # fmt: skip
    return Claim(**(given | more))


SHIP = Verdict(
    verdict="ship narrower", would_be=None, exploratory=False, variant="new", plan="a" * 64, evidence="b" * 64, look=1,
    scope=Scope(("topic=orders",), (LeftOut("topic=billing", 0.4, "right", "does not hold", None),), 0.6),
    claims=(claim(), claim(part="topic=billing", estimate=0.6, upper=0.7, state="does not hold")),
)  # fmt: skip
GOOD = Facts(
    launch=LAUNCH, criteria=(RIGHT, HARMLESS, CHEAP), taxonomy=TAXONOMY, today=TODAY, folder="inbox",
    lock=Lock(locked=True), looks=Looks(taken=1, tried=("new",)),
    cases=Cases(
        n=400, sealed=200, sealed_groups=200, by_slice={"topic=orders": 120, "topic=billing": 80, "language=en": 180, "language=es": 20},
        prompted=(), near_twins=10, sources={"tickets": 300, "experts": 100}, authors={"a": 60, "b": 40}, by_builder=False,
        median_days=180.0, hostile=10, one_sided=(), removed_failures=0,
    ),
    claimed=(Claimed("right", "topic=orders", 120, 29, 120), Claimed("right", "topic=billing", 80, 29, None)),
    runs=Runs(
        variants={"new": 1200, "rules": 400}, open_outputs=600, sealed_outputs=600, overlap=0.9, random=True, acts=("search",),
        untrusted=True, same_repeats=0.4, quick_repeats=0.9, always_fail=(), floating=(), dropped=0, days=60, cost=0.02,
        priced=True, graded=(),
    ),
    verdict=SHIP,
    reading=Reading(read=100, since_new=30, modes={"wrong-rule": 12, "invented": 3}, alone=5, failing=20, unnamed=6, other_version=False),
    modes=(
        Mode("wrong-rule", "observed", examples=2, cases=10, noticed="at once", untested=0, prevents=()),
        Mode("invented", "incident", examples=2, cases=10, noticed="never", detected=True, untested=0, prevents=("search",)),
    ),
    labels=(Labelled("right", groups=150, double=30, kappa=0.6, kappa_low=0.4, expert=True, median_ms=9000, in_a_row=120,
                     repeated=10, repeated_same=9, deferred=15),),
    judges=(Judged("right", "policy", calibrated=True, passing=60, failing=30, caught=0.9, caught_low=0.8, kept=0.95, kept_low=0.9,
                   same_family=False, days=90),),
    interviews=(
        Interview("A", "customer", segment="orders", date=dt.date(2026, 6, 1), contradicts=1),
        Interview("B", "stranger", segment="billing", date=dt.date(2026, 5, 30)),
        Interview("C", "customer", segment="en", date=dt.date(2026, 5, 1), quoted=True),
    ),
    themes=(Theme("waiting", ("criterion",), voices=2, excerpts=4, opinions=2),), personal=Personal(),
    assumptions=(Assumption("A1", 3, "weak"),), premortem=Premortem(3, 2, alone=True), regulated=Regulated(("health",), "counsel"),
    independent_review=True, stages=(Stage(0.1, "60 labels", labels=100), Stage(1.0, "review", labels=200)),
    scope_words=ScopeWords(excluded=1, fallback="a person answers", notice="1 in 20 is wrong", checked_by_people=True, catch_rate=0.8,
                           review_minutes=1.0, cap=True, public=True),
    tripwires=(Tripwire(("invented",), "pause", "on-call", tested=True),),
    promises=(Promise("right", 60, "weekly sample", "kept", judge="policy"),), incidents=(Incident("INC-1", 14, 0), Incident("INC-2", 40, 2)),
    argument=(ArgumentClaim("top", counter=1, top=True, leaf=False), ArgumentClaim("leaf", evidence=1)),
    signed=Signed("ship narrower", "ship narrower", dissent=1, consulted=3, review_on=TODAY),
    memo=Memo(stale=False, untraced=(), first_words={"ask": True, "scope": True}, naked=(), vague=(), absolute=(), hidden_bad_news=(),
              words=600, long_sentences=0),
)  # fmt: skip
"""Every fact is known, every threshold just met, and nobody has a question."""


def brief(**more: Any) -> Facts:
    """Return the launch with another brief."""
    return replace(GOOD, launch=LAUNCH.model_copy(update=more))


def right(**more: Any) -> Facts:
    """Return the launch with another goal."""
    return replace(GOOD, criteria=(RIGHT.model_copy(update=more), HARMLESS, CHEAP))


def part(name: str, **more: Any) -> Facts:
    """Return the launch with one fact changed; of several equals the first one."""
    old = getattr(GOOD, name)
    new = (replace(old[0], **more), *old[1:]) if isinstance(old, tuple) else replace(old, **more)
    return replace(GOOD, **{name: new})


def interviews(change: Callable[[Interview], Interview]) -> Facts:
    """Return the launch with every interview changed."""
    assert GOOD.interviews is not None
    return replace(GOOD, interviews=tuple(map(change, GOOD.interviews)))


def verdict(*claims: Claim, word: str = "ship narrower") -> Facts:
    """Return the launch with other claims, and perhaps another word."""
    return replace(GOOD, verdict=replace(SHIP, claims=claims, verdict=word))  # type: ignore[arg-type]


ONE_WAY = Question(question="Delete the old inbox?", who="head", by=dt.date(2027, 3, 1), door="one-way")
BAD: dict[str, Facts] = {
    "FRM-01": brief(decision=Question(question="Switch drafts on for all?", who="", by=dt.date(2027, 3, 1))),
    "FRM-02": part("runs", variants={"new": 1200}),
    "FRM-03": brief(value=Value(low=0.7, likely=0.7, high=0.7, basis="time study")),
    "FRM-04": brief(harm=[Harm(event="a wrong refund", low=20, high=60)]),
    "FRM-05": brief(not_worth_it_if=" "),
    "FRM-06": brief(goal="A helpful assistant."),
    "FRM-07": part("assumptions", evidence="none"),
    "FRM-08": replace(brief(decision=ONE_WAY), stages=(Stage(0.1, "60 labels", labels=100),)),
    "FRM-09": part("premortem", alone=False),
    "FRM-10": part("runs", cost=1.2),
    "FRM-11": part("regulated", checked_by=""),
    "USR-01": part("interviews", consent="missing"),
    "USR-02": interviews(lambda i: replace(i, relationship="friend")),
    "USR-03": interviews(lambda i: replace(i, external_ok=False)),
    "USR-04": part("personal", hits=1, places=("evalset/a.jsonl:3",)),
    "USR-05": part("themes", opinions=3),
    "USR-06": part("themes", voices=1),
    "USR-07": part("interviews", segment="returns"),
    "USR-08": part("themes", becomes=()),
    "USR-09": part("interviews", contradicts=0),
    "USR-10": interviews(lambda i: replace(i, date=dt.date(2026, 5, 29))),
    "FLR-01": part("reading", read=29, alone=0),
    "FLR-02": part("reading", alone=6),
    "FLR-03": replace(GOOD, modes=tuple(replace(m, origin="interview") for m in GOOD.modes or ())),
    "FLR-04": replace(GOOD, taxonomy=(TAXONOMY[0].model_copy(update={"definition": ""}), TAXONOMY[1])),
    "FLR-05": replace(GOOD, criteria=(RIGHT, HARMLESS.model_copy(update={"failure_modes": ["wrong-rule"]}), CHEAP)),
    "FLR-06": replace(GOOD, modes=tuple(replace(m, cases=0) for m in GOOD.modes or ())),
    "FLR-07": replace(GOOD, modes=tuple(replace(m, detected=False) for m in GOOD.modes or ())),
    "FLR-08": part("modes", untested=1),
    "FLR-09": part("reading", unnamed=7),
    "FLR-10": part("reading", together=(("wrong-rule", "invented", 0.7),)),
    "FLR-11": part("cases", hostile=0),
    "FLR-12": part("runs", acts=("search", "refund")),
    "FLR-13": part("reading", other_version=True),
    "CRT-01": right(failure_modes=[]),
    "CRT-02": right(bar=Bar(at_least=0.9, why="")),
    "CRT-03": part("lock", moved=("right",)),
    "CRT-04": part("lock", locked=False),
    "CRT-05": right(question="Is the draft true and does it say so kindly?"),
    "CRT-06": part("runs", graded=("right",)),
    "CRT-07": replace(GOOD, criteria=(RIGHT.model_copy(update={"failure_modes": ["wrong-rule", "invented"]}), CHEAP)),
    "CRT-08": right(bar=Bar(at_least=0.9995, why="none may fail")),
    "CRT-09": verdict(claim(estimate=0.99)),
    "CRT-10": right(borderline=""),
    "CRT-11": part("labels", old_version=3),
    "CRT-12": replace(GOOD, criteria=(*(RIGHT.model_copy(update={"id": f"right_{i}"}) for i in range(6)), HARMLESS, CHEAP)),
    "SET-01": replace(GOOD, claimed=(Claimed("right", None, 28, 29, None),)),
    "SET-02": replace(part("claimed", needed=121), verdict=None),
    "SET-03": part("cases", sealed=0, sealed_groups=0),
    "SET-04": part("cases", leaked=1),
    "SET-05": part("looks", tried=("new", "rules")),
    "SET-06": part("cases", near_twins=11),
    "SET-07": part("cases", sources={"tickets": 321, "experts": 79}),
    "SET-08": part("cases", sources={"synthetic": 201, "tickets": 199}),
    "SET-09": part("cases", authors={"a": 81, "b": 19}),
    "SET-10": part("cases", by_slice={"topic=orders": 120, "topic=billing": 80, "language=en": 180, "language=es": 20, "urgent": 0}),
    "SET-11": part("claimed", groups=28),
    "SET-12": part("cases", by_slice={"topic=orders": 120, "topic=billing": 80, "language=en": 148, "language=es": 52}),
    "SET-13": part("lock", late_slices=("topic",)),
    "SET-14": part("cases", median_days=181.0),
    "SET-15": part("cases", one_sided=("right",)),
    "SET-16": part("lock", changes=("cases.fingerprint: was 1, is 2",)),
    "SET-17": part("cases", removed_failures=2),
    "RUN-01": part("runs", sealed_outputs=0),
    "RUN-02": brief(variants={"rules": Variant(recorded=True), "new": Variant(recorded=True)}),
    "RUN-03": part("runs", same_repeats=0.97, quick_repeats=0.01),
    "RUN-04": verdict(claim(groups=300)),
    "RUN-05": part("runs", always_fail=("m-17",)),
    "RUN-06": part("runs", floating=("gpt-5-latest",)),
    "RUN-07": part("lock", changes=("candidate: was 1, is 2",)),
    "RUN-08": part("runs", dropped=5),
    "RUN-09": verdict(claim(state="not shown", lower=0.88)),
    "RUN-10": part("looks", taken=2),
    "RUN-11": part("runs", overlap=0.89),
    "RUN-12": verdict(claim(part="spanish", state="does not hold")),
    "RUN-13": verdict(claim(part="topic=billing", state="not shown", groups=15, estimate=0.8)),
    "RUN-14": part("lock", late_slices=("topic",)),
    "RUN-15": part("runs", days=61),
    "LAB-01": part("labels", double=29),
    "LAB-02": part("labels", kappa=0.59),
    "LAB-03": part("labels", seen_first=1),
    "LAB-04": part("labels", by_builder=True),
    "LAB-05": part("labels", expert=False),
    "LAB-06": part("labels", in_a_row=121),
    "LAB-07": part("labels", deferred=16),
    "LAB-08": part("labels", repeated_same=8),
    "JDG-01": part("judges", failing=29),
    "JDG-02": part("judges", caught=0.79),
    "JDG-03": part("judges", corrected=False),
    "JDG-04": part("judges", tries=2),
    "JDG-05": part("judges", leaked=("m-3",)),
    "JDG-06": part("judges", failing=9),
    "JDG-07": part("judges", moved=True),
    "JDG-08": part("judges", blind_slices=("spanish",)),
    "JDG-09": part("judges", code_would_do=True),
    "JDG-10": part("judges", same_family=True, human_overlap=29),
    "JDG-11": part("judges", passing=30, failing=31),
    "CST-01": replace(GOOD, criteria=(RIGHT, HARMLESS)),
    "CST-02": replace(GOOD, criteria=(RIGHT, HARMLESS, CHEAP.model_copy(update={"estimand": "mean", "quantile": None, "cap": 9.0}))),
    "CST-03": part("scope_words", review_minutes=None),
    "CST-04": part("scope_words", cap=False),
    "SCP-01": verdict(claim(state="not shown", estimate=0.89)),
    "SCP-02": replace(part("scope_words", excluded=0), verdict=replace(SHIP, verdict="ship", scope=Scope(("topic=orders",)))),
    "SCP-03": part("scope_words", fallback=""),
    "SCP-04": part("scope_words", notice=""),
    "SCP-05": replace(GOOD, argument=(*(GOOD.argument or ()), ArgumentClaim("bare"))),
    "SCP-06": part("argument", counter=0),
    "SCP-07": part("scope_words", catch_rate=None),
    "LCH-01": part("tripwires", action="review"),
    "LCH-02": part("tripwires", tested=False),
    "LCH-03": part("stages", share=0.2),
    "LCH-04": part("stages", labels=30),
    "LCH-05": part("stages", insiders=True, share=0.09),
    "LCH-06": part("signed", chosen="ship"),
    "LCH-07": replace(brief(decision=ONE_WAY), signed=replace(GOOD.signed, dissent=0)),  # type: ignore[type-var]
    "PST-01": part("promises", source=""),
    "PST-02": part("promises", status="broken", windows_broken=2),
    "PST-03": part("judges", days=91),
    "PST-04": part("incidents", days=15),
    "PST-05": part("signed", review_on=dt.date(2026, 11, 25)),
    "NAR-01": part("memo", untraced=("94",)),
    "NAR-02": part("memo", stale=True),
    "NAR-03": part("memo", first_words={"ask": True, "scope": False}),
    "NAR-04": part("memo", naked=("94 %",)),
    "NAR-05": part("memo", vague=("likely",)),
    "NAR-06": part("memo", hidden_bad_news=("topic=billing",)),
    "NAR-07": part("memo", words=601),
    "NAR-08": part("memo", absolute=("guarantee",)),
}  # fmt: skip
"""Rule to the launch above with the one change that it must notice."""
