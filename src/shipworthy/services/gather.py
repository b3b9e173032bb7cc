"""Gather the evidence of one variant: counts from the ledger, in the shape the verdict reads."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from shipworthy.decision.plan import Plan
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import BadInput
from shipworthy.domain.evidence import CaseTally, Evidence
from shipworthy.domain.launch import Launch, PlannedLooks, Slice
from shipworthy.services.opened import Opened
from shipworthy.services.stale import refuse_stale
from shipworthy.services.times import notes_on_times
from shipworthy.store.aggregate import Counted, count, has_outputs, last_case
from shipworthy.store.asked import Asked, Field, Source
from shipworthy.store.caseset import first_groups, tags_of
from shipworthy.store.fingerprint import variant_fingerprint
from shipworthy.store.runs import find_series, find_variant, has_grades, has_values, recorded_names


@dataclass(frozen=True)
class Wanted:
    """Which outcomes to count.

    Attributes:
        variant: whose.
        parts: of which cases.
        since: only runs begun after this journal event.
        started_only: leave out groups without any output yet.
        in_order: leave out what comes after the last case with an output, and nothing before it.
    """

    variant: str
    parts: frozenset[str]
    since: int = 0
    started_only: bool = False
    in_order: bool = False


@dataclass(frozen=True)
class Gathered:
    """The evidence, and how complete it is."""

    evidence: Evidence
    missing: int
    """Planned outputs without a row, of the variant and criterion that miss most; the baseline included."""
    groups: int
    """Groups counted."""
    has_outcomes: bool


def gather(launch: Opened, connection: Connection, plan: Plan, wanted: Wanted) -> Gathered:
    """Count every criterion of the plan for one variant."""
    cells, cell_of = _cells(launch.launch, tags_of(connection, launch.cases.no))
    field = field_of(launch, connection, wanted)
    source = source_of(launch, connection, wanted.variant, wanted.since)
    against = source_of(launch, connection, plan.baseline, wanted.since) if plan.baseline else None
    _refuse_absent_scores(connection, plan, source)
    counted_of = (source.variant_no, against.variant_no if against else None)
    refuse_stale(launch, connection, plan, counted_of, wanted.parts)
    asked = [_asked(connection, plan, criterion, source, against) for criterion in plan.asked]
    found = count(connection, field, asked)
    counted = {criterion.id: each for criterion, each in zip(plan.asked, found, strict=True)}
    evidence = Evidence(
        variant=wanted.variant,
        cells=cells,
        notes=(
            *_outside(launch.launch, cells, counted),
            *notes_on_times(connection, plan, wanted.variant, source.variant_no),
        ),
        tallies={name: each.tally for name, each in counted.items()},
        sealed=_sealed_groups(connection, launch, plan, cell_of) if wanted.in_order else (),
    )
    return Gathered(
        evidence=replace(evidence, digest=digest(evidence)),
        missing=max((max(each.missing, each.against_missing) for each in found), default=0),
        groups=max((each.groups for each in found), default=0),
        has_outcomes=has_outputs(connection, field, source),
    )


def field_of(launch: Opened, connection: Connection, wanted: Wanted) -> Field:
    """Return the cases that are counted."""
    _, cell_of = _cells(launch.launch, tags_of(connection, launch.cases.no))
    field = Field(launch.cases.no, wanted.parts, cell_of, wanted.started_only)
    if not wanted.in_order:
        return field
    source = source_of(launch, connection, wanted.variant, wanted.since)
    return replace(field, until=last_case(connection, field, source))


def slices_by_cell(launch: Opened, connection: Connection) -> tuple[frozenset[str], ...]:
    """Return the distinct sets of slices that cases belong to, in the order that evidence counts them by."""
    return _cells(launch.launch, tags_of(connection, launch.cases.no))[0]


def _asked(
    connection: Connection, plan: Plan, criterion: Criterion, source: Source, against: Source | None
) -> Asked:
    passes_from = criterion.pass_when.at_least if criterion.pass_when else 1.0
    return Asked(
        criterion,
        source,
        against=against if criterion.estimand == "difference" else None,
        series=(_series_no(connection, plan, criterion), passes_from),
        labels=_labels(connection, criterion, source, passes_from),
        confidence=_confidence(connection, criterion),
    )


def _confidence(connection: Connection, criterion: Criterion) -> tuple[int | None, float] | None:
    if criterion.answered is None:
        return None
    return find_series(connection, f"recorded:{criterion.answered.confidence}"), criterion.answered.at_least


def _sealed_groups(
    connection: Connection, launch: Opened, plan: Plan, cell_of: dict[int, int]
) -> tuple[tuple[frozenset[int], int], ...]:
    """Count the sealed groups up to the planned end of looking by the cells they touch."""
    if not isinstance(plan.looks, PlannedLooks):
        return ()
    touched: Counter[frozenset[int]] = Counter()
    for tagsets, number in first_groups(connection, launch.cases.no, "holdout", plan.looks.end):
        touched[frozenset(cell_of[tagset] for tagset in tagsets)] += number
    return tuple(sorted(touched.items(), key=lambda item: sorted(item[0])))


def _outside(
    launch: Launch, cells: tuple[frozenset[str], ...], counted: dict[str, Counted]
) -> tuple[str, ...]:
    """Name the cases that belong to no slice of the partition: no claim is about them."""
    scope = launch.scope_slice()
    if scope is None:
        return ()
    name, rule = scope
    parts = {f"{name}={value}" for value in rule.shares}
    stray = {number for number, slices in enumerate(cells) if not slices & parts}
    most = max(
        (
            sum(count * sum(case.cell in stray for case in group) for group, count in found.tally.groups)
            for found in counted.values()
        ),
        default=0,
    )
    values = sorted({s for number in stray for s in cells[number] if s.startswith(f"{name}=")})
    return (
        (f"{most:,} cases are in no declared slice of {name} ({', '.join(values)}): no claim is about them",)
        if most
        else ()
    )


def _refuse_absent_scores(connection: Connection, plan: Plan, source: Source) -> None:
    """A criterion that reads a score which no import brought is a slip of the pen, not a failure of the feature."""
    if source.variant_no is None:
        return
    looked_at = set()
    for criterion in plan.criteria:
        name = criterion.scorer.recorded if criterion.scorer else None
        if criterion.answered is not None:
            _refuse_no_confidence(connection, source.variant_no, criterion, criterion.answered.confidence)
        if name is None or (name, criterion.pass_when is None) in looked_at:
            continue
        looked_at.add((name, criterion.pass_when is None))
        if criterion.pass_when is None and has_grades(connection, source.variant_no, f"recorded:{name}"):
            raise no_pass_or_fail(criterion, name)
        if has_values(connection, source.variant_no, f"recorded:{name}"):
            continue
        there = recorded_names(connection, source.variant_no)
        if there:
            raise BadInput(
                f"the criterion `{criterion.id}` reads the recorded score `{name}`, which no imported file has",
                where="criteria.yaml",
                remedy=f"use one of the scores there are: {', '.join(there)}",
            )


def _refuse_no_confidence(connection: Connection, variant_no: int, criterion: Criterion, name: str) -> None:
    """A confidence that no import brought, or on another scale, is a slip of the pen: nothing would be answered, or all."""
    series, there = f"recorded:{name}", recorded_names(connection, variant_no)
    if has_grades(connection, variant_no, series):
        raise BadInput(
            f"the criterion `{criterion.id}` reads the confidence `{name}`, which has values outside 0 to 1",
            where="criteria.yaml",
            remedy="record the confidence on a scale from 0 to 1, more is surer",
        )
    if there and not has_values(connection, variant_no, series):
        raise BadInput(
            f"the criterion `{criterion.id}` reads the confidence `{name}`, which no imported file has",
            where="criteria.yaml",
            remedy=f"import it as `score.{name}`, or use one of the scores there are: {', '.join(there)}",
        )


def no_pass_or_fail(criterion: Criterion, name: str) -> BadInput:
    """Say that a recorded score is a grade: nobody said from which grade on an output passes."""
    return BadInput(
        f"the criterion `{criterion.id}` reads the recorded score `{name}`, which has values outside 0 to 1",
        where="criteria.yaml",
        remedy="write `pass_when: {at_least: …}`, the least value that passes",
    )


def digest(evidence: Evidence) -> str:
    """Name the evidence by what the verdict reads of it: equal counts have equal names."""
    tallies = {
        name: [(tuple(map(_digested, group)), n) for group, n in tally.groups]
        for name, tally in sorted(evidence.tallies.items())
    }
    content = [evidence.variant, [sorted(cell) for cell in evidence.cells], tallies]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _digested(case: CaseTally) -> tuple[int, ...]:
    """Return what the digest has of a case: what was handed over only where something was, as it has always been."""
    return tuple(case) if case.handed_over else tuple(case[:-1])


def source_of(launch: Opened, connection: Connection, name: str, since: int) -> Source:
    """Return where the outcomes of a variant are, and which of them count."""
    variant = launch.launch.resolved(name)
    number = find_variant(connection, name, variant_fingerprint(launch.layout, variant))
    return Source(number, variant.repeats or 1, since)


def _series_no(connection: Connection, plan: Plan, criterion: Criterion) -> int | None:
    name = plan.series.get(criterion.id)
    return find_series(connection, name) if name else None


def _labels(
    connection: Connection, criterion: Criterion, source: Source, passes_from: float
) -> tuple[int | None, float]:
    """Return the series of people's labels, and from which value on one passes.

    What `label` brought is 0 or 1; what came with the outcomes is read as the judge's score is.
    """
    number, name = labels_of(connection, criterion, source)
    return number, 1.0 if not name or name.startswith("labels:") else passes_from


def labels_of(connection: Connection, criterion: Criterion, source: Source) -> tuple[int | None, str]:
    """Return the series of people's labels on what a judge scored, by number and name; none where nobody labels."""
    if criterion.labels is None or source.variant_no is None:
        return None, ""
    brought, came = f"labels:{criterion.labels.recorded}", f"recorded:{criterion.labels.recorded}"
    name = brought if has_values(connection, source.variant_no, brought) else came
    return find_series(connection, name), name


def _cells(
    launch: Launch, tagsets: dict[int, dict[str, str]]
) -> tuple[tuple[frozenset[str], ...], dict[int, int]]:
    """Return the distinct sets of slices, and which of them each tag set falls into."""
    of = {number: frozenset(slices_of(launch.slices, tags)) for number, tags in tagsets.items()}
    cells = tuple(sorted(set(of.values()), key=sorted))
    return cells, {number: cells.index(names) for number, names in of.items()}


def slices_of(slices: dict[str, Slice], tags: dict[str, str]) -> list[str]:
    """Return the slices that a case with these tags belongs to, as `topic=orders` or `spanish`."""
    found = []
    for name, rule in slices.items():
        if rule.by:
            found.append(f"{name}={tags.get(rule.by, '')}")
        elif all(tags.get(tag) == value for tag, value in rule.where.items()):
            found.append(name)
    return found
