"""The release gate: the campaign that users can run, on cells of every kind."""

from __future__ import annotations

import pytest

from shipworthy.proving.grid import cells
from shipworthy.services.prove import SEED, prove, prove_cell

QUICK = (
    "rate bar=0.8 n=50", "planned, 20 looks bar=0.9 n=200", "open, 5 looks bar=0.9 n=500",
    "mix: hard slice 60 of 300, 0.3 of the traffic, by slice", "best of 20 on 300 tuning cases, 300 sealed bar=0.9",
    "3 criteria, one false bar=0.9 n=100", "20 variants on one holdout, all planned bar=0.9 n=200",
    "groups of 4 bar=0.8 n=8",
)  # fmt: skip
"""Cells of several kinds that take a few seconds together."""


def _parts() -> dict[str, list[str]]:
    """Return the cells of the small grid, but those of judges, in parts of at most four cells of one family."""
    families: dict[str, list[str]] = {}
    for name, cell in cells().items():
        if cell.family != "judges":
            families.setdefault(cell.family, []).append(name)
    return {
        f"{family} {first // 4 + 1}": names[first : first + 4]
        for family, names in sorted(families.items())
        for first in range(0, len(names), 4)
    }


@pytest.mark.parametrize("name", QUICK)
def test_a_cell_keeps_its_error_or_refuses(name):
    """A launch whose truth lies on its bar ships no more often than the plan accepts."""
    assert prove_cell(name, seed=SEED, full=False).state in ("keeps", "refuses")


@pytest.mark.campaign
@pytest.mark.parametrize("part", _parts())
def test_every_cell_of_a_family_keeps_its_error(part):
    """No cell of the small grid ships wrongly, or draws a bound above the truth, more often than it says."""
    assert [name for name in _parts()[part] if prove_cell(name, seed=SEED, full=False).state == "fails"] == []


@pytest.mark.campaign
@pytest.mark.parametrize("judge", ["good", "lenient", "fair", "useless"])
def test_judged_cells_keep_their_error(judge):
    """The same for each judge with fifty labels, however they were chosen, and with few outputs."""
    proof = prove(only=f"50 labels*{judge} judge", jobs=1)

    assert [cell.name for cell in proof.cells if cell.state == "fails"] == []
