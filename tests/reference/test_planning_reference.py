"""Plans agree with values that other programs computed."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from shipworthy.statistics.design_effect import correlation
from shipworthy.statistics.projection import GroupLaw, law_of_gain, law_of_rate
from shipworthy.statistics.sample_size import chance_to_show, groups_near_power

REFERENCE = json.loads(Path(__file__).with_name("planning.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", REFERENCE["correlations"])
def test_correlations_agree_with_the_ratio_of_variances_by_scipy(row):
    """Equal and unequal groups, outcomes that agree and outcomes that take turns."""
    found = correlation({(x, k): n for x, k, n in row["counts"]})
    assert found.estimate == pytest.approx(row["icc"], abs=1e-12)


@pytest.mark.parametrize("row", REFERENCE["beta_binomials"])
def test_shares_of_a_group_agree_with_scipy(row):
    """The law of a group is the beta-binomial, and the binomial where nothing is alike."""
    law = law_of_rate(row["rate"], outcomes=row["outcomes"], icc=row["icc"])
    assert law.shares == pytest.approx(row["shares"], abs=1e-11)


@pytest.mark.parametrize("row", REFERENCE["binomial_sizes"])
def test_prices_of_single_cases_agree_with_trying_every_size(row):
    """Fresh groups, and further ones after 46 of 50 that passed."""
    asked = {key: row[key] for key in ("bar", "hoped", "power", "seen")}
    assert groups_near_power(**asked, seen_passed=row["passed"], alpha=0.05) == row["n"]
    if not row["seen"]:
        chance = chance_to_show(n=row["n"], bar=row["bar"], hoped=row["hoped"], alpha=0.05)
        assert chance == pytest.approx(row["chance"], abs=1e-10)


@pytest.mark.parametrize("row", REFERENCE["mcnemar_powers"])
def test_chances_of_a_gain_lie_near_the_exact_power_of_mcnemars_test(row):
    """The saddle point is within a point of adding up every number of changed cases."""
    law = law_of_gain(row["gain"], discordance=row["discordance"])
    assert law.chance(n=row["n"], bar=0.5, alpha=0.05) == pytest.approx(row["power"], abs=0.01)


@pytest.mark.parametrize("row", REFERENCE["gaffke_powers"])
def test_chances_of_24_groups_lie_near_the_listing_of_every_sample(row):
    """With so few groups the saddle point is within a point and a half of exact rational arithmetic."""
    law = GroupLaw((0.0, 0.5, 1.0), tuple(float(Fraction(s)) for s in row["shares"]))
    assert law.chance(n=row["n"], bar=float(Fraction(row["bar"])), alpha=0.05) == pytest.approx(
        row["power"], abs=0.015
    )
