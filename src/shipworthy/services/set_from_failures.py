"""From failures: fresh cases to write from what failed on the open parts; nothing sealed is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from shipworthy.decision.plan import Plan
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.evalset import Case
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import plan_of
from shipworthy.services.stale import refuse_stale
from shipworthy.store.asked import Field, Source
from shipworthy.store.caseset import OPEN_PARTS
from shipworthy.store.evalset_file import read_cases
from shipworthy.store.failures import Failure, failures
from shipworthy.store.fingerprint import variant_fingerprint
from shipworthy.store.runs import find_series, find_variant
from shipworthy.store.todo import Todo, blank, write_todo

LONGEST_OUTPUT = 20_000
"""Characters of an output that go into a worksheet."""


@dataclass(frozen=True)
class Failed:
    """The worksheet, and what stands in it.

    Attributes:
        path: of the worksheet; None when nothing failed.
        cases: failing cases by criterion.
        rows: cases to write.
        there: failing cases that the eval set has fresh cases of already.
    """

    path: Path | None
    cases: dict[str, int]
    rows: int
    there: int


def from_failures(
    folder: Path, variant: str, *, criterion: str | None = None, parts: Sequence[str] = ("explore", "tune")
) -> Failed:
    """Write a worksheet with a fresh case to write for every open case that failed.

    Args:
        folder: the launch folder.
        variant: whose failures.
        criterion: of which criterion; all that outputs are scored by unless said.
        parts: of which open parts.

    Raises:
        Refused: a part is sealed, the worksheet is there already, or scores rest on values that were corrected since.
        BadInput: there is no such variant or criterion, or nothing is recorded.
        FolderHasProblems: the folder has mistakes.
    """
    _refuse_sealed(parts)
    with opened(folder) as launch:
        plan = plan_of(launch)
        asked = _criteria(plan, criterion)
        source = _source(launch, variant)
        field = Field(launch.cases.no, frozenset(parts), {})
        cases = {case.id: case for case in read_cases(launch.layout, []) if case.part in parts}
        made = {case.source for case in cases.values()}
        rows: list[Todo] = []
        counted: dict[str, int] = {}
        there = 0
        with launch.ledger.read() as connection:
            refuse_stale(launch, connection, plan, [source.variant_no], field.parts)
            for one in asked:
                number = find_series(connection, plan.series[one.id])
                passes_from = one.pass_when.at_least if one.pass_when else 1.0
                found = failures(connection, field, source, number, passes_from) if number is not None else []
                by_case = [(name, list(own)) for name, own in groupby(found, key=lambda f: f.case)]
                counted[one.id] = len(by_case)
                for name, own in by_case:
                    if _says(cases[name]) in made:
                        there += 1
                    else:
                        rows.append(_row(cases[name], variant, one, own))
        rows = list(_each_once(rows))
        path = write_todo(launch.layout, f"from-failures-{variant}", rows) if rows else None
    return Failed(path, counted, len(rows), there)


def _refuse_sealed(parts: Sequence[str]) -> None:
    closed = [part for part in parts if part not in OPEN_PARTS]
    if closed or not parts:
        named = ", ".join(closed) or "no part"
        raise Refused(
            f"{named}: failures are shown of open parts alone, since whoever sees them can no longer be surprised",
            where="--parts",
            remedy="use explore, tune or both",
        )


def _criteria(plan: Plan, name: str | None) -> list[Criterion]:
    scored = [c for c in plan.criteria if c.id in plan.series]
    if name is None:
        return scored
    found = [c for c in scored if c.id == name]
    if not found:
        known = ", ".join(c.id for c in scored) or "none"
        raise BadInput(
            f"there is no criterion `{name}` that outputs are scored by",
            where="--criterion",
            remedy=f"use one of: {known}",
        )
    return found


def _source(launch: Opened, name: str) -> Source:
    if name not in launch.launch.variants:
        known = ", ".join(launch.launch.variants)
        raise BadInput(f"there is no variant `{name}`", where="--variant", remedy=f"use one of: {known}")
    resolved = launch.launch.resolved(name)
    with launch.ledger.read() as connection:
        number = find_variant(connection, name, variant_fingerprint(launch.layout, resolved))
    if number is None:
        raise BadInput(
            f"nothing is recorded of `{name}` as it is now",
            where="the ledger",
            remedy=f"shipworthy run {launch.layout.folder}, or import its outcomes on open cases",
        )
    return Source(number, resolved.repeats or 1)


def _says(origin: Case) -> str:
    return f"failure of {origin.id}"


def _row(origin: Case, variant: str, criterion: Criterion, failed: Sequence[Failure]) -> Todo:
    """Return one case to write; it stands in the group of the case it comes from."""
    first = failed[0]
    case = Case(
        id=f"{origin.id}-fresh"[:1000],
        tags=origin.tags,
        group=origin.group or origin.id,
        source=_says(origin),
        part=origin.part,
    )
    because: dict[str, Any] = {
        "failure of": origin.id,
        "variant": variant,
        "criteria": {
            criterion.id: {
                "failed repeats": len(failed),
                "explanation": first.explanation,
                "failure modes to tell apart": list(criterion.failure_modes),
            }
        },
        "input": origin.input,
        "expected": origin.expected,
        "output": first.output[:LONGEST_OUTPUT] if first.output is not None else None,
        "to do": "write another input that should fail in the same way, and what is expected of it",
    }
    return blank(case, because)


def _each_once(rows: Sequence[Todo]) -> Iterator[Todo]:
    """Yield each case once, with every criterion that it failed."""
    kept: dict[str, Todo] = {}
    for row in rows:
        known = kept.setdefault(row.new["id"], row)
        known.because["criteria"] |= row.because["criteria"]
    yield from kept.values()
