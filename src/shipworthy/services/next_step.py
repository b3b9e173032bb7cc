"""Next: the one next step of a launch, also of one whose files have mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shipworthy.coach.next_step import Step
from shipworthy.coach.next_step import next_step as next_of
from shipworthy.coach.sceptic import Readiness
from shipworthy.domain.errors import BadInput, FolderHasProblems, Misused
from shipworthy.services.check import check
from shipworthy.services.pressure_test import pressure_test


@dataclass(frozen=True)
class Next:
    """The step, and how ready the five parts are; none where the folder could not be read."""

    step: Step
    readiness: tuple[Readiness, ...] = ()


def next_step(folder: Path) -> Next:
    """Return the one next step; takes no look and writes nothing.

    Raises:
        BadInput: there is no such folder.
    """
    if not folder.is_dir():
        raise BadInput(
            "there is no such launch folder", where=str(folder), remedy=f"run `shipworthy init {folder}`"
        )
    problems = check(folder).problems
    if problems:
        return Next(_mend(folder, len(problems), str(problems[0])))
    try:
        tested = pressure_test(folder)
    except FolderHasProblems as error:
        return Next(_mend(folder, len(error.problems), str(error.problems[0])))
    except (BadInput, Misused) as error:
        remedy = error.remedy[:1].upper() + error.remedy[1:]
        return Next(Step("Reality", f"{remedy or 'Mend it'}.", error.what, 5, f"shipworthy check {folder}"))
    return Next(next_of(tested.facts, tested.challenged), tested.readiness)


def _mend(folder: Path, number: int, first: str) -> Step:
    why = f"{number} problem{'s' if number != 1 else ''} in the folder; the first: {first}"
    return Step("Reality", "Mend the files.", why, 10, f"shipworthy check {folder}")
