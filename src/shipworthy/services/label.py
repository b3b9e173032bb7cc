"""Label: bring in what people said of outputs that are recorded already, to correct a judge by."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection, select

from shipworthy.domain.errors import BadInput
from shipworthy.importers.interface import Row
from shipworthy.importers.registry import open_file
from shipworthy.services.clock import now
from shipworthy.services.new_cases import columns_for
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import candidate_of
from shipworthy.services.seal import seal_series
from shipworthy.store.fingerprint import variant_fingerprint
from shipworthy.store.insert import add
from shipworthy.store.lookup import members_of
from shipworthy.store.runs import find_variant, series_number
from shipworthy.store.tables import closings, outputs, scores

COLUMNS = ("label", "labels")
"""What a column of labels is often called, beside the name of the labels themselves."""

Key = tuple[int, int]
"""Case number and repeat."""


@dataclass
class LabelReceipt:
    """What became of a file of labels; nothing is said about how the labels went."""

    file: str
    variant: str
    name: str
    kept: int = 0
    known: int = 0
    """Labels that were there already, word for word."""
    dropped: Counter[str] = field(default_factory=Counter)


def label(folder: Path, file: Path, *, name: str, variant: str | None = None) -> LabelReceipt:
    """Add people's labels to the recorded outputs of a variant.

    Args:
        folder: the launch.
        file: a table with a column for the case, one for the label (0 or 1), and one for the repeat if there are
            several; rows with an empty label are passed over.
        name: whose labels these are, as `labels.recorded` of a criterion names them.
        variant: whose outputs were labelled; the candidate unless said.

    Raises:
        BadInput: the file cannot be used, or contradicts a label that is kept; nothing of it stays.
    """
    if not file.is_file():
        raise BadInput("there is no such file", where=str(file), remedy="check the path")
    with opened(folder) as launch:
        judged = variant or candidate_of(launch.launch)
        receipt = LabelReceipt(file.name, judged, name)
        known = columns_for(folder)
        columns = replace(known, scores=tuple(dict.fromkeys((name, *known.scores, *COLUMNS))))
        rows = [row for batch in open_file(file, columns=columns).batches() for row in batch]
        with launch.ledger.write() as connection:
            number = _variant_no(connection, launch, judged)
            given = _labels(connection, launch, rows, receipt)
            _write(connection, number, given, receipt)
            seal_series(connection, variant_no=number, series=f"labels:{name}", at=now())
    return receipt


def _variant_no(connection: Connection, launch: Opened, name: str) -> int:
    if name not in launch.launch.variants:
        known = ", ".join(launch.launch.variants)
        raise BadInput(f"there is no variant `{name}`", where="launch.yaml", remedy=f"use one of: {known}")
    fingerprint = variant_fingerprint(launch.layout, launch.launch.resolved(name))
    number = find_variant(connection, name, fingerprint)
    if number is None:
        raise BadInput(
            f"nothing is recorded of `{name}`, so there is nothing to label",
            where="the ledger",
            remedy="import or run its outputs first",
        )
    return number


def _labels(
    connection: Connection, launch: Opened, rows: list[Row], receipt: LabelReceipt
) -> dict[Key, float]:
    """Return the label of each output that the file names; one that is said twice must agree with itself."""
    known = members_of(connection, launch.cases.no, {row.case for row in rows})
    given: dict[Key, float] = {}
    for row in rows:
        value = _value(row, receipt)
        if value is None:
            receipt.dropped["it has no label"] += 1
        elif row.case not in known:
            receipt.dropped["its case is not in the eval set"] += 1
        elif given.setdefault((known[row.case].no, row.repeat or 1), value) != value:
            raise BadInput(
                f"the case `{row.case}` has two labels that differ",
                where=receipt.file,
                remedy="let one person settle it by the plan's rule, and keep one row",
            )
    return given


def _value(row: Row, receipt: LabelReceipt) -> float | None:
    found = row.scores or {}
    if own := next((column for column in (receipt.name, *COLUMNS) if column in found), None):
        value = found[own]
    elif len(found) <= 1:
        value = next(iter(found.values()), None)
    else:
        raise BadInput(
            f"the file has several scores ({', '.join(sorted(found))}), and none is called `{receipt.name}`",
            where=receipt.file,
            remedy=f"call the column of labels `{receipt.name}`",
        )
    if value is not None and value not in (0.0, 1.0):
        raise BadInput(
            f"the label of case `{row.case}` is {value:g}",
            where=receipt.file,
            remedy="a label is 1 (passes), 0 (fails) or empty (not labelled)",
        )
    return value


def _write(connection: Connection, number: int, given: dict[Key, float], receipt: LabelReceipt) -> None:
    series = series_number(connection, f"labels:{receipt.name}")
    o, s = outputs.c, scores.c
    recorded = (
        select(o.case_no, o.repeat, o.run_no, o.answered)
        .select_from(outputs.join(closings, closings.c.run_no == o.run_no))
        .where(o.variant_no == number, o.attempt == 0)
    )
    there = {(row.case_no, row.repeat): row for row in connection.execute(recorded)}
    mine = select(s.case_no, s.repeat, s.value).where(s.variant_no == number, s.series_no == series)
    kept = {(row.case_no, row.repeat): row.value for row in connection.execute(mine)}
    new = []
    for key, value in given.items():
        if key in kept:
            if kept[key] != value:
                raise BadInput(
                    "a label in the file differs from the one that is kept for the same output",
                    where=receipt.file,
                    remedy="labels are not changed: bring the settled ones in under another name, and name that in criteria.yaml",
                )
            receipt.known += 1
        elif key not in there:
            receipt.dropped["its output is not recorded"] += 1
        else:
            row = there[key]
            new.append((number, series, *key, 0, row.run_no, row.answered, value))
    receipt.kept = add(connection, scores, new)
    if not receipt.kept and not receipt.known:
        why = ", ".join(f"{n:,} because {reason}" for reason, n in receipt.dropped.most_common(3))
        raise BadInput(
            f"no label of the file could be used{f': {why}' if why else ''}",
            where=receipt.file,
            remedy="correct the ids, or import the outputs first",
        )
