"""Which outputs are meant, and the four ways in which one can end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shipworthy.store.tables import PARTS

State = Literal["passed", "failed", "unscored", "no answer"]
STATES: tuple[State, ...] = ("passed", "failed", "unscored", "no answer")
PASSED, FAILED, UNSCORED, NO_ANSWER = range(4)
OPEN = ("explore", "tune", "calibrate")


@dataclass(frozen=True)
class Of:
    """Which outputs are meant.

    Attributes:
        set_no: the index of the eval set.
        variant_no: whose outputs.
        series_no: under which score; None under a time or a cost.
        passes_from: the least value that passes; under a time or a cost the most.
        parts: open parts.
        of: the time or the cost, where no score is asked.
        revealed: a look has shown all that is recorded of the holdout, so that it is read as open parts are.
    """

    set_no: int
    variant_no: int
    series_no: int | None
    passes_from: float = 1.0
    parts: tuple[str, ...] = ("explore", "tune")
    of: Literal["latency_s", "cost_usd"] | None = None
    revealed: bool = False

    @property
    def part_numbers(self) -> list[int]:
        """The parts as the ledger numbers them; a sealed part is never among them."""
        allowed = PARTS if self.revealed else OPEN
        return [PARTS.index(part) for part in self.parts if part in allowed]
