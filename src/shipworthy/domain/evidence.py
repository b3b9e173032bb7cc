"""Evidence as the verdict reads it: small tables of counts, never rows.

Ten million outputs fall into few distinct outcomes of a case: so many planned, so many passed, in
which slices. A *tally* lists each distinct outcome of a *group* (the unit of independence) once, with
the number of groups that had it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class CaseTally(NamedTuple):
    """What happened to one case under one criterion: planned = passed + failed + unscored + no answer, and handed over where surer outputs alone are answered."""

    cell: int
    """Index into `Evidence.cells`: the set of slices the case belongs to."""
    planned: int
    passed: int
    unscored: int
    no_answer: int
    points: int = 0
    """For a mean: favourable points, of `planned` times the steps of the scale."""
    against_planned: int = 0
    against_passed: int = 0
    """For a difference: the same case under the baseline."""
    labelled_passed: int = 0
    """For a judged rate, where `passed` is the judge's word: outputs it passed that a person labelled too."""
    upheld: int = 0
    """Of those, how many the person passed."""
    labelled_failed: int = 0
    """Outputs that the judge did not pass (failed, or could not say) and that a person labelled."""
    rescued: int = 0
    """Of those, how many the person passed."""
    handed_over: int = 0
    """Where only surer outputs are answered: outputs below, or without a confidence; none of them counts elsewhere."""

    @property
    def failed(self) -> int:
        """Scored, and not passed."""
        return self.planned - self.passed - self.unscored - self.no_answer - self.handed_over


GroupTally = tuple[CaseTally, ...]


@dataclass(frozen=True)
class Tally:
    """Each distinct outcome of a group, with the number of groups that had it."""

    groups: tuple[tuple[GroupTally, int], ...] = ()


@dataclass(frozen=True)
class Evidence:
    """What is known about one variant under one plan.

    Attributes:
        variant: whose outputs these are.
        cells: the distinct sets of slices that cases belong to, as `topic=orders`, `spanish`, ….
        tallies: criterion id to its counts.
        digest: names the evidence; free of times, equal for equal evidence.
        exploratory: why this evidence can only explore, in words; empty when it may confirm.
        notes: what a reader should know about it (latencies of another tool, late timestamps, …).
        sealed: how many sealed groups touch exactly which cells, up to the planned end of looking; what a
            share of the plan is measured by when looks are planned up to an end.
    """

    variant: str
    cells: tuple[frozenset[str], ...] = ()
    tallies: dict[str, Tally] = field(default_factory=dict)
    digest: str = ""
    exploratory: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sealed: tuple[tuple[frozenset[int], int], ...] = ()
