"""Counts made in SQL are those a person would make with a pencil from the same rows."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.evalset import Case
from shipworthy.domain.evidence import CaseTally
from shipworthy.domain.launch import Slice
from shipworthy.statistics.scaled_mean import favourable_points
from shipworthy.store.aggregate import count
from shipworthy.store.asked import Asked, Field, Source
from shipworthy.store.caseset import case_set, tags_of
from shipworthy.store.evalset_file import write_cases
from shipworthy.store.ingest import Ingest
from shipworthy.store.layout import Layout
from shipworthy.store.ledger import open_ledger
from shipworthy.store.lookup import members_of
from shipworthy.store.runs import close_run, find_series, open_run, variant_number

RATE = Criterion.model_validate({"id": "right", "bar": {"at_least": 0.8}, "scorer": {"recorded": "passed"}})
GAIN = RATE.model_copy(update={"id": "better", "estimand": "difference"})
QUICK = Criterion.model_validate(
    {"id": "quick", "estimand": "quantile", "of": "latency_s", "quantile": 0.9, "bar": {"at_most": 0.5}}
)


DEAR = Criterion.model_validate(
    {"id": "dear", "estimand": "mean", "of": "cost_usd", "cap": 0.3, "bar": {"at_most": 0.1}}
)


class Output:
    """One made-up output."""

    explanations = reason = steps = None

    def __init__(self, case: str, repeat: int, draw: random.Random) -> None:
        self.case = case
        self.repeat = repeat
        self.status = "no answer" if draw.random() < 0.1 else "answered"
        self.output = "text"
        self.latency_s = draw.choice([0.1, 0.4, 0.5, 0.9, None])
        self.cost_usd = draw.choice([0.0, 0.01, 0.07, 0.1, 0.29999, 0.3, 5.0, None])
        self.scores = {} if draw.random() < 0.1 else {"passed": draw.choice([1.0, 1.0, 0.0, None])}


def _figures(rows: list[Output], planned: int, criterion: Criterion) -> tuple[int, int, int]:
    """Count passed, unscored and no answer with a pencil."""
    answered = [row for row in rows if row.status == "answered"]
    if criterion is DEAR:
        passed = sum(row.cost_usd is not None and row.cost_usd <= 0.1 for row in answered)
        unscored = sum(row.cost_usd is None for row in answered)
    elif criterion.of:
        passed = sum(row.latency_s is not None and row.latency_s <= 0.5 for row in answered)
        unscored = sum(row.latency_s is None for row in answered)
    else:
        passed = sum((row.scores or {}).get("passed") == 1 for row in answered)
        unscored = sum((row.scores or {}).get("passed") is None for row in answered)
    return passed, unscored, planned - len(answered)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    "criterion", [RATE, GAIN, QUICK, DEAR], ids=["rate", "difference", "quantile", "mean"]
)
def test_tallies_equal_a_count_by_hand_over_random_launches(
    tmp_path: Path, seed: int, criterion: Criterion
) -> None:
    """Random repeats, groups, tags, missing rows, later attempts and an unclosed run, twelve times."""
    draw = random.Random(seed)
    planned = {"new": draw.choice([1, 2, 3]), "old": draw.choice([1, 2])}
    cases = [
        Case(
            id=f"c{i}",
            tags={"topic": draw.choice("ab")},
            group=draw.choice([None, f"g{i // 4}"]),
            part="holdout" if i // 4 % 3 else "explore",
        )
        for i in range(60)
    ]
    layout = Layout(tmp_path)
    write_cases(layout.evalset / "cases.jsonl", cases)
    ledger = open_ledger(layout.ledger)
    topic = Slice(by="topic", shares={"a": 0.5, "b": 0.5}, scope=True)
    index, problems = case_set(ledger, layout, {"topic": topic})
    assert problems == []
    rows: dict[str, dict[str, list[Output]]] = {name: defaultdict(list) for name in planned}
    numbers = {}
    with ledger.write() as connection:
        known = members_of(connection, index.no, [case.id for case in cases])
        for name, repeats in planned.items():
            numbers[name] = variant_number(connection, name, "recorded")
            outputs = [
                Output(case.id, repeat, draw)
                for case in cases
                for repeat in range(1, repeats + 1)
                if draw.random() < 0.9
            ]
            for output in outputs:
                rows[name][output.case].append(output)
            for key in ("first", "later", "unclosed"):
                run = open_run(connection, f"{name} {key}", kind="import", variant_no=numbers[name], about={})
                ingest = Ingest(connection, run, repeats=repeats)
                ingest.write(connection, [(known[output.case].no, output) for output in outputs])
                if key != "unclosed":
                    close_run(connection, run, at="now", about={}, needed=["recorded:passed"])

    with ledger.read() as connection:
        tags = tags_of(connection, index.no)
        cell_of = {no: "ab".index(found["topic"]) for no, found in tags.items()}
        asked = {
            each.id: Asked(
                each,
                Source(numbers["new"], planned["new"]),
                against=Source(numbers["old"], planned["old"]) if each is GAIN else None,
                series=(find_series(connection, "recorded:passed"), 1.0),
            )
            for each in (RATE, GAIN, QUICK, DEAR)
        }
        field = Field(index.no, frozenset({"holdout"}), cell_of)
        [counted] = count(connection, field, [asked[criterion.id]])
        together = count(connection, field, list(asked.values()))
    ledger.close()

    by_group = defaultdict(list)
    for case in cases:
        if case.part == "holdout":
            passed, unscored, silent = _figures(rows["new"][case.id], planned["new"], criterion)
            lost = sum(
                row.status == "answered" and (row.scores or {}).get("passed") == 0
                for row in rows["old"][case.id]
            )
            against = (planned["old"], planned["old"] - lost) if criterion is GAIN else (0, 0)
            costs = [row.cost_usd for row in rows["new"][case.id]] if criterion is DEAR else []
            points = sum(favourable_points(cost, cap=0.3) for cost in costs)
            tally = CaseTally(
                "ab".index(case.tags["topic"]), planned["new"], passed, unscored, silent, points, *against
            )
            by_group[case.group or case.id].append(tally)
    by_hand = Counter(tuple(sorted(group)) for group in by_group.values())
    held = [case.id for case in cases if case.part == "holdout"]
    missing = {name: sum(planned[name] - len(rows[name][case]) for case in held) for name in planned}
    assert dict(counted.tally.groups) == dict(by_hand)
    assert (counted.missing, counted.groups) == (missing["new"], len(by_group))
    assert counted.against_missing == (missing["old"] if criterion is GAIN else 0)
    assert together[list(asked).index(criterion.id)] == counted
