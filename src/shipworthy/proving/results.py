"""What a cell showed, and what that means."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

SCHEMA = "shipworthy.validity/1"
SIGMAS = 3.0
"""Monte-Carlo standard errors that a share may lie above the error; enumerated cells have none."""

TIGHT = 1e-9
"""Room for rounding where a chance was enumerated."""

State = Literal["keeps", "fails", "refuses", "never ships", "outside"]


@dataclass(frozen=True)
class Chance:
    """A chance, enumerated exactly or counted over draws.

    Attributes:
        value: from 0 to 1.
        draws: how many launches it was counted over; 0 when it was enumerated.
    """

    value: float
    draws: int = 0

    def allowed(self, error: float) -> float:
        """Return the largest value that still agrees with a chance of at most `error`."""
        if not self.draws:
            return error + TIGHT
        return error + SIGMAS * math.sqrt(error * (1 - error) / self.draws)


@dataclass(frozen=True)
class Rival:
    """The strongest valid competitor on the same draws.

    Attributes:
        name: what it is.
        power: what it reached.
    """

    name: str
    power: Chance


@dataclass(frozen=True)
class Cell:
    """What one cell of the grid showed.

    Attributes:
        name: the cell.
        family: what it belongs to.
        error: the plan's.
        wrong: chance that a false claim was shipped, over all looks and variants.
        power: share of the truly good traffic that was shipped under the better truth.
        rival: the competitor, where there is one.
        coverage: chance that the bound shown is at or below the truth, where there is one claim and one look.
        used: mean share of the groups that were in at the first ship, or at the end, under the better truth.
        refused: share of launches in which some claim had no number.
        tuned: chance that the winner of the tuning cases would ship wrongly if judged on those same cases.
        outside: why a wrong ship is not the plan's to prevent here; empty where it is.
    """

    name: str
    family: str
    error: float
    wrong: Chance
    power: Chance
    rival: Rival | None = None
    coverage: Chance | None = None
    used: float | None = None
    refused: float = 0.0
    tuned: Chance | None = None
    outside: str = ""

    @property
    def misses(self) -> bool:
        """Whether the bound shown lies above the truth more often than it says."""
        if self.coverage is None:
            return False
        return 1.0 - self.coverage.value > self.coverage.allowed(self.error)

    @property
    def state(self) -> State:
        """What it means: wrong ships, or bounds above the truth, more often than allowed fail, whatever else is true."""
        if self.outside:
            return "outside"
        if self.wrong.value > self.wrong.allowed(self.error) or self.misses:
            return "fails"
        if self.refused == 1.0:
            return "refuses"
        return "never ships" if max(self.power.value, self.wrong.value) < TIGHT else "keeps"


@dataclass(frozen=True)
class Proof:
    """A run of the campaign: its cells in the order of the grid."""

    grid: str
    seed: int
    cells: tuple[Cell, ...]
    versions: tuple[tuple[str, str], ...] = ()
    only: str = ""
    """The pattern that cells were kept by; empty for the whole grid."""

    def counted(self, state: State) -> int:
        """Return how many cells are in a state."""
        return sum(cell.state == state for cell in self.cells)

    def families(self) -> dict[str, list[Cell]]:
        """Return the cells by family, in order."""
        found: dict[str, list[Cell]] = {}
        for cell in self.cells:
            found.setdefault(cell.family, []).append(cell)
        return found

    @property
    def holds(self) -> bool:
        """Whether no cell fails."""
        return not self.counted("fails")
