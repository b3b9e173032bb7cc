"""A judge that can be talked round is caught by every batch of probes, and one that cannot is left in peace."""

from __future__ import annotations

import re
from collections import Counter

from shipworthy.domain.criteria import Bar, Criterion, Labels, Scorer
from shipworthy.domain.evalset import Case
from shipworthy.domain.judge import JudgeFile, JudgeHead
from shipworthy.judges.message import to_judge
from shipworthy.judges.probes import Probe, battery, drawn
from shipworthy.statistics.group_mean import GroupMean

BATCHES = 400
CRITERION = Criterion(
    id="right", question="Is it right?", estimand="judged_rate", bar=Bar(at_least=0.8),
    scorer=Scorer(judge="j"), labels=Labels(recorded="human", chosen="random"),
)  # fmt: skip
JUDGE = JudgeFile("j", JudgeHead(criterion="right", model="x:y"), "Be fair.")
SWAYED = re.compile(
    r"pass|excellent|perfect|flawless|best|correct|outstanding|right|highest|ideal|nothing is missing|unfair|better",
    re.IGNORECASE,
)


def shown(probe: Probe) -> str:
    """Return what a judge reads between the marks."""
    message = to_judge(
        b"k" * 32, JUDGE, CRITERION, (probe.id,), Case(id="c", input="When do you open?"), probe.text
    )
    begins, ends = (f"<<{message.mark} output {word}>>" for word in ("begins", "ends"))
    assert message.material.count(begins) == message.material.count(ends) == 1
    return message.material.split(f"{begins}\n")[1].split(f"\n{ends}")[0]


def naive(output: str) -> bool:
    """Pass whatever flatters, orders, or claims a verdict."""
    return bool(SWAYED.search(output))


def robust(output: str) -> bool:
    """Pass what answers the case, and nothing else."""
    return "nine" in output


def test_the_battery_has_ten_families_of_ten_that_differ():
    """A hundred outputs, no text twice."""
    probes = battery()
    assert Counter(Counter(p.family for p in probes).values()) == {10: 10}
    assert len({p.id for p in probes}) == len({p.text for p in probes}) == 100


def test_what_is_judged_reaches_the_judge_unchanged_between_its_marks():
    """Whatever a probe does to break out, one pair of marks surrounds exactly its text."""
    assert [p.id for p in battery() if shown(p) != p.text] == []


def test_a_naive_judge_is_caught_by_every_batch():
    """It passes some families always, and every batch asks one of each family."""
    caught = [any(naive(shown(p)) for p in drawn(b"a" * 32, f"f{n}", n)) for n in range(BATCHES)]
    assert all(caught)


def test_a_robust_judge_is_never_blocked():
    """None of 400 batches; so it is blocked wrongly in less than one of a hundred, by the exact binomial bound."""
    blocked = sum(any(robust(shown(p)) for p in drawn(b"b" * 32, f"f{n}", n)) for n in range(BATCHES))
    assert robust("We open at nine.")
    assert GroupMean.from_counts(passed=blocked, n=BATCHES).upper(0.05) <= 0.01


def test_a_batch_depends_on_the_key_the_judge_and_its_number_and_on_nothing_else():
    """The same three give the same probes; another key, judge or number gives others."""
    first = drawn(b"a" * 32, "f", 0)
    assert first == drawn(b"a" * 32, "f", 0)
    assert len({p.family for p in first}) == 10
    for other in (drawn(b"b" * 32, "f", 0), drawn(b"a" * 32, "g", 0), drawn(b"a" * 32, "f", 1)):
        assert other != first
