"""Export evidence: what a verdict rests on, as one file that anybody can check without this program."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from shipworthy.domain.errors import BadInput, Refused, Unavailable
from shipworthy.exporters.evidence_json import evidence_lines
from shipworthy.exporters.memo_tree import memo_tree
from shipworthy.exporters.verdict_json import as_values
from shipworthy.services.decide import HOLDOUT, Decided, Prospect, look_ahead, prospect, replayed
from shipworthy.services.gather import Wanted, field_of, labels_of, slices_by_cell, source_of
from shipworthy.services.opened import Opened, opened
from shipworthy.services.report import memo_of
from shipworthy.store import journal
from shipworthy.store.asked import Source
from shipworthy.store.decision_file import read_decisions
from shipworthy.store.evidence_rows import case_rows, journal_rows, output_rows
from shipworthy.store.runs import find_series

MEMO = "memo.json"


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        outputs: how many.
        sha: the file's SHA-256.
        head: the journal's head: what to keep elsewhere, and to check the file against.
        memo: the memo's file that is in it; empty when none was written as JSON and it was made now.
    """

    outputs: int
    sha: str
    head: str
    memo: str


def export_evidence(folder: Path, write: Callable[[str], object], *, variant: str | None = None) -> Exported:
    """Write out what the verdict of a look rests on; nothing of it is new to anybody who saw the verdict.

    Args:
        folder: the launch folder.
        write: takes the text, piece by piece.
        variant: another variant than the plan's candidate.

    Raises:
        Refused: there was no look at what is recorded now; then nothing sealed leaves.
    """
    with opened(folder) as launch:
        there = prospect(launch, variant)
        if there.sealed is None or there.lock is None or not look_ahead(launch, there)[1]:
            raise Refused(
                "there was no look at what is recorded now, so its outputs are sealed",
                where=str(folder),
                remedy="`shipworthy decide` takes the look; export after it",
            )
        decided = replayed(launch, there)
        with launch.ledger.read() as connection:
            return _write(launch, connection, there, decided, write)


def export_to(folder: Path, target: Path, *, variant: str | None = None) -> Exported:
    """Write the export into a file, so that it is there whole or as it was before.

    Args:
        folder: the launch folder.
        target: the file.
        variant: another variant than the plan's candidate.

    Raises:
        Unavailable: the file cannot be written.
    """
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as file:
            done = export_evidence(folder, file.write, variant=variant)
        unfinished.replace(target)
    except OSError as error:
        raise Unavailable(f"the export cannot be written: {error.strerror}", where=str(target)) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return done


def _write(
    launch: Opened, connection: Connection, there: Prospect, decided: Decided, write: Callable[[str], object]
) -> Exported:
    sha, count = hashlib.sha256(), 0

    def counted(rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    head, series = _head(launch, connection, there, decided)
    lines = evidence_lines(
        head,
        journal=journal_rows(connection),
        cases=case_rows(connection, launch.cases.no, "holdout"),
        outputs=counted(_outputs(launch, connection, there, series)),
    )
    for line in lines:
        sha.update(line.encode())
        write(line)
    memo = head["memo"]
    assert isinstance(memo, dict)
    return Exported(count, sha.hexdigest(), journal.head(connection)[1], str(memo["file"]))


def _head(
    launch: Opened, connection: Connection, there: Prospect, decided: Decided
) -> tuple[dict[str, object], dict[str, int | None]]:
    """Return everything but the long lists, and the number of each series that a column stands for."""
    plan, verdict = there.plan, decided.verdict
    series = {name: find_series(connection, name) for name in sorted(set(plan.series.values()))}
    candidate = source_of(launch, connection, there.name, _since(there))
    for criterion in plan.criteria:
        number, name = labels_of(connection, criterion, candidate)
        series |= {name: number} if name else {}
    locked = journal.events(connection, "lock")[-1][2]["plan"]
    head = {
        "variant": there.name,
        "repeats": candidate.repeats,
        "plan": locked,
        "verdict": as_values(verdict),
        "brief": _brief(launch),
        "memo": _memo(launch, decided, written=there.name == plan.candidate),
        "decisions": {name: content for name, content in read_decisions(launch.layout).items() if content},
        "cells": [sorted(cell) for cell in slices_by_cell(launch, connection)],
        "columns": ["variant", "case", "repeat", "answered", "latency_s", "cost_usd", *series],
    }
    return head, series


def _brief(launch: Opened) -> dict[str, object]:
    """Return what people wrote down of worth and harm: the memo says it again, and no output says anything of it."""
    written = launch.launch
    return {
        "value": written.value.model_dump(mode="json") if written.value else None,
        "harm": [harm.model_dump(mode="json") for harm in written.harm],
        "goal": written.goal,
        "not_worth_it_if": written.not_worth_it_if,
    }


def _since(there: Prospect) -> int:
    return there.lock.seq if there.lock else 0


def _memo(launch: Opened, decided: Decided, *, written: bool) -> dict[str, object]:
    """Return the memo as it was written as JSON, or else as it would be written now."""
    path = launch.layout.memo / MEMO
    if not written or not path.is_file():
        return {"file": "", "tree": memo_tree(memo_of(decided))}
    try:
        return {"file": MEMO, "tree": json.loads(path.read_text("utf-8"))}
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(
            "the memo is no JSON that can be read",
            where=str(path),
            remedy="write it again: shipworthy memo --format json",
        ) from error


def _outputs(
    launch: Opened, connection: Connection, there: Prospect, series: dict[str, int | None]
) -> Iterator[list[Any]]:
    plan, numbers = there.plan, list(series.values())
    wanted = Wanted(there.name, HOLDOUT, since=_since(there), in_order=plan.looks != "once")
    field = field_of(launch, connection, wanted)
    sources: dict[str, Source] = {
        name: source_of(launch, connection, name, wanted.since)
        for name in dict.fromkeys((there.name, plan.baseline))
        if name
    }
    for name, source in sources.items():
        yield from output_rows(connection, field, name, source, numbers)
