"""The error family.

ShipworthyError            the program could not do its work; can say so in three lines
├── BadInput               what was handed over cannot be used          (exit 3)
│   └── FolderHasProblems  the launch folder has mistakes, all listed   (exit 3)
├── Refused                allowed in general, not now, and says why    (exit 3)
├── Unavailable            a file, a disk, a database did not do its part (exit 1)
└── Misused                the command or call itself makes no sense    (exit 2)

Mistakes in the user's own launch folder are not errors but values: see `problem.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.domain.problem import Problem


class ShipworthyError(Exception):
    """The program could not do its work.

    Args:
        what: what happened, one sentence without a final full stop.
        where: the file, line, command or table concerned; empty if nowhere in particular.
        remedy: one thing to try, as an imperative sentence.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def diagnosis(self) -> str:
        """Return the lines a person reads: what happened, where, what to try."""
        lines = [f"error: {self.what}"]
        if self.where:
            lines.append(f"where: {self.where}")
        if self.remedy:
            lines.append(f"to mend it: {self.remedy}")
        return "\n".join(lines)


class BadInput(ShipworthyError):  # noqa: N818 - reads as a noun wherever it is raised
    """What was handed over cannot be used."""

    exit_code = 3


class Refused(ShipworthyError):  # noqa: N818 - reads as a verb wherever it is raised
    """Allowed in general, but not now."""

    exit_code = 3


class Unavailable(ShipworthyError):  # noqa: N818 - reads as a state wherever it is raised
    """Something outside the program did not do its part."""

    exit_code = 1


class Misused(ShipworthyError):  # noqa: N818 - reads as a state wherever it is raised
    """The command or call makes no sense as given."""

    exit_code = 2


class FolderHasProblems(BadInput):
    """The launch folder has mistakes that must be mended first; all of them are listed.

    Args:
        problems: what `check` would print.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        n = len(problems)
        super().__init__(f"the launch folder has {n} problem{'s' if n != 1 else ''}")
        self.problems = tuple(problems)

    def diagnosis(self) -> str:
        """Return one line for each problem, then how many there are."""
        return "\n".join([*map(str, self.problems), f"error: {self.what}"])
