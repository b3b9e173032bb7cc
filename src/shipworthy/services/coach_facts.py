"""Coach facts: a launch as the sceptic's rules read it, from its folder and ledger; what is not recorded stays unknown.

No aggregate of sealed outcomes is in it but the verdict, and that only after its look was taken.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from shipworthy.coach.facts import Facts
from shipworthy.coach.observed import Cases, Judged, Looks, Mode, Runs
from shipworthy.coach.recorded import Personal
from shipworthy.decision.plan import Plan
from shipworthy.domain.errors import FolderHasProblems
from shipworthy.domain.judge import SERIES
from shipworthy.domain.launch import Variant
from shipworthy.domain.taxonomy import FailureMode, active
from shipworthy.domain.verdict import Verdict
from shipworthy.services.coach_after import after_facts
from shipworthy.services.coach_brief import brief_facts
from shipworthy.services.coach_heard import heard_facts
from shipworthy.services.coach_lock import lock_facts
from shipworthy.services.coach_reading import reading_of
from shipworthy.services.judge_standing import standing
from shipworthy.services.opened import Opened
from shipworthy.services.planned import Lock as LastLock
from shipworthy.services.sealed import sealed_slices
from shipworthy.store import coverage, journal
from shipworthy.store.astride import astride
from shipworthy.store.fingerprint import variant_fingerprint
from shipworthy.store.layout import Layout
from shipworthy.store.looks import variants_tried
from shipworthy.store.lookup import keys_of
from shipworthy.store.policy_file import read_policy
from shipworthy.store.runs import find_series, find_variant

_PINNED = re.compile(r"\d{3,}|@|\d{4}-\d{2}-\d{2}")
_FOR_CODE = re.compile(
    r"\b(?:valid json|json schema|xml|at most \d+ (?:words|characters|sentences|lines)|no longer than \d+"
    r"|(?:exact|same) (?:string|number|label)|regular expression|(?:begins|starts|ends) with|link that works)\b",
    re.IGNORECASE,
)
"""Questions that count, compare or parse: a ruler answers them."""
_DATED_MODELS = re.compile(r"^(gpt-|o\d|claude-|gemini-|mistral-|command-)", re.IGNORECASE)


def facts_of(
    launch: Opened,
    connection: Connection,
    plan: Plan,
    lock: LastLock | None,
    verdict: Verdict | None,
    *,
    thorough: bool,
) -> Facts:
    """Return what is known of a launch.

    Args:
        launch: the launch.
        connection: a consistent view.
        plan: the plan as the folder reads now.
        lock: the last lock, compared with it.
        verdict: what the counts say, where that may be known.
        thorough: also what takes a look at every output; without it only what rules that block read.

    Raises:
        FolderHasProblems: `policy.yaml` has mistakes, or would loosen something.
    """
    policy, problems = read_policy(launch.layout)
    if problems:
        raise FolderHasProblems(problems)
    candidate = _candidate(launch, connection, plan)
    read = reading_of(launch, connection, candidate=candidate, least=int(policy["outputs_read"]))
    tried, today = variants_tried(connection, plan.sha), dt.datetime.now(dt.UTC).date()
    return Facts(
        launch=launch.launch,
        criteria=launch.reading.criteria,
        taxonomy=launch.reading.taxonomy,
        today=today,
        folder=str(launch.layout.folder),
        policy=policy,
        lock=lock_facts(connection, plan, lock),
        looks=Looks(_looks(connection, plan), tuple(tried), plan.tries, plan.looks == "once"),
        cases=_cases(launch, connection, plan, lock),
        runs=_runs(launch, connection, plan, lock, verdict, thorough=thorough),
        modes=tuple(map(_mode, active(launch.reading.taxonomy))),
        reading=read,
        judges=tuple(_judges(connection, plan)),
        verdict=verdict,
        **(_in_full(launch, connection, verdict) if thorough else {}),
        **brief_facts(launch.launch),
        personal=_personal(launch.layout),
        **heard_facts(launch.reading, read.modes if read else {}),
        **after_facts(launch.reading, connection, today=today),
    )


def _in_full(launch: Opened, connection: Connection, verdict: Verdict | None) -> dict[str, Any]:
    """Return what takes a look at every output and text; loaded only for whoever asks."""
    from shipworthy.services.coach_labels import labels_of  # noqa: PLC0415 - not needed for a verdict
    from shipworthy.services.coach_written import (  # noqa: PLC0415 - nor are these
        signed_decision,
        written_argument,
        written_memo,
    )

    criteria = launch.reading.criteria
    return {
        "labels": labels_of(connection, launch.cases.no, criteria),
        "memo": written_memo(launch.reading, verdict),
        "argument": written_argument(launch.launch, criteria, verdict),
        "signed": signed_decision(launch.layout, connection),
    }


def _personal(layout: Layout) -> Personal | None:
    if not layout.interviews.is_dir():
        return None
    from shipworthy.services.coach_personal import personal_facts  # noqa: PLC0415 - only what people said is searched

    return personal_facts(layout)


def _looks(connection: Connection, plan: Plan) -> int:
    events = journal.events(connection, "look")
    return sum(body["plan"] == plan.sha and body["variant"] == plan.candidate for _, _, body in events)


def _cases(launch: Opened, connection: Connection, plan: Plan, lock: LastLock | None) -> Cases:
    n = sum(part.n_cases for part in launch.cases.parts.values())
    needed = _needed_slices(launch, plan)
    return Cases(
        n=n,
        sealed=plan.cases.n_cases,
        sealed_groups=plan.cases.n_groups,
        by_slice={name: there.groups for name, there in sealed_slices(launch, connection, needed).items()},
        leaked=_leaked(launch, connection, lock),
    )


def _leaked(launch: Opened, connection: Connection, lock: LastLock | None) -> int:
    """Count the sealed cases whose input stands in another part: as the lock counted them, while the cases are the same."""
    if lock is not None and lock.astride is not None and lock.cases == launch.cases.fingerprint:
        return lock.astride
    return astride(connection, launch.cases.no).parts


def _needed_slices(launch: Opened, plan: Plan) -> list[str]:
    """Return the slices that a claim needs: those of the scope, and those that criteria name."""
    rules = launch.launch.slices
    names = {name for name, rule in rules.items() if rule.scope}
    names |= {name for c in plan.criteria if c.kind != "diagnostic" for name in c.slices}
    found: list[str] = []
    for name in rules:
        if name in names:
            found += [f"{name}={value}" for value in rules[name].shares] if rules[name].by else [name]
    return found


def _runs(
    launch: Opened,
    connection: Connection,
    plan: Plan,
    lock: LastLock | None,
    verdict: Verdict | None,
    *,
    thorough: bool,
) -> Runs:
    written = launch.launch
    variant = written.resolved(plan.candidate)
    number = _candidate(launch, connection, plan)
    known = Runs(
        random=_is_random(variant),
        floating=_floating(variant),
        priced=_is_priced(launch, variant),
    )
    if number is None:
        return replace(known, variants=coverage.outputs_by_variant(connection) if thorough else {})
    known = replace(
        known,
        sealed_outputs=max((c.planned for c in verdict.claims), default=0) if verdict else 0,
        priced=bool(known.priced) or coverage.has_cost(connection, number),
    )
    if known.random and (variant.repeats or 1) > 1:
        copied = coverage.copied_repeats(connection, launch.cases.no, number)
        known = replace(known, same_repeats=copied[0], quick_repeats=copied[1]) if copied else known
    return _thorough(launch, connection, plan, lock, number, known) if thorough else known


def _thorough(
    launch: Opened, connection: Connection, plan: Plan, lock: LastLock | None, number: int, known: Runs
) -> Runs:
    baseline = plan.baseline
    against = (
        find_variant(
            connection, baseline, variant_fingerprint(launch.layout, launch.launch.resolved(baseline))
        )
        if baseline
        else None
    )
    newest = coverage.newest(connection, number)
    since = lock.seq if lock else None
    open_ones, sealed = coverage.outputs_of(connection, launch.cases.no, number, since=since)
    return replace(
        known,
        open_outputs=open_ones,
        sealed_outputs=sealed,
        variants=coverage.outputs_by_variant(connection),
        overlap=coverage.overlap(connection, number, against) if baseline else None,
        cost=coverage.open_cost(connection, launch.cases.no, number),
        days=(dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(newest)).days if newest else None,
        always_fail=_always_fail(launch, connection, plan, number),
    )


def _always_fail(launch: Opened, connection: Connection, plan: Plan, number: int) -> tuple[str, ...] | None:
    if plan.repeats < 3:
        return None
    found: dict[int, None] = {}
    for criterion in plan.criteria:
        series = find_series(connection, plan.series.get(criterion.id, ""))
        if criterion.kind != "diagnostic" and series is not None and criterion.estimand != "judged_rate":
            least = criterion.pass_when.at_least if criterion.pass_when else 1.0
            found |= dict.fromkeys(coverage.always_fail(connection, launch.cases.no, number, series, least))
    return tuple(keys_of(connection, found))


def _is_random(variant: Variant) -> bool | None:
    """Whether it may answer differently each time; None where nobody can tell from here."""
    if variant.chat is None:
        return None
    return variant.chat.temperature != 0


def _floating(variant: Variant) -> tuple[str, ...] | None:
    """Return the model's name where it may be another model tomorrow; None where no model is named."""
    if variant.chat is None:
        return None
    name = variant.chat.model
    moves = "latest" in name.casefold() or (_DATED_MODELS.match(name) and not _PINNED.search(name))
    return (name,) if moves else ()


def _is_priced(launch: Opened, variant: Variant) -> bool | None:
    """Whether it is known to cost money; None where nobody said."""
    prices = launch.launch.price_list
    name = variant.price or (variant.chat.model if variant.chat else None)
    if prices is None or name not in prices.models:
        return None
    price = prices.models[name]
    return bool(price.call or price.input or price.output)


def _candidate(launch: Opened, connection: Connection, plan: Plan) -> int | None:
    """Return the number of the version that is decided about; None where it has no outputs."""
    variant = launch.launch.resolved(plan.candidate)
    return find_variant(connection, plan.candidate, variant_fingerprint(launch.layout, variant))


def _mode(mode: FailureMode) -> Mode:
    """Return what is written of a failure mode; a control whose kind nobody said may or may not detect."""
    kinds = [control.kind for control in mode.controls]
    return Mode(
        id=mode.id,
        origin=mode.origin,
        examples=len(mode.examples) if mode.examples else None,
        noticed=mode.detectable,
        detected=True if "detect" in kinds else None if None in kinds else False,
        untested=sum(control.kind is not None and not control.tested_by for control in mode.controls),
    )


def _judges(connection: Connection, plan: Plan) -> Iterable[Judged]:
    """Yield the judges of the launch whose series a criterion of the plan reads."""
    for criterion in plan.criteria:
        series = plan.series.get(criterion.id, "")
        if not series.startswith(SERIES):
            continue
        now = standing(connection, series)
        body: dict[str, Any] = now.calibration or {}
        bad, good = int(body.get("bad", 0)), int(body.get("good", 0))
        catches, accuses = body.get("catches"), body.get("accuses")
        yield Judged(
            criterion=criterion.id,
            judge=series.removeprefix(SERIES).split("@", maxsplit=1)[0],
            calibrated=now.decides,
            passing=good,
            failing=bad,
            caught=int(body["caught"]) / bad if bad else None,
            caught_low=catches[0] if catches else None,
            kept=1 - int(body["accused"]) / good if good else None,
            kept_low=1 - accuses[1] if accuses else None,
            corrected=criterion.estimand == "judged_rate",
            moved=now.before and now.calibration is None,
            code_would_do=bool(_FOR_CODE.search(criterion.question)),
        )
