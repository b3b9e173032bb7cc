"""Draw the outputs that people should label, blind, and write them to a table."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, select

from shipworthy.decision.label_draw import Candidate, draw
from shipworthy.decision.plan import Plan
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import BadInput, Refused, Unavailable
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import last_lock, plan_of
from shipworthy.store.caseset import OPEN_PARTS
from shipworthy.store.fingerprint import variant_fingerprint, would_be_of_feature
from shipworthy.store.runs import find_series, find_variant
from shipworthy.store.tables import PARTS, cases, closings, members, outputs, scores, texts

MOST_CHECKED = 20_000
"""With more outputs than this labels are not held against the draw."""

SEALED = frozenset({"holdout"})
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run; an output is only ever text, so such a cell gets an apostrophe."""


@dataclass(frozen=True)
class Drawn:
    """What was written for people to label."""

    path: Path
    labels: int
    outputs: int | None
    """How many answered outputs there were to draw from; None where they are sealed, as that tells how many are not."""
    how: str
    sealed: bool


def draw_labels(folder: Path, n: int, path: Path, *, variant: str | None = None) -> Drawn:
    """Draw outputs for people to label, as the judged criterion says they are chosen, and write them to a table.

    The judge's verdict is not in it, and the order tells nothing of it. With a locked plan the sealed
    cases are drawn from, otherwise the open ones.

    Args:
        folder: the launch.
        n: how many.
        path: the table to write; it must not exist.
        variant: whose outputs; the candidate unless said.

    Raises:
        BadInput: no criterion is judged, or its labels are not chosen by a draw.
        Refused: there is nothing to draw from, the file exists, or it would become part of the feature.
        Unavailable: the file cannot be written.
    """
    if path.exists():
        raise Refused("the file exists", where=str(path), remedy="name another: labels are not written over")
    with opened(folder) as launch, launch.ledger.read() as connection:
        plan = plan_of(launch)
        criterion = _judged(plan)
        lock = last_lock(connection, plan)
        sealed = lock is not None and lock.holds
        parts = SEALED if sealed else OPEN_PARTS
        found = answered(launch, connection, plan, variant or plan.candidate, criterion, parts)
        if not found:
            raise Refused(
                "there is no answered output to label",
                where=f"variant {variant or plan.candidate}",
                remedy="run it, or import its outputs, first",
            )
        how = criterion.labels.chosen if criterion.labels else "random"
        chosen = draw(list(found), n, "by_verdict" if how == "by_verdict" else "random")
        write_table(launch, path, [found[each] for each in chosen])
    return Drawn(path, len(chosen), None if sealed else len(found), how, sealed)


def strays(launch: Opened, connection: Connection, plan: Plan, name: str) -> tuple[str, ...]:
    """Say which labels lie elsewhere than where the draw puts them: that those were chosen by chance is only said.

    Args:
        launch: the launch, with a plan that holds.
        connection: a consistent view.
        plan: the locked plan.
        name: whose outputs were labelled.
    """
    said = []
    for criterion in plan.criteria:
        if criterion.labels is None or criterion.labels.chosen not in ("random", "by_verdict"):
            continue
        found = answered(launch, connection, plan, name, criterion, SEALED)
        labelled = labelled_by(connection, launch, name, criterion, SEALED)
        if not labelled or len(found) > MOST_CHECKED:
            continue
        how: Literal["random", "by_verdict"] = (
            "by_verdict" if criterion.labels.chosen == "by_verdict" else "random"
        )
        drawn = {found[each][:2] for each in draw(list(found), len(labelled), how)}
        if n := len(labelled - drawn):
            said.append(
                f"{criterion.id}: {n:,} of {len(labelled):,} labels are not on the outputs that `label --draw` draws "
                "(others were left out, or people chose); that they are a random draw is taken on trust"
            )
    return tuple(said)


def labelled_by(
    connection: Connection, launch: Opened, name: str, criterion: Criterion, parts: frozenset[str]
) -> set[tuple[str, int]]:
    """Return case and repeat of every output of some parts that carries a label."""
    number = find_variant(connection, name, variant_fingerprint(launch.layout, launch.launch.resolved(name)))
    whose = criterion.labels.recorded if criterion.labels else ""
    series = [find_series(connection, f"{kind}:{whose}") for kind in ("labels", "recorded")]
    s = scores.c
    m = members.c
    query = select(cases.c.key, s.repeat).select_from(
        scores.join(cases, cases.c.no == s.case_no).join(
            members, (m.case_no == s.case_no) & (m.set_no == launch.cases.no)
        )
    )
    mine = (
        s.variant_no == number, s.series_no.in_([n for n in series if n is not None]),
        m.part.in_([PARTS.index(part) for part in sorted(parts)]),
    )  # fmt: skip
    return {(row.key, row.repeat) for row in connection.execute(query.where(*mine, s.value.is_not(None)))}


def _judged(plan: Plan) -> Criterion:
    judged = [c for c in plan.criteria if c.labels is not None]
    if not judged:
        raise BadInput(
            "no criterion has labels to be drawn",
            where="criteria.yaml",
            remedy="write one with `estimand: judged_rate` and `labels: {recorded: human, chosen: random}`",
        )
    how = judged[0].labels.chosen if judged[0].labels else ""
    if how not in ("random", "by_verdict"):
        raise BadInput(
            f"the labels of `{judged[0].id}` are chosen `{how}`, which is no draw",
            where="criteria.yaml",
            remedy="write `chosen: random` or `chosen: by_verdict` before the lock",
        )
    return judged[0]


def answered(
    launch: Opened, connection: Connection, plan: Plan, name: str, criterion: Criterion, parts: frozenset[str]
) -> dict[Candidate, tuple[str, int, str]]:
    """Return the answered outputs that can be drawn, with what a person needs to see of each."""
    if name not in launch.launch.variants:
        known = ", ".join(launch.launch.variants)
        raise BadInput(f"there is no variant `{name}`", where="launch.yaml", remedy=f"use one of: {known}")
    number = find_variant(connection, name, variant_fingerprint(launch.layout, launch.launch.resolved(name)))
    series = find_series(connection, plan.series.get(criterion.id, ""))
    passes_from = criterion.pass_when.at_least if criterion.pass_when else 1.0
    made = {}
    for row in connection.execute(_query(launch, number, series, parts)):
        order = hashlib.blake2b(
            f"{plan.sha}|{criterion.id}|{row.key}|{row.repeat}".encode(), digest_size=16
        ).hexdigest()
        # Groups and cases that are their own are numbered apart; twins have negative numbers already.
        group = 2 * row.case_no if row.alone else 2 * row.group_no + 1
        made[Candidate(order, group, row.value is not None and row.value >= passes_from)] = (
            row.key,
            row.repeat,
            row.text or "",
        )
    return made


def _query(launch: Opened, variant_no: int | None, series_no: int | None, parts: frozenset[str]) -> Any:
    o, t, s, m = outputs.c, texts.c, scores.c, members.c
    same = (t.variant_no == o.variant_no) & (t.case_no == o.case_no) & (t.repeat == o.repeat)
    judged = (s.variant_no == o.variant_no) & (s.case_no == o.case_no) & (s.repeat == o.repeat)
    joined = (
        outputs.join(closings, closings.c.run_no == o.run_no)
        .join(cases, cases.c.no == o.case_no)
        .join(members, (m.case_no == o.case_no) & (m.set_no == launch.cases.no))
        .outerjoin(texts, same & (t.attempt == o.attempt))
        .outerjoin(scores, judged & (s.attempt == o.attempt) & (s.series_no == series_no))
    )
    return (
        select(cases.c.key, o.case_no, o.repeat, m.alone, m.group_no, s.value, t.text)
        .select_from(joined)
        .where(
            o.variant_no == variant_no,
            o.attempt == 0,
            o.answered == 1,
            m.part.in_([PARTS.index(part) for part in sorted(parts)]),
        )
    )


def write_table(launch: Opened, path: Path, rows: list[tuple[str, int, str]]) -> None:
    """Write case, repeat, output and an empty label; never a verdict.

    Raises:
        Refused: it would lie among the files of a feature that runs here, and make another one of it.
        Unavailable: the file cannot be written.
    """
    runs = any(launch.launch.resolved(name).runs for name in launch.launch.variants)
    if runs and would_be_of_feature(launch.layout, path):
        raise Refused(
            "a file in the launch folder belongs to the feature, which would be another one with it",
            where=str(path),
            remedy="name a place outside the launch folder",
        )
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(("case", "repeat", "output", "label"))
            table.writerows((case, repeat, _cell(text), "") for case, repeat, text in rows)
    except OSError as error:
        raise Unavailable(f"the file cannot be written: {error.strerror}", where=str(path)) from error


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
