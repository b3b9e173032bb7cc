"""Score the outputs of a variant with the launch's checks; what is scored already stays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, exists, select

from shipworthy.domain.errors import BadInput
from shipworthy.domain.evalset import Case
from shipworthy.runners.checks import Check
from shipworthy.services.clock import now
from shipworthy.services.opened import Opened
from shipworthy.services.planned import series_of
from shipworthy.services.seal import seal_series
from shipworthy.store.evalset_file import read_cases
from shipworthy.store.fingerprint import variant_fingerprint
from shipworthy.store.insert import add
from shipworthy.store.runs import find_variant, series_number
from shipworthy.store.tables import cases, closings, explanations, members, outputs, runs, scores, texts

BATCH = 512
Progress = Callable[[str, int, int], None]


def score_variant(launch: Opened, name: str, progress: Progress) -> int:
    """Score every closed output of a variant that a check has not scored yet.

    Returns:
        The number of scores written.
    """
    checks = {c.scorer.check for c in launch.reading.criteria if c.scorer and c.scorer.check}
    wanted = {series: series.split(":", 1)[1].split("@")[0] for series in series_of(launch).values()}
    written = 0
    with launch.ledger.read() as connection:
        number = find_variant(
            connection, name, variant_fingerprint(launch.layout, launch.launch.resolved(name))
        )
    if number is None:
        return 0
    by_id: dict[str, Case] = {}
    for series, check in sorted(wanted.items()):
        if check not in checks or not series.startswith("check:"):
            continue
        by_id = by_id or {case.id: case for case in read_cases(launch.layout, [])}
        rows = Rows(number, series, set_no=launch.cases.no)
        written += score_rows(launch, rows, Check(launch.layout.folder, check), by_id, progress)
    return written


@dataclass(frozen=True)
class Rows:
    """Which outputs are scored, and into which series.

    Attributes:
        variant_no: whose.
        series: where the scores go.
        set_no: the index whose cases they belong to; None for outputs of `numbers`, which are in no index.
        numbers: the ledger's numbers of their cases.
    """

    variant_no: int
    series: str
    set_no: int | None = None
    numbers: Collection[int] = ()


def score_rows(launch: Opened, rows: Rows, check: Check, by_id: dict[str, Case], progress: Progress) -> int:
    """Score every closed output that has no score in the series yet, and seal the series.

    Returns:
        The number of scores written.

    Raises:
        BadInput: the check broke on every output of the eval set.
    """
    variant_no, series = rows.variant_no, rows.series
    with launch.ledger.write() as connection:
        number = series_number(connection, series)
        todo = list(_unscored(connection, rows, number))
    for start in range(0, len(todo), BATCH):
        values, said = [], []
        for row in todo[start : start + BATCH]:
            value, words = None, None
            if row.answered:
                case = by_id[row.key]
                value, words = check.score(case.input, case.expected, _output(row))
            key = (variant_no, number, row.case_no, row.repeat, row.attempt)
            values.append((*key, row.run_no, row.answered, value))
            if words:
                said.append((*key, row.run_no, words))
        if start == 0 and rows.set_no is not None:
            _refuse_broken(check.name, values, said)
        with launch.ledger.write() as connection:
            add(connection, scores, values)
            add(connection, explanations, said)
        progress(check.name, min(start + BATCH, len(todo)), len(todo))
    with launch.ledger.write() as connection:
        seal_series(connection, variant_no=variant_no, series=series, at=now())
    return len(todo)


def _refuse_broken(name: str, score_rows: list[tuple[Any, ...]], word_rows: list[tuple[Any, ...]]) -> None:
    """A check that breaks on every output it is given is a mistake in scorers.py, not an unscored eval set."""
    answered = [row for row in score_rows if row[6]]
    broken = [row[-1] for row in word_rows if str(row[-1]).startswith("unscored: the check raised")]
    if answered and len(broken) == len(answered):
        raise BadInput(
            f"the check `{name}` raised on every output: {broken[0].removeprefix('unscored: the check raised ')}",
            where="scorers.py",
            remedy=f"write `def {name}(case_input, expected, output)`, mend what it says, and run again",
        )


def _output(row: Any) -> Any:
    """Return the output as the check expects it: what the function returned, or the text as it was imported."""
    return msgspec.json.decode(row.text) if row.kind in ("run", "demo") else row.text


def _unscored(connection: Connection, rows: Rows, series_no: int) -> Iterator[Any]:
    o, t, s = outputs.c, texts.c, scores.c
    same_text = (
        (t.variant_no == o.variant_no)
        & (t.case_no == o.case_no)
        & (t.repeat == o.repeat)
        & (t.attempt == o.attempt)
    )
    has_score = exists().where(
        s.variant_no == o.variant_no, s.series_no == series_no, s.case_no == o.case_no, s.repeat == o.repeat,
        s.attempt == o.attempt,
    )  # fmt: skip
    joined = (
        outputs.join(runs, runs.c.no == o.run_no)
        .join(closings, closings.c.run_no == runs.c.no)
        .join(cases, cases.c.no == o.case_no)
        .outerjoin(texts, same_text)
    )
    among: tuple[Any, ...] = (o.case_no.in_(rows.numbers),)
    if rows.set_no is not None:
        joined = joined.join(members, (members.c.case_no == o.case_no) & (members.c.set_no == rows.set_no))
        among = ()
    query = (
        select(cases.c.key, o.case_no, o.repeat, o.attempt, o.run_no, o.answered, t.text, runs.c.kind)
        .select_from(joined)
        .where(o.variant_no == rows.variant_no, *among, o.attempt == 0, ~has_score)
        .order_by(o.case_no, o.repeat)
    )
    yield from connection.execute(query)
