"""Launches on the edge of a rule: those that it must still let pass, and further ones that it must not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from tests.unit.coach.launches import (
    CHEAP,
    GOOD,
    HARMLESS,
    ONE_WAY,
    RIGHT,
    SHIP,
    TAXONOMY,
    brief,
    claim,
    interviews,
    part,
    right,
    verdict,
)

from shipworthy.coach.facts import Facts
from shipworthy.coach.observed import Claimed, Mode
from shipworthy.coach.recorded import Interview, Promise
from shipworthy.domain.criteria import Bar, PassWhen
from shipworthy.domain.launch import Slice
from shipworthy.domain.taxonomy import FailureMode
from shipworthy.domain.verdict import BarLine

TEXTBOOK = (
    FailureMode(id="hallucination", name="Hallucination", definition="Says what is not so."),
    *TAXONOMY,
)
OTHER = (FailureMode(id="other", name="Other", definition="What has no name."), *TAXONOMY)
MANY = tuple(FailureMode(id=f"m{i}", definition="x") for i in range(13))
LESS = claim("cheap", bar=BarLine("<=", 0.5), estimate=0.4, state="not shown")

STILL_GOOD: dict[str, list[Facts]] = {
    "FRM-06": [right(question="Is it helpful?"), brief(goal="A good answer within 5 minutes.")],
    "FRM-08": [brief(decision=ONE_WAY)],
    "FRM-10": [part("runs", cost=1.1), part("runs", cost=None)],
    "USR-02": [replace(GOOD, interviews=(Interview("A", "friend"), Interview("B", "customer")))],
    "USR-10": [interviews(lambda i: replace(i, date=dt.date(2026, 5, 30)))],
    "FLR-01": [part("reading", read=30, alone=0)],
    "FLR-02": [part("reading", read=99, since_new=20, alone=4), part("reading", since_new=5), part("reading", read=99, since_new=None, alone=0)],
    "FLR-03": [replace(GOOD, taxonomy=TEXTBOOK, modes=(Mode("hallucination", "observed", examples=2),))],
    "FLR-04": [replace(GOOD, modes=(Mode("invented"),))],
    "FLR-07": [replace(GOOD, modes=tuple(replace(m, detected=False) for m in GOOD.modes or ()), promises=(Promise("harmless", 60, "sample"),))],
    "FLR-09": [replace(part("reading", modes={"other": 2}), taxonomy=OTHER), part("reading", failing=0, unnamed=0)],
    "FLR-10": [replace(GOOD, taxonomy=MANY[:12]), part("reading", together=(("a", "b", 0.6),))],
    "FLR-11": [replace(part("runs", untrusted=None, acts=()), cases=part("cases", hostile=0).cases)],
    "CRT-05": [right(pass_="It must quote the rule. It is short.")],
    "CRT-06": [replace(right(pass_when=PassWhen(at_least=0.5)), runs=part("runs", graded=("right",)).runs)],
    "CRT-08": [right(bar=Bar(at_least=0.99, why="x"))],
    "CRT-09": [verdict(claim(estimate=0.99, groups=49)), verdict(claim(estimate=0.98)), verdict(claim(estimate=0.99, decides=False))],
    "CRT-12": [replace(GOOD, criteria=(*(RIGHT.model_copy(update={"id": f"r{i}"}) for i in range(5)), HARMLESS, CHEAP))],
    "SET-01": [replace(GOOD, claimed=(Claimed("right", None, 29, 29, None),)), replace(GOOD, claimed=()),
               replace(GOOD, claimed=(Claimed("right", "a", 28, 29, None), Claimed("right", "b", 40, 29, None)))],
    "SET-02": [part("claimed", needed=121), replace(part("claimed", groups=28), verdict=None)],
    "SET-06": [part("cases", sealed_groups=160), part("cases", near_twins=None)],
    "SET-07": [part("cases", sources={"tickets": 320, "experts": 80}), part("cases", sources={"": 400})],
    "SET-08": [part("cases", sources={"synthetic": 200, "tickets": 200})],
    "SET-09": [part("cases", authors={"a": 80, "b": 20}), part("cases", authors={})],
    "SET-11": [part("claimed", groups=29), part("claimed", groups=0), replace(GOOD, claimed=(Claimed("right", None, 28, 29, None),))],
    "SET-12": [part("cases", by_slice={"language=en": 150, "language=es": 50}), part("cases", by_slice={"topic=orders": 1, "topic=billing": 99})],
    "SET-13": [part("lock", late_slices=("language",))],
    "RUN-02": [part("runs", random=None)],
    "RUN-03": [part("runs", same_repeats=0.95, quick_repeats=0.01), part("runs", same_repeats=0.97, quick_repeats=0.05)],
    "RUN-05": [replace(part("runs", always_fail=("m-17",)), criteria=(RIGHT.model_copy(update={"severity": "cosmetic"}),))],
    "RUN-09": [verdict(claim(part="topic=billing", state="not shown")), verdict(replace(LESS, estimate=0.6)), verdict(claim(state="not shown", estimate=None))],
    "RUN-13": [verdict(claim(part="topic=billing", state="not shown", groups=30, estimate=0.8))],
    "RUN-14": [part("lock", late_slices=("language",))],
    "LAB-02": [part("labels", double=29, kappa=0.1), part("labels", kappa=None)],
    "LAB-06": [part("labels", median_ms=2000, long_outputs=True), part("labels", median_ms=100)],
    "JDG-02": [part("judges", caught=0.8, caught_low=0.6, kept=0.8, kept_low=0.6), part("judges", caught=None)],
    "JDG-06": [part("judges", failing=10)],
    "JDG-10": [part("judges", same_family=True, human_overlap=30)],
    "JDG-11": [part("judges", passing=30), replace(right(hoped_for=0.89), judges=part("judges", passing=10).judges)],
    "CST-01": [replace(GOOD, criteria=(RIGHT,), runs=part("runs", priced=None, cost=None).runs)],
    "SCP-02": [part("scope_words", excluded=0)],
    "LCH-03": [replace(part("stages", share=0.2), criteria=(RIGHT,), taxonomy=TAXONOMY[:1])],
    "LCH-05": [part("stages", insiders=True)],
    "LCH-06": [part("signed", chosen="ship", override_by="Ada")],
}  # fmt: skip
STILL_BAD: dict[str, list[Facts]] = {
    "FRM-06": [right(question="Is it helpful?", fail="")],
    "FRM-08": [replace(brief(decision=ONE_WAY), independent_review=False)],
    "USR-07": [brief(slices={"topic": Slice(by="topic", shares={"orders": 0.8, "returns": 0.2})})],
    "FLR-02": [part("reading", read=99, since_new=19, alone=0)],
    "FLR-03": [replace(GOOD, taxonomy=TEXTBOOK, modes=(Mode("hallucination", "observed", examples=1),))],
    "FLR-04": [part("modes", examples=1)],
    "FLR-09": [replace(part("reading", modes={"other": 3}), taxonomy=OTHER)],
    "FLR-10": [replace(GOOD, taxonomy=MANY)],
    "FLR-11": [replace(part("runs", untrusted=False), cases=part("cases", hostile=0).cases)],
    "CRT-04": [part("lock", changes=("candidate: was 1, is 2",))],
    "CRT-05": [right(pass_="It must quote the rule. It must be short.")],
    "CRT-08": [right(bar=Bar(at_least=0.999, why="x"))],
    "CRT-09": [verdict(claim(estimate=0.99, groups=50))],
    "SET-02": [replace(part("claimed", groups=29), verdict=None), replace(part("claimed", needed=121), verdict=replace(SHIP, exploratory=True))],
    "SET-04": [part("cases", prompted=("h-1",))],
    "SET-06": [part("cases", near_twins=None, sealed_groups=159)],
    "SET-08": [part("cases", by_builder=True)],
    "RUN-06": [part("runs", unversioned=True)],
    "RUN-07": [part("signed", fingerprint_differs=True)],
    "RUN-09": [verdict(LESS), verdict(claim(part="topic=billing", state="not shown"), word="not yet")],
    "RUN-13": [verdict(claim(part="topic=billing", state="not shown", groups=29, estimate=0.8))],
    "LAB-02": [part("labels", kappa_low=0.39)],
    "LAB-06": [part("labels", median_ms=1999, long_outputs=True)],
    "JDG-01": [part("judges", calibrated=False)],
    "JDG-02": [part("judges", kept=0.79), part("judges", caught_low=0.5, kept_low=0.5)],
    "CST-01": [replace(GOOD, criteria=(RIGHT,), runs=part("runs", priced=None).runs)],
    "LCH-03": [part("stages", exit=""), replace(GOOD, stages=())],
    "NAR-07": [part("memo", long_sentences=1)],
}  # fmt: skip
