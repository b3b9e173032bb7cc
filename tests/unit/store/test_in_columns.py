"""Counting in whole columns and counting in SQL give the same counts, whatever the ledger holds."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, event, insert

from shipworthy.domain.criteria import Criterion
from shipworthy.store.aggregate import count
from shipworthy.store.asked import Asked, Field, Source
from shipworthy.store.in_columns import InColumns
from shipworthy.store.in_sql import InSql
from shipworthy.store.ledger import Ledger, open_ledger
from shipworthy.store.tables import closings, journal, members, metadata, outputs, runs, scores, variants

NEW, OLD = 1, 2
SERIES, LABELS = 7, 8
RUNS = {1: "closed", 2: "closed", 3: "unclosed", 4: "before the lock"}
LOCKED_AT = 10

RATE = Criterion.model_validate({"id": "right", "bar": {"at_least": 0.8}, "scorer": {"recorded": "passed"}})
GAIN = RATE.model_copy(update={"id": "better", "estimand": "difference"})
QUICK = Criterion.model_validate(
    {"id": "quick", "estimand": "quantile", "of": "latency_s", "quantile": 0.9, "bar": {"at_most": 0.5}}
)
DEAR = Criterion.model_validate(
    {"id": "dear", "estimand": "mean", "of": "cost_usd", "cap": 0.3, "bar": {"at_most": 0.1}}
)
SLOW = Criterion.model_validate(
    {"id": "slow", "estimand": "mean", "of": "latency_s", "cap": 2.0, "bar": {"at_most": 0.5}}
)

CASES = st.lists(
    st.tuples(
        st.integers(1, 40),  # number of the case: gaps everywhere
        st.sampled_from([1, 1, 1, 2]),  # the eval set it is in
        st.sampled_from([3, 3, 3, 0]),  # its part: holdout or explore
        st.integers(-2, 3),  # its group; 0 for none
        st.integers(0, 2),  # its tag set
    ),
    max_size=12,
    unique_by=lambda case: case[:2],
)
THERE = (True, True, True, False)
RUN = (1, 1, 1, 2, 3, 4)
ANSWERED = (1, 1, 1, 0)
SECONDS = (0.1, 0.5, 0.9, None, 3.0)
DOLLARS = (0.0, 0.07, 0.1, 0.29999, 0.3, 5.0, None)
SCORE = (1.0, 0.0, None, 0.5)
LABEL = (None, 1.0, 0.0)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """One ledger that every example fills anew."""
    folder: Path = tmp_path_factory.mktemp("ledger")
    opened = open_ledger(folder / "ledger.db")
    opened.engine.dispose()
    event.listen(
        opened.engine, "connect", lambda made, _: made.execute("PRAGMA synchronous=OFF")
    )  # quick to fill
    yield opened
    opened.close()
    shutil.rmtree(folder)


def _fill(connection: Connection, tables: dict[Table, list[dict[str, Any]]]) -> None:
    for table in reversed(metadata.sorted_tables):
        connection.execute(table.delete())
    for table, rows in tables.items():
        if rows:
            connection.execute(insert(table), rows)


def _written(
    cases: list[tuple[int, ...]], draw: random.Random, width: int
) -> dict[Table, list[dict[str, Any]]]:
    """Draw what was recorded: outputs of cases of the eval set and of others, and their scores."""
    events = [
        {"seq": seq, "at": "now", "verb": "close", "body": "{}", "prev": "", "hash": str(seq)}
        for seq in (1, 20)
    ]
    opened = {1: LOCKED_AT, 2: LOCKED_AT + 1, 3: LOCKED_AT, 4: LOCKED_AT - 1}
    made = [
        {"no": no + 10 * variant, "key": f"{no} {variant}", "kind": "import", "variant_no": variant}
        | {"opened": opened[no], "about": "{}"}
        for no, variant in product(RUNS, (NEW, OLD))
    ]
    closed = [
        {"run_no": run["no"], "seq": 20, "n_outputs": 0, "digest": ""} for run in made if run["no"] % 10 != 3
    ]
    alone = {group for group in {case[3] for case in cases} if sum(case[3] == group for case in cases) == 1}
    tables: dict[Table, list[dict[str, Any]]] = {
        journal: events,
        variants: [{"no": no, "name": str(no), "fingerprint": ""} for no in (NEW, OLD)],
        runs: made,
        closings: closed,
        members: [
            {"set_no": set_no, "case_no": no, "part": part, "group_no": group, "tagset_no": tagset}
            | {"alone": int(group == 0 or group in alone)}
            for no, set_no, part, group, tagset in cases
        ],
        outputs: [],
        scores: [],
    }
    numbers = sorted({case[0] for case in cases} | {41, 17})
    for key in product((NEW, OLD), numbers, range(1, width + 1), (0, 1)):
        drawn = (THERE, RUN, ANSWERED, SECONDS, DOLLARS, SCORE, LABEL)
        there, run, answered, seconds, dollars, score, label = map(draw.choice, drawn)
        if not there:
            continue
        of = dict(zip(("variant_no", "case_no", "repeat", "attempt"), key, strict=True))
        of |= {"run_no": run + 10 * key[0], "answered": answered}
        tables[outputs].append(of | {"latency_s": seconds, "cost_usd": dollars})
        tables[scores].append(of | {"series_no": SERIES, "value": score if answered else None})
        if label is not None:
            tables[scores].append(of | {"series_no": LABELS, "value": label})
    return tables


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    cases=CASES,
    seed=st.integers(0, 2**32),
    repeats=st.integers(1, 3),
    against=st.integers(1, 2),
    span=st.integers(1, 50),
    width=st.integers(1, 3),
    parts=st.sampled_from([{"holdout"}, {"holdout", "explore"}, {"tune"}]),
    started_only=st.booleans(),
    until=st.sampled_from([None, None, 15]),
    since=st.sampled_from([0, LOCKED_AT]),
    ran=st.sampled_from([(NEW, OLD), (NEW, None), (None, OLD), (NEW, NEW)]),
    several_words=st.booleans(),
)
def test_columns_and_sql_count_alike(
    ledger: Ledger,
    cases: list[tuple[int, ...]],
    seed: int,
    repeats: int,
    against: int,
    span: int,
    width: int,
    parts: set[str],
    started_only: bool,
    until: int | None,
    since: int,
    ran: tuple[int | None, int | None],
    several_words: bool,
) -> None:
    """Gaps, groups, later attempts, repeats beyond the plan, unclosed and early runs, labels, a variant that never ran."""
    with ledger.write() as connection:
        _fill(connection, _written(cases, random.Random(seed), width))
    source, base = Source(ran[0], repeats, since), Source(ran[1], against, since)
    cell_of = {0: 1, 1: 0, 2: 1} | (
        {2**50: 0} if several_words else {}
    )  # a large number leaves no room in one word
    field = Field(1, frozenset(parts), cell_of, started_only, until)
    asked = [
        Asked(RATE, source, series=(SERIES, 1.0)),
        Asked(GAIN, source, against=base, series=(SERIES, 1.0)),
        Asked(RATE, source, series=(SERIES, 0.5), labels=(LABELS, 1.0)),
        Asked(RATE, source, series=(None, 1.0)),
        *(Asked(of, source) for of in (QUICK, DEAR, SLOW)),
    ]
    with ledger.read() as connection:
        in_sql = count(connection, field, asked, reader=InSql(connection, field))
        alone = InColumns(connection, field)
        shared = InColumns(connection, field, span=span, many=0)
        assert count(connection, field, asked) == in_sql
        assert count(connection, field, asked, reader=alone) == in_sql
        assert count(connection, field, asked, reader=shared) == in_sql
