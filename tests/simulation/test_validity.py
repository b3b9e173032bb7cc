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


@pytest.mark.parametrize("name", QUICK)
def test_a_cell_keeps_its_error_or_refuses(name):
    """A launch whose truth lies on its bar ships no more often than the plan accepts."""
    assert prove_cell(name, seed=SEED, full=False).state in ("keeps", "refuses")


@pytest.mark.campaign
@pytest.mark.parametrize("family", sorted({cell.family for cell in cells().values()} - {"judges"}))
def test_every_cell_of_a_family_keeps_its_error(family):
    """No cell of the small grid ships wrongly, or draws a bound above the truth, more often than it says."""
    proof = prove(only=f"*{family}*", jobs=1)

    assert [cell.name for cell in proof.cells if cell.state == "fails"] == []


@pytest.mark.campaign
@pytest.mark.parametrize("judge", ["good", "lenient", "fair", "useless"])
def test_judged_cells_keep_their_error(judge):
    """The same for each judge with fifty labels, however they were chosen, and with few outputs."""
    proof = prove(only=f"50 labels*{judge} judge", jobs=1)

    assert [cell.name for cell in proof.cells if cell.state == "fails"] == []
