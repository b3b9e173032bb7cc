"""Answered, handed over, without an answer: counted in SQL and in columns as a person would with a pencil."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.evalset import Case
from shipworthy.domain.evidence import CaseTally
from shipworthy.domain.launch import Slice
from shipworthy.store.aggregate import count
from shipworthy.store.asked import Asked, Field, Source
from shipworthy.store.caseset import case_set, tags_of
from shipworthy.store.evalset_file import write_cases
from shipworthy.store.in_columns import InColumns
from shipworthy.store.in_sql import InSql
from shipworthy.store.ingest import Ingest
from shipworthy.store.layout import Layout
from shipworthy.store.ledger import open_ledger
from shipworthy.store.lookup import members_of
from shipworthy.store.runs import close_run, find_series, open_run, variant_number

BODY = {"id": "right", "bar": {"at_least": 0.8}, "scorer": {"recorded": "passed"}}
RATE = Criterion.model_validate(BODY)
SURER = Criterion.model_validate(
    {**BODY, "answered": {"confidence": "sure", "at_least": 0.5, "of_cases": 0.3}}
)


class Output:
    """One made-up output with a score and a confidence, either of which may be missing."""

    explanations = reason = steps = latency_s = cost_usd = None
    output = "text"

    def __init__(self, case: str, repeat: int, draw: random.Random) -> None:
        self.case, self.repeat = case, repeat
        self.status = "no answer" if draw.random() < 0.15 else "answered"
        self.scores = {
            "passed": draw.choice([1.0, 1.0, 0.0, None]),
            "sure": draw.choice([0.2, 0.5, 0.9, None]),
        }
        if draw.random() < 0.1:
            del self.scores["sure"]


def by_hand(rows: list[Output], planned: int, cell: int) -> CaseTally:
    """Count one case: no answer first, then whether it is sure enough, then how it went."""
    answered = [row.scores for row in rows if row.status == "answered"]
    sure = [scores for scores in answered if (scores.get("sure") or 0.0) >= 0.5]
    passed, unscored = (sum(scores["passed"] == value for scores in sure) for value in (1.0, None))
    return CaseTally(
        cell, planned, passed, unscored, planned - len(answered), handed_over=len(answered) - len(sure)
    )


@pytest.mark.parametrize("seed", range(6))
def test_tallies_equal_a_count_by_hand(tmp_path: Path, seed: int) -> None:
    """Random repeats, groups, missing rows, later attempts, an unclosed run: both readers, and beside the ordinary claim."""
    draw = random.Random(seed)
    planned = draw.choice([1, 2, 3])
    cases = [
        Case(id=f"c{i}", tags={"topic": draw.choice("ab")}, group=draw.choice([None, f"g{i // 4}"]), part="holdout")
        for i in range(60)
    ]  # fmt: skip
    layout = Layout(tmp_path)
    write_cases(layout.evalset / "cases.jsonl", cases)
    ledger = open_ledger(layout.ledger)
    topic = Slice(by="topic", shares={"a": 0.5, "b": 0.5}, scope=True)
    index, _ = case_set(ledger, layout, {"topic": topic})
    rows: dict[str, list[Output]] = defaultdict(list)
    with ledger.write() as connection:
        known = members_of(connection, index.no, [case.id for case in cases])
        number = variant_number(connection, "new", "recorded")
        made = [Output(c.id, r, draw) for c in cases for r in range(1, planned + 1) if draw.random() < 0.9]
        for each in made:
            rows[each.case].append(each)
        for key in ("first", "later", "unclosed"):
            run = open_run(connection, key, kind="import", variant_no=number, about={})
            Ingest(connection, run, repeats=planned).write(connection, [(known[o.case].no, o) for o in made])
            if key != "unclosed":
                close_run(connection, run, at="now", about={}, needed=["recorded:passed", "recorded:sure"])

    with ledger.read() as connection:
        cell_of = {no: "ab".index(found["topic"]) for no, found in tags_of(connection, index.no).items()}
        series = (find_series(connection, "recorded:passed"), 1.0)
        source = Source(number, planned)
        sure = (find_series(connection, "recorded:sure"), 0.5)
        field = Field(index.no, frozenset({"holdout"}), cell_of)
        surer, plain = (
            Asked(SURER, source, series=series, confidence=sure), Asked(RATE, source, series=series)
        )  # fmt: skip
        found = [
            count(connection, field, [surer, plain], reader=reader(connection, field))
            for reader in (InSql, InColumns)
        ]
        [alone] = count(connection, field, [surer])
        [unknown] = count(connection, field, [Asked(SURER, source, series=series, confidence=(None, 0.5))])
    ledger.close()

    groups = defaultdict(list)
    for case in cases:
        groups[case.group or case.id].append(by_hand(rows[case.id], planned, "ab".index(case.tags["topic"])))
    wanted = tuple(sorted(Counter(tuple(sorted(each)) for each in groups.values()).items()))
    assert found[0] == found[1]
    assert found[0][0].tally.groups == alone.tally.groups == wanted
    assert found[0][0].missing == found[0][1].missing
    assert all(case.handed_over == 0 for group, _ in found[0][1].tally.groups for case in group)
    # Without a series nothing is sure: all that was answered is handed over.
    assert sum(n * case.passed for group, n in unknown.tally.groups for case in group) == 0


def test_an_answered_output_without_a_score_is_missing_and_one_that_is_handed_over_needs_none(
    tmp_path: Path,
) -> None:
    """Two sure outputs and two unsure ones, of which one each has no label: one is missing, and counts as no answer."""
    layout = Layout(tmp_path)
    write_cases(layout.evalset / "cases.jsonl", [Case(id=f"c{i}", part="holdout") for i in range(4)])
    ledger = open_ledger(layout.ledger)
    index, _ = case_set(ledger, layout, {})
    with ledger.write() as connection:
        known = members_of(connection, index.no, [f"c{i}" for i in range(4)])
        number = variant_number(connection, "new", "recorded")
        made = [Output(f"c{i}", 1, random.Random(0)) for i in range(4)]
        for i, each in enumerate(made):
            each.status, each.scores = "answered", {"sure": 0.9 if i < 2 else 0.1}
        run = open_run(connection, "first", kind="import", variant_no=number, about={})
        Ingest(connection, run, repeats=1).write(connection, [(known[o.case].no, o) for o in made])
        close_run(connection, run, at="now", about={}, needed=["recorded:sure"])
        labelled = [made[0], made[2]]
        more = open_run(connection, "labels", kind="import", variant_no=number, about={})
        for each in labelled:
            each.scores = {"passed": 1.0}
        Ingest(connection, more, repeats=1).write(connection, [(known[o.case].no, o) for o in labelled])
        from sqlalchemy import update  # noqa: PLC0415 - a label stands at the attempt that it labels

        from shipworthy.store.tables import scores  # noqa: PLC0415

        connection.execute(update(scores).where(scores.c.attempt == 1).values(attempt=0, run_no=run.no))

    with ledger.read() as connection:
        asked = Asked(
            SURER,
            Source(number, 1),
            series=(find_series(connection, "recorded:passed"), 1.0),
            confidence=(find_series(connection, "recorded:sure"), 0.5),
        )
        [counted] = count(connection, Field(index.no, frozenset({"holdout"}), {0: 0, 1: 0}), [asked])
    ledger.close()
    total = Counter[str]()
    for group, n in counted.tally.groups:
        for case in group:
            total += Counter(
                passed=n * case.passed, no_answer=n * case.no_answer, handed_over=n * case.handed_over
            )
    assert dict(total) == {"passed": 1, "no_answer": 1, "handed_over": 2}
    assert counted.missing == 1
