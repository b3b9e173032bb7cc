"""What is to be mended in the folder, shown on a page that can say the rest all the same."""

from __future__ import annotations

from shipworthy.domain.problem import Problem
from shipworthy.services.check import check
from shipworthy.services.worked_out import worked_out
from shipworthy.web.visit import Visit


def problems_of(visit: Visit) -> tuple[Problem, ...]:
    """Return what `check` has to say of the folder, its cases included."""
    folder = visit.kept.layout.folder
    return worked_out(visit.kept, check, lambda: check(folder).problems)
