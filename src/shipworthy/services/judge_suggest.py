"""Suggest: which outputs people should label next, to correct a judge or to calibrate it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from shipworthy.decision.label_draw import Candidate, draw
from shipworthy.domain.errors import BadInput, Refused
from shipworthy.services.draw_labels import SEALED, answered, labelled_by, write_table
from shipworthy.services.judge_standing import judge_named
from shipworthy.services.opened import opened
from shipworthy.services.planned import last_lock, plan_of
from shipworthy.store.judged import kin

CALIBRATE = frozenset({"calibrate"})


@dataclass(frozen=True)
class Suggested:
    """What was drawn.

    Attributes:
        path: the table to fill in.
        labels: outputs in it.
        outputs: answered outputs there were; None where they are sealed, as that tells how many are not answered.
        already: of those, how many carry a label.
        how: how they were drawn.
        chances: for calibrate cases drawn by verdict, the judge's verdict to (drawn so far, of how many): the chance with
            which each output came to be labelled. Empty for sealed cases, of which no count of verdicts is shown: there
            the correction derives it when a look is taken.
    """

    path: Path
    labels: int
    outputs: int | None
    already: int
    how: str
    chances: dict[str, tuple[int, int]]


def judge_suggest(
    folder: Path,
    name: str,
    n: int,
    path: Path,
    *,
    part: Literal["holdout", "calibrate"] = "holdout",
    how: Literal["random", "by_verdict"] | None = None,
    variant: str | None = None,
) -> Suggested:
    """Draw outputs of a judge's criterion that carry no label yet, blind, and write them to a table.

    On the holdout as the criterion says that labels are chosen. On calibrate cases at random, or by verdict: half of them
    of those that the judge did not pass, because failures are what calibration lacks most.

    Args:
        folder: the launch folder.
        name: the judge.
        n: how many.
        path: the table to write; it must not exist.
        part: whose labels correct the rate (holdout), or admit the judge (calibrate).
        how: for calibrate cases.
        variant: whose outputs; the candidate unless said.

    Raises:
        BadInput: there is no such judge, or its criterion's labels are not chosen by a draw.
        Refused: there is nothing left to label, the file exists, or it would become part of the feature.
    """
    if path.exists():
        raise Refused("the file exists", where=str(path), remedy="name another: labels are not written over")
    with opened(folder) as launch, launch.ledger.read() as connection:
        judge = judge_named(launch, name)
        plan = plan_of(launch)
        criterion = next(c for c in plan.criteria if c.id == judge.head.criterion)
        whose = variant or plan.candidate
        lock = last_lock(connection, plan)
        if part == "holdout" and (lock is None or not lock.holds):
            raise Refused(
                "no plan is locked that holds, so there are no outputs that decide",
                where=str(folder),
                remedy="lock the plan first, or add `--part calibrate` to label for calibration",
            )
        chosen = criterion.labels.chosen if criterion.labels else "random"
        if part == "holdout" and chosen not in ("random", "by_verdict"):
            raise BadInput(
                f"the labels of `{criterion.id}` are chosen `{chosen}`, which is no draw",
                where="criteria.yaml",
                remedy="write `chosen: random` or `chosen: by_verdict` before the lock",
            )
        parts = SEALED if part == "holdout" else CALIBRATE
        found = answered(launch, connection, plan, whose, criterion, parts)
        shown = kin(connection, launch.cases.no, [case.id for case in judge.shown])
        found = {each: row for each, row in found.items() if row[0] not in shown}
        done = labelled_by(connection, launch, whose, criterion, parts)
    labelled = [each for each, row in found.items() if row[:2] in done]
    way: Literal["random", "by_verdict", "halves"] = "random"
    if part == "calibrate":
        way = "halves" if how == "by_verdict" else "random"
    elif chosen == "by_verdict":
        way = "by_verdict"
    drawn = [each for each in draw(list(found), n + len(labelled), way) if found[each][:2] not in done][:n]
    if not drawn:
        raise Refused(
            "there is no answered output left to label",
            where=f"variant {whose}",
            remedy="run or import its outputs, or label those that are drawn already",
        )
    write_table(launch, path, [found[each] for each in drawn])
    chances = _chances(list(found), [*labelled, *drawn]) if way == "halves" else {}
    return Suggested(
        path,
        len(drawn),
        None if part == "holdout" else len(found),
        len(labelled),
        "by verdict" if way != "random" else way,
        chances,
    )


def _chances(outputs: list[Candidate], chosen: list[Candidate]) -> dict[str, tuple[int, int]]:
    return {
        name: (sum(c.passed is passed for c in chosen), sum(c.passed is passed for c in outputs))
        for name, passed in (("passed", True), ("not passed", False))
    }
