"""Calibrate: hold a judge's verdicts on calibrate cases against people's labels, and write down what that shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from shipworthy.decision.calibration import Calibration, Chosen, Graded, calibrate
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.judge import SERIES, Accept, JudgeFile
from shipworthy.services.clock import now
from shipworthy.services.gather import slices_of
from shipworthy.services.judge_asking import output_text
from shipworthy.services.judge_sentinels import labels_series
from shipworthy.services.judge_standing import AFTER, judge_named, standing
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import candidate_of, judge_series
from shipworthy.services.stale import refuse_stale_verdicts
from shipworthy.statistics.judge_worth import Share
from shipworthy.statistics.results import NotEstimable
from shipworthy.store import journal
from shipworthy.store.bases import Scored
from shipworthy.store.caseset import tags_of
from shipworthy.store.fingerprint import variant_fingerprint
from shipworthy.store.judged import judged_after, kin, labelled, tally
from shipworthy.store.runs import find_series, find_variant

PART = "calibrate"


@dataclass(frozen=True)
class Calibrated:
    """What was shown, and of which series.

    Attributes:
        found: the calibration.
        judge: its name.
        series: whose verdicts they were.
        variant: on whose outputs.
        unjudged: labelled outputs that the judge has no verdict on yet; they were left out.
        suspended: why the series may not decide all the same; empty when nothing speaks against it.
    """

    found: Calibration
    judge: str
    series: str
    variant: str
    unjudged: int
    suspended: str
    tries: int = 1
    """How many versions of the judge were calibrated on labels by the same people so far, this one included."""
    changed: bool = field(default=False, kw_only=True)
    """Its sentinels showed a change."""
    since: bool = field(default=False, kw_only=True)
    """Only outputs that it judged after that change were counted."""
    moved: dict[str, float] | None = field(default=None, kw_only=True)
    """The limits it was held against before, where they were others; None where they were not."""
    goes: int = field(default=1, kw_only=True)
    """How often this version was held against these labels while they grew, this time included."""


@dataclass(frozen=True)
class Against:
    """What a judge is held against.

    Attributes:
        labels: whose labels.
        recorded: a recorded score that is calibrated in the place of the judge's own series.
        variant: whose outputs; the candidate unless said.
        chosen: how the labelled outputs were chosen.
    """

    labels: str
    recorded: str | None = None
    variant: str | None = None
    chosen: Chosen = "random"


def judge_calibrate(folder: Path, name: str, against: Against) -> Calibrated:
    """Calibrate a judge, and write the outcome into the journal.

    Args:
        folder: the launch folder.
        name: the judge; with a recorded score, what it is called in the report.
        against: labels, and whose verdicts.

    Raises:
        BadInput: there is no such judge, variant or label.
        Refused: no labelled output of a calibrate case has a verdict, or one rests on values that were corrected since.
    """
    with opened(folder) as launch:
        judge = _judge(launch, name, against)
        series = f"recorded:{against.recorded}" if against.recorded else judge_series(launch, _there(judge))
        variant = against.variant or candidate_of(launch.launch)
        criterion = _criterion(launch, judge, against)
        least = criterion.pass_when.at_least if criterion and criterion.pass_when else 1.0
        with launch.ledger.read() as connection:
            number = _variant_no(launch, connection, variant)
            stands = standing(connection, series)
            only = _since(connection, launch, number, series, against.labels, stands.changed_at)
            rows, unjudged = _rows(launch, connection, number, series, against.labels, judge, least, only)
            if not rows:
                raise _nothing(launch, name, against, unjudged)
            judged, passed = tally(
                connection,
                set_no=launch.cases.no,
                variant_no=number,
                series_no=find_series(connection, series) or 0,
                part=PART,
                least=least,
                only=only,
            )
        limits = judge.head.accept if judge else Accept()
        found = calibrate(rows, judged=judged, passed=passed, chosen=against.chosen, limits=limits)
        with launch.ledger.write() as connection:
            body = {"series": series, "labels": against.labels, "variant": variant, **_body(found)}
            if only is not None:
                body[AFTER] = stands.changed_at
            if body not in (event for _, _, event in journal.events(connection, "calibrate")[-1:]):
                journal.append(connection, verb="calibrate", body=body, at=now())
            now_stands = standing(connection, series)
            tries = _tries(connection, series, against.labels)
            moved = _moved(connection, series, limits)
            goes = _goes(connection, body)
    changed = now_stands.changed_at is not None
    return Calibrated(
        found,
        name,
        series,
        variant,
        unjudged,
        now_stands.suspended,
        tries,
        changed=changed,
        since=only is not None,
        moved=moved,
        goes=goes,
    )


def _tries(connection: Connection, series: str, labels: str) -> int:
    """Count the versions of a judge that were held against the same labels."""
    kind = series.split("@", maxsplit=1)[0]
    bodies = [body for _, _, body in journal.events(connection, "calibrate")]
    return len(
        {
            body["series"]
            for body in bodies
            if body["series"].split("@", maxsplit=1)[0] == kind and body["labels"] == labels
        }
    )


def _moved(connection: Connection, series: str, limits: Accept) -> dict[str, float] | None:
    """Return the limits that a series was held against last, where they were others than now."""
    bodies = [body for _, _, body in journal.events(connection, "calibrate") if body["series"] == series]
    others: list[dict[str, float]] = [b["limits"] for b in bodies if b["limits"] != limits.model_dump()]
    return others[-1] if others else None


def _goes(connection: Connection, now: dict[str, Any]) -> int:
    """Count how often a series was held against the same labels on the same variant, each time with other counts."""
    alike, counted = ("series", "labels", "variant"), ("bad", "good")
    return len(
        {
            tuple(body.get(key) for key in counted)
            for _, _, body in journal.events(connection, "calibrate")
            if all(body[key] == now[key] for key in alike) and body.get(AFTER) == now.get(AFTER)
        }
    )


def _judge(launch: Opened, name: str, against: Against) -> JudgeFile | None:
    known = any(judge.name == name for judge in launch.reading.judges)
    return judge_named(launch, name) if known or not against.recorded else None


def _there(judge: JudgeFile | None) -> JudgeFile:
    assert judge is not None
    return judge


def _criterion(launch: Opened, judge: JudgeFile | None, against: Against) -> Criterion | None:
    for criterion in launch.reading.criteria:
        scorer = criterion.scorer
        if (judge and criterion.id == judge.head.criterion) or (
            scorer and against.recorded and scorer.recorded == against.recorded
        ):
            return criterion
    return None


def _variant_no(launch: Opened, connection: Connection, name: str) -> int:
    if name not in launch.launch.variants:
        known = ", ".join(launch.launch.variants)
        raise BadInput(f"there is no variant `{name}`", where="launch.yaml", remedy=f"use one of: {known}")
    fingerprint = variant_fingerprint(launch.layout, launch.launch.resolved(name))
    number = find_variant(connection, name, fingerprint)
    if number is None:
        raise BadInput(
            f"nothing is recorded of `{name}`", where="the ledger", remedy="import or run its outputs first"
        )
    return number


def _since(
    connection: Connection, launch: Opened, variant_no: int, series: str, labels: str, call: int | None
) -> set[tuple[int, int]] | None:
    """Return the outputs that count once a judge has shown a change: those judged since, if any of them is labelled."""
    if call is None:
        return None
    since = judged_after(connection, series, variant_no, call)
    number = labels_series(connection, variant_no, labels)
    there = labelled(
        connection,
        set_no=launch.cases.no,
        variant_no=variant_no,
        series_no=find_series(connection, series) or 0,
        labels_no=number or 0,
        part=PART,
    )
    return since if any((row.case_no, row.repeat) in since and row.has is not None for row in there) else None


def _rows(
    launch: Opened,
    connection: Connection,
    variant_no: int,
    series: str,
    labels: str,
    judge: JudgeFile | None,
    least: float,
    only: set[tuple[int, int]] | None,
) -> tuple[list[Graded], int]:
    """Return the labelled outputs with a verdict, and how many have none; what a judge was shown is left out, with its kin."""
    if judge is not None and series.startswith(SERIES):
        verdicts = Scored(variant_no, find_series(connection, series) or 0)
        refuse_stale_verdicts(launch, connection, judge, verdicts, PART)
    labels_no = labels_series(connection, variant_no, labels)
    if labels_no is not None and labels_no == find_series(connection, series):
        raise BadInput(
            f"`{labels}` would be held against itself, and always be right",
            where="--labels",
            remedy="name the labels that people gave",
        )
    shown = kin(connection, launch.cases.no, [case.id for case in judge.shown] if judge else [])
    slices = {
        number: tuple(slices_of(launch.launch.slices, tags))
        for number, tags in tags_of(connection, launch.cases.no).items()
    }
    # What `label` brought is 0 or 1; what came with the outcomes is read as the judge's score is.
    passes = 1.0 if find_series(connection, f"labels:{labels}") == labels_no else least
    rows, unjudged = [], 0
    found = labelled(
        connection,
        set_no=launch.cases.no,
        variant_no=variant_no,
        series_no=find_series(connection, series) or 0,
        labels_no=labels_no or 0,
        part=PART,
    )
    for row in found:
        if row.key in shown:
            continue
        if row.has is None:
            unjudged += 1
            continue
        if only is not None and (row.case_no, row.repeat) not in only:
            continue
        rows.append(
            Graded(
                group=2 * row.case_no if row.alone else 2 * row.group_no + 1,
                passed=row.judged is not None and row.judged >= least,
                good=row.label >= passes,
                slices=slices[row.tagset_no],
                length=len(output_text(row)),
            )
        )
    return rows, unjudged


def _nothing(launch: Opened, name: str, against: Against, unjudged: int) -> Refused:
    folder = launch.layout.folder.name or "."
    if unjudged:
        return Refused(
            f"the judge has no verdict on any of the {unjudged:,} labelled outputs of calibrate cases",
            where=f"judge {name}",
            remedy=f"run `shipworthy judge run {folder} {name}` first",
        )
    return Refused(
        f"no output of a calibrate case carries a label by `{against.labels}`",
        where="the ledger",
        remedy=f"draw some with `shipworthy judge suggest {folder} {name} --part calibrate`, label them, and bring them in",
    )


def _body(found: Calibration) -> dict[str, Any]:
    """Return what the journal keeps: counts, bounds and limits; plain numbers only."""
    whole = found.whole
    return {
        "state": found.state,
        "chosen": found.chosen,
        "bad": whole.bad,
        "caught": whole.caught,
        "good": whole.good,
        "accused": whole.accused,
        "catches": _bounds(found.catches),
        "accuses": _bounds(found.accuses),
        "limits": found.limits.model_dump(),
    }


def _bounds(share: Share | NotEstimable) -> list[float] | None:
    return None if isinstance(share, NotEstimable) else [round(share.low, 9), round(share.high, 9)]
