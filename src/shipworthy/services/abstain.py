"""Abstain: from which confidence on a variant may answer, chosen on open cases; nothing sealed is read."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import BadInput
from shipworthy.services.ahead import load_ahead
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import series_of
from shipworthy.services.show import scored_criterion, variant_of
from shipworthy.statistics.abstention import GRID, Abstention, Step, answer_from, steps_of
from shipworthy.statistics.results import NotEstimable
from shipworthy.store.of_outputs import OPEN, PASSED, Of
from shipworthy.store.reading import values_of
from shipworthy.store.runs import find_series, recorded_names


@dataclass(frozen=True)
class Abstaining:
    """From which confidence on a variant may answer, and what it costs in answers.

    Attributes:
        variant: whose outputs.
        criterion: which says whether an answer is good.
        confidence: the recorded score that says how sure the variant was.
        bar: the criterion's, now asked of answered cases alone.
        error: the chance of a threshold at which the rate is under the bar.
        cases: open cases, one a group.
        aside: further open outputs of the same groups, left aside.
        without: of the cases, how many carry no confidence and so are never answered.
        passed: of the cases, how many pass when every one is answered.
        steps: every threshold asked about, from the highest down.
        found: the threshold chosen, or why there is none.
        answered: what to write under the criterion, so that the claim is decided on sealed cases; empty without a
            threshold.
        first: what else has to be changed before that, in words.
    """

    variant: str
    criterion: str
    confidence: str
    bar: float
    error: float
    cases: int
    aside: int
    without: int
    passed: int
    steps: tuple[Step, ...]
    found: Abstention | NotEstimable
    answered: dict[str, str | float]
    first: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Case:
    passed: bool
    confidence: float | None


def abstain(
    folder: Path, *, confidence: str, criterion: str | None = None, variant: str | None = None
) -> Abstaining:
    """Choose, on open cases, from which confidence on a variant may answer; takes no look and writes nothing.

    The thresholds are those of `GRID`, fixed beforehand. One case of each group counts, the first of the eval set;
    a case without a confidence is never answered.

    Args:
        folder: the launch.
        confidence: a score of the imported file, from 0 to 1, more is surer.
        criterion: which says whether an answer is good; the first that has a scorer unless said.
        variant: whose outputs; the candidate's unless said.

    Raises:
        BadInput: there is no such variant, criterion or score, or it is not what is asked for.
        FolderHasProblems: the folder has mistakes.
    """
    load_ahead("numpy")
    with opened(folder) as launch, launch.ledger.read() as connection:
        name, number = variant_of(launch, connection, variant)
        asked = _rate(scored_criterion(launch, criterion))
        graded = _series(connection, number, confidence, asked, launch)
        cases, aside = _cases(connection, _of(launch, connection, number, asked), graded)
        if not cases:
            raise BadInput(
                f"no open output of `{name}` is recorded",
                where="parts explore, tune and calibrate",
                remedy="run or import open cases first: a threshold is never chosen on sealed ones",
            )
        grid = _grid(cases, confidence)
        bar, error = asked.bar.value, asked.error or launch.launch.error
        found = answer_from(grid, cases=len(cases), bar=bar, alpha=error)
        answered: dict[str, str | float] = {}
        if isinstance(found, Abstention):
            answered = {
                "confidence": confidence,
                "at_least": found.threshold,
                "of_cases": found.share_to_ask(error),
            }
        return Abstaining(
            name, asked.id, confidence, bar, error, len(cases), aside,
            sum(case.confidence is None for case in cases),
            sum(case.passed for case in cases),
            tuple(steps_of(grid, cases=len(cases), bar=bar)),
            found, answered, _first(launch, asked) if answered else (),
        )  # fmt: skip


def _first(launch: Opened, asked: Criterion) -> tuple[str, ...]:
    """Say what has to be changed before the claim can decide anything."""
    said = []
    if asked.kind == "diagnostic":
        said.append(f"let `{asked.id}` be a goal or a guardrail: a diagnostic decides nothing")
    if launch.launch.looks != "once":
        said.append("write `looks: once` in launch.yaml")
    return tuple(said)


def _rate(criterion: Criterion) -> Criterion:
    """Return the criterion if "how many of the answered pass" is a question about it."""
    if criterion.estimand != "rate" or not 0 < criterion.bar.value < 1:
        raise BadInput(
            f"`{criterion.id}` is no rate with a bar between 0 and 1",
            where="criteria.yaml",
            remedy="name a criterion with `estimand: rate`: a threshold is shown by how many answers pass",
        )
    return criterion


def _series(connection: Connection, number: int, confidence: str, asked: Criterion, launch: Opened) -> int:
    """Return the number of the confidence's series.

    Raises:
        BadInput: there is none of that name, or it is what the criterion itself reads.
    """
    name = f"recorded:{confidence}"
    if series_of(launch).get(asked.id) == name:
        raise BadInput(
            f"`{confidence}` is what `{asked.id}` itself reads",
            where="criteria.yaml",
            remedy="name what the feature knew before anybody judged the answer",
        )
    known = recorded_names(connection, number)
    series_no = find_series(connection, name)
    if series_no is None or confidence not in known:
        raise BadInput(
            f"there is no recorded score `{confidence}`",
            where="the ledger",
            remedy=f"import it as `score.{confidence}`; recorded scores: {', '.join(known) or 'none yet'}",
        )
    return series_no


def _of(launch: Opened, connection: Connection, number: int, asked: Criterion) -> Of:
    series_no = find_series(connection, series_of(launch).get(asked.id, ""))
    if series_no is None:
        raise BadInput(
            f"nothing is scored under `{asked.id}` yet",
            where="the ledger",
            remedy="run `shipworthy score`, or import the scores",
        )
    passes_from = asked.pass_when.at_least if asked.pass_when else 1.0
    return Of(launch.cases.no, number, series_no, passes_from, parts=OPEN)


def _cases(connection: Connection, of: Of, graded: int) -> tuple[list[_Case], int]:
    """Return the first output of each group, and how many further ones there are."""
    import numpy as np  # noqa: PLC0415 - it is loading meanwhile

    from shipworthy.store.outcomes import cases_of, outcomes  # noqa: PLC0415

    found = outcomes(connection, of)
    groups = cases_of(connection, of.set_no).group[found.at]
    first = np.sort(np.unique(groups, return_index=True)[1])
    sure = values_of(connection, Of(of.set_no, of.variant_no, graded, parts=OPEN))
    keys = zip(found.case_no[first].tolist(), found.repeat[first].tolist(), strict=True)
    passed = (found.code[first] == PASSED).tolist()
    return [
        _Case(good, sure.get(key)) for good, key in zip(passed, keys, strict=True)
    ], groups.size - first.size


def _grid(cases: list[_Case], confidence: str) -> dict[float, tuple[int, int]]:
    """Return cases and passes between each threshold and the next."""
    grid = dict.fromkeys(GRID, (0, 0))
    for case in cases:
        if case.confidence is None:
            continue
        if not 0 <= case.confidence <= 1:
            raise BadInput(
                f"`{confidence}` has the value {case.confidence:g}, which is outside 0 to 1",
                where="the ledger",
                remedy="record the confidence on a scale from 0 to 1, more is surer",
            )
        threshold = GRID[bisect_right(GRID, case.confidence) - 1]
        answered, good = grid[threshold]
        grid[threshold] = answered + 1, good + case.passed
    return grid
