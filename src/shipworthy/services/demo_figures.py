"""The figures of a demo beside those of the eval set: what was recorded of both, and nothing that is sealed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from shipworthy.decision.demo import Compared, Where, Wording, compare_demo
from shipworthy.decision.plan import Plan
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.evidence import Evidence
from shipworthy.services.demo_waiting import DemoCase, demo_series, known_numbers, wordings_of
from shipworthy.services.gather import Wanted, gather
from shipworthy.services.opened import Opened
from shipworthy.services.planned import last_lock
from shipworthy.store.caseset import OPEN_PARTS
from shipworthy.store.demo_rows import DemoOutput, demo_outputs
from shipworthy.store.fingerprint import variant_fingerprint
from shipworthy.store.looks import Sighting, find_look
from shipworthy.store.runs import find_series, find_variant


@dataclass(frozen=True)
class Checkable:
    """A criterion that a check answers, and the two series of its scores."""

    criterion: Criterion
    series: str
    """The demo's own; the eval set's has another name."""


def checkable(launch: Opened, plan: Plan) -> list[Checkable]:
    """Return the criteria that checks answer, each question once."""
    wordings = wordings_of(launch.reading.demo)
    found: dict[tuple[str, float], Checkable] = {}
    for criterion in launch.reading.criteria:
        series = plan.series.get(criterion.id, "")
        if criterion.scorer is None or not series.startswith("check:"):
            continue
        each = Checkable(criterion, demo_series(series, wordings))
        found.setdefault((series, _passes_from(criterion)), each)
    return list(found.values())


def figures(
    launch: Opened, connection: Connection, plan: Plan, name: str, *, times: int | None = None
) -> list[Compared]:
    """Compare what is recorded of the demo prompts with what is recorded of the eval set.

    Args:
        launch: the launch.
        connection: a consistent view.
        plan: the plan as the folder reads now.
        name: whose outputs.
        times: how many of each wording's outputs count; None for all there are.

    Returns:
        One value for each criterion with a check; nothing while a wording lacks outputs.
    """
    wordings = wordings_of(launch.reading.demo)
    variant_no = find_variant(
        connection, name, variant_fingerprint(launch.layout, launch.launch.resolved(name))
    )
    numbers = known_numbers(connection, wordings)
    asked = checkable(launch, plan)
    if variant_no is None or not asked or not wordings or len(numbers) < len(wordings):
        return []
    counted = []
    for each in asked:
        found = demo_outputs(connection, variant_no, find_series(connection, each.series), numbers)
        if len(found) < len(wordings):
            return []
        passes_from = _passes_from(each.criterion)
        counted.append(
            [_counted(numbers[no], rows[:times], passes_from) for no, rows in sorted(found.items())]
        )
    evidence, where = representative(launch, connection, plan, name)
    return [
        compare_demo(each.criterion, of_each, evidence, where=where, criteria=len(asked))
        for each, of_each in zip(asked, counted, strict=True)
    ]


def representative(
    launch: Opened, connection: Connection, plan: Plan, name: str
) -> tuple[Evidence | None, Where]:
    """Return what is known of the set: the open cases; where none is recorded, what a look has revealed already."""
    found = gather(launch, connection, plan, Wanted(name, OPEN_PARTS, started_only=True))
    if found.has_outcomes:
        return found.evidence, "open"
    lock = last_lock(connection, plan)
    if lock is None or not lock.holds:
        return None, "open"
    wanted = Wanted(name, frozenset({"holdout"}), since=lock.seq, in_order=plan.looks != "once")
    sealed = gather(launch, connection, plan, wanted)
    sighting = Sighting(plan.sha, sealed.evidence.digest, name, sealed.groups)
    taken = sealed.has_outcomes and find_look(connection, sighting)[1]
    return (sealed.evidence, "look") if taken else (None, "open")


def _passes_from(criterion: Criterion) -> float:
    return criterion.pass_when.at_least if criterion.pass_when else 1.0


def _counted(wording: DemoCase, rows: list[DemoOutput], passes_from: float) -> Wording:
    return Wording(
        wording.prompt,
        wording.number,
        asked=len(rows),
        passed=sum(row.value is not None and row.value >= passes_from for row in rows),
        unscored=sum(row.answered and row.value is None for row in rows),
        no_answer=sum(not row.answered for row in rows),
    )
