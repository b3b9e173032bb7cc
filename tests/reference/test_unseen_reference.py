"""Unseen modes against a listing of every subset; see `make_unseen.py`."""

import json
from pathlib import Path

import pytest

from shipworthy.statistics.unseen import Unseen

REFERENCE = json.loads(Path(__file__).with_name("unseen.json").read_text("utf-8"))
ONE_MODE_EACH = [r for r in REFERENCE["reviews"] if all(len(g) < 2 for g in r["groups"])]


@pytest.mark.parametrize("row", ONE_MODE_EACH, ids=lambda r: str(r["groups"]))
def test_bound_is_that_of_every_way_to_set_groups_aside(row):
    """Where a group shows one mode at most, the product is the average over all 1,024 ways."""
    unseen = Unseen.from_groups(row["groups"])
    for alpha, upper in row["upper"].items():
        assert unseen.upper(float(alpha)) == pytest.approx(upper, abs=1e-8)


@pytest.mark.parametrize("row", REFERENCE["reviews"], ids=lambda r: str(r["groups"]))
def test_bound_is_never_below_that_of_every_way(row):
    """Where groups show several modes the bound may be larger than the average's, never smaller."""
    unseen = Unseen.from_groups(row["groups"])
    for alpha, upper in row["upper"].items():
        assert unseen.upper(float(alpha)) >= upper - 1e-12


@pytest.mark.parametrize("row", REFERENCE["reviews"], ids=lambda r: str(r["groups"]))
def test_curve_is_the_average_over_every_choice(row):
    """The saturation curve is the average number of modes over all choices of so many groups."""
    unseen = Unseen.from_groups(row["groups"])
    assert [unseen.expected_modes(t) for t in range(11)] == pytest.approx(row["curve"], abs=1e-12)
    assert (unseen.alone, unseen.approximate_upper(0.05)) == (row["alone"], pytest.approx(row["esty"]))
