"""Quantiles and heavy tails against scipy; see `make_tails.py`."""

import json
from pathlib import Path

import pytest

from shipworthy.statistics.heavy_tail import inflation
from shipworthy.statistics.quantile_bound import QuantileBound
from shipworthy.statistics.results import NotEstimable

REFERENCE = json.loads(Path(__file__).with_name("tails.json").read_text("utf-8"))


@pytest.mark.parametrize("row", REFERENCE["places"], ids=lambda r: f"{r['n']}-{r['quantile']}@{r['alpha']}")
def test_bounds_stand_at_the_places_of_an_exact_search(row):
    """Both bounds are the values at the places that scipy's binomial gives, or refused where it gives none."""
    bound = QuantileBound.from_histogram(dict.fromkeys(range(1, row["n"] + 1), 1), quantile=row["quantile"])
    for side in ("lower", "upper"):
        found = getattr(bound, side)(row["alpha"])
        assert (None if isinstance(found, NotEstimable) else found) == row[side]


@pytest.mark.parametrize("row", REFERENCE["factors"], ids=lambda r: f"{r['n']}-{r['variation']}")
def test_factor_is_the_smallest_there_is(row):
    """The factor for a stated variation is within a thousandth of the minimum, and never below it."""
    found = inflation(groups=row["n"], variation=row["variation"], alpha=row["alpha"])
    assert row["factor"] * (1 - 1e-9) <= found <= row["factor"] * 1.001
