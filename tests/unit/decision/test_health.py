"""What twins, leaks and a thin spread do to an eval set."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.decision.health import Cases, Finding, ordered
from shipworthy.decision.health_spread import coverage_findings, source_findings
from shipworthy.decision.health_twins import (
    conflict_findings,
    leak_findings,
    telling,
    twin_findings,
)
from shipworthy.domain.evalset import Case
from shipworthy.domain.likeness import Leak, Pair

TODAY = dt.date(2026, 11, 25)


def seen(*cases):
    """Return cases with their places."""
    return Cases(cases, [f"evalset/a.jsonl:{i + 1}" for i in range(len(cases))], "my-launch")


@pytest.mark.parametrize(
    ("parts", "exact", "mend"),
    [
        (("explore", "holdout"), False, True),
        (("explore", "holdout"), True, True),
        (("explore", "calibrate"), False, False),
        (("explore", "calibrate"), True, True),
        (("holdout", "calibrate"), False, True),
    ],
)
def test_a_twin_on_the_other_side_of_the_seal_must_be_mended(parts, exact, mend):
    """With the holdout always; elsewhere where the texts are equal."""
    cases = seen(*(Case(id=f"c{i}", input=f"x{i}", part=part) for i, part in enumerate(parts)))
    (found,) = twin_findings(cases, [Pair(0, 1, 1.0 if exact else 0.9, exact)])
    assert (found.kind, found.mend) == ("twins across parts", mend)


def test_twins_that_are_one_group_already_are_no_finding():
    """The same group, or the same input without a group: the ledger counts them once."""
    named = seen(Case(id="a", input="x", group="g"), Case(id="b", input="y", group="g"))
    equal = seen(Case(id="a", input="x"), Case(id="b", input="x"))
    assert [*twin_findings(named, [Pair(0, 1, 0.9, exact=False)])] == []
    assert [*twin_findings(equal, [Pair(0, 1, 1.0, exact=True)])] == []


def test_other_numbers_may_expect_another_answer():
    """A conflict needs the same question: 12 eggs and 17 eggs are none, the same words are one."""
    cases = seen(Case(id="a", input="12 eggs", expected=6), Case(id="b", input="17 eggs", expected=8))
    assert [*conflict_findings(cases, [Pair(0, 1, 0.95, exact=False, numbers=True)])] == []
    assert [f.mend for f in conflict_findings(cases, [Pair(0, 1, 0.95, exact=False)])] == [False]
    assert [f.mend for f in conflict_findings(cases, [Pair(0, 1, 1.0, exact=True)])] == [True]


def test_a_file_that_holds_most_cases_is_told_of_once():
    """40 of 50 sealed cases in an exported table: one finding that asks for the file to be moved."""
    cases = seen(*(Case(id=f"c{i}", part="holdout") for i in range(50)))
    leaks = [Leak(i, "export.csv", i + 2, "verbatim", 1.0) for i in range(40)]
    (data,) = leak_findings(cases, leaks)
    some = list(leak_findings(cases, leaks[:5]))
    assert "40 sealed cases stand in export.csv" in data.what
    assert (data.mend, len(data.cases), data.where) == (True, 40, ("export.csv:2",))
    assert len(some) == 5


@given(st.integers(2, 30))
def test_of_many_copies_each_is_told_of_and_no_more_than_twice(n):
    """All pairs of n copies become at most 2n findings, and every copy is in one."""
    cases = seen(*(Case(id=f"c{i}", part=("explore", "holdout")[i % 2]) for i in range(n)))
    pairs = [Pair(i, j, 0.9, exact=False) for i in range(n) for j in range(i + 1, n)]
    kept = telling(cases, pairs)
    assert len(kept) <= 2 * n
    assert {end for pair in kept for end in (pair.first, pair.second)} == set(range(n))


def test_how_many_more_make_up_a_share():
    """5 of 65 groups for 40 of 100 of the traffic: with 35 more it is 40 of 100."""
    (found,) = coverage_findings(seen(), {"t=a": 0.6, "t=b": 0.4}, {"t=a": 60, "t=b": 5})
    assert "write 35 more groups" in found.remedy
    assert (5 + 35) / (65 + 35) == 0.4
    assert [*coverage_findings(seen(), {"t=a": 0.6, "t=b": 0.4}, {"t=a": 60, "t=b": 20})] == []


@pytest.mark.parametrize(
    ("tags", "source", "old"),
    [
        ({"date": "2026-11-01"}, "logs", False),
        ({"date": "2026-01-05"}, "logs", True),
        ({"month": "2026-02"}, "logs", True),
        ({}, "export of 2025-12-31", True),
        ({"date": "2026-02-31"}, "logs", False),
        ({"topic": "2019-01-01"}, "logs", False),
    ],
)
def test_dates_are_read_from_tags_and_sources(tags, source, old):
    """A tag `date` or `month`, or a date in the source; what is no date, or stands elsewhere, says nothing."""
    cases = seen(*(Case(id=f"c{i}", tags=tags, source=f"{source}{' b' * (i % 2)}") for i in range(30)))
    assert [f.kind for f in source_findings(cases, TODAY)] == (["stale"] if old else [])


def test_what_must_be_mended_stands_first_whatever_its_kind():
    """A thin slice that must be mended comes before a twin that need not be."""
    twin = Finding("twins across parts", mend=False, what="a", where=(), why="", remedy="")
    thin = Finding("thin slice", mend=True, what="b", where=(), why="", remedy="")
    assert ordered([twin, thin]) == (thin, twin)
