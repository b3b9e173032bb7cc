"""Sentinels: labelled outputs that a judge judges again in every run, to see whether it still is what it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from shipworthy.decision.sentinels import Again, Drift, drift
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.evalset import Case
from shipworthy.domain.judge import JudgeFile
from shipworthy.judges.message import to_judge
from shipworthy.services.clock import now
from shipworthy.services.judge_asking import Asker, Verdicts, output_text
from shipworthy.services.opened import Opened
from shipworthy.services.waiting import Planned
from shipworthy.store import journal
from shipworthy.store.evalset_file import read_cases
from shipworthy.store.judge_key import judge_key
from shipworthy.store.judged import labelled
from shipworthy.store.runs import find_series, has_values

TAG = "sentinel"


Found = dict[tuple[int, int], Any]
"""Outputs by case number and repeat."""


def sentinels(launch: Opened, judge: JudgeFile, variants: dict[str, int], *, series: str) -> dict[str, Found]:
    """Return the sentinels of each variant that has some: outputs that people labelled and the judge has judged.

    Args:
        launch: the launch.
        judge: the judge.
        variants: whose outputs, by name.
        series: the judge's series.
    """
    if judge.head.sentinels is None:
        return {}
    marked = {case.id for case in _marked(launch)}
    there: dict[str, Found] = {}
    with launch.ledger.read() as connection:
        for name, number in variants.items():
            labels = labels_series(connection, number, judge.head.sentinels)
            found = labelled(
                connection,
                set_no=launch.cases.no,
                variant_no=number,
                series_no=find_series(connection, series) or 0,
                labels_no=labels or 0,
                part="calibrate",
            )
            there[name] = {
                (row.case_no, row.repeat): row
                for row in found
                if row.key in marked and row.has is not None and row.text is not None
            }
    return {name: found for name, found in there.items() if found}


def _marked(launch: Opened) -> list[Case]:
    return [c for c in read_cases(launch.layout, []) if c.part == "calibrate" and c.tags.get(TAG)]


async def regrade(
    launch: Opened,
    asker: Asker,
    judge: JudgeFile,
    criterion: Criterion,
    variants: dict[str, int],
    *,
    series: str,
) -> Drift | None:
    """Judge the sentinels again and hold what is said now against what was said first; None without any.

    What is said now is not kept as a score: the first verdict counts.

    Args:
        launch: the launch.
        asker: asks the judge, which is started.
        judge: the judge.
        criterion: by what it judges.
        variants: whose outputs, by name.
        series: the judge's series.
    """
    rows: list[Again] = []
    least = criterion.pass_when.at_least if criterion.pass_when else 1.0
    for name, found in sentinels(launch, judge, variants, series=series).items():
        number = variants[name]
        if found:
            said = Verdicts(asker.reached.judge, number)
            await asker.ask(_source(launch, asker, judge, criterion, name, found), said)
            rows += [
                Again(
                    2 * row.case_no if row.alone else 2 * row.group_no + 1,
                    agree(row.judged, row.label, least), agree(said.found[key].value, row.label, least),
                )
                for key, row in found.items()
                if key in said.found
            ]  # fmt: skip
    result = drift(rows)
    if result is not None:
        body = {"series": series, **msgspec.to_builtins(result)}
        with launch.ledger.write() as connection:
            journal.append(connection, verb="sentinel", body=body, at=now())
    return result


def agree(verdict: float | None, label: float, least: float) -> bool:
    """Whether a verdict and a label say the same of an output: that it passes, or that it does not.

    Args:
        verdict: the judge's, 0 or 1; None when it gave none, which agrees with nothing.
        label: a person's, graded or not.
        least: the value from which on an output passes.
    """
    return verdict is not None and (verdict >= least) is (label >= least)


def labels_series(connection: Any, variant_no: int, name: str) -> int | None:
    """Return the series of people's labels: those that `label` brought, else those that came with the outcomes."""
    brought, came = f"labels:{name}", f"recorded:{name}"
    return find_series(connection, brought if has_values(connection, variant_no, brought) else came)


def _source(
    launch: Opened,
    asker: Asker,
    judge: JudgeFile,
    criterion: Criterion,
    name: str,
    found: Found,
) -> Iterator[Planned]:
    marked = {case.id: case for case in _marked(launch)}
    key, fingerprint = judge_key(launch.layout), asker.series.split("@")[1]
    for place, row in found.items():
        about = (fingerprint, name, row.key, str(row.repeat))
        message = to_judge(key, judge, criterion, about, marked[row.key], output_text(row))
        yield asker.planned(message, row.key, place)
