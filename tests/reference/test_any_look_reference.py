"""Looking more than once against values that independent programs produced; see `make_any_look.py`."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from shipworthy.statistics import e_process
from shipworthy.statistics.any_look import any_look_p
from shipworthy.statistics.any_look_power import power_any_look
from shipworthy.statistics.boundary import crossing, most_failures
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.normal_walk import chance_of_reaching

REFERENCE = json.loads(Path(__file__).with_name("any_look.json").read_text("utf-8"))


@pytest.mark.parametrize("plan", REFERENCE["any_look"], ids=lambda p: f"{p['end']}@{p['bar']}")
def test_any_look_p_is_the_share_of_sequences_with_a_look_as_good(plan):
    """For every look of every short plan the p-value is that of listing all sequences, never smaller."""
    bar, end = float(Fraction(plan["bar"])), plan["end"]
    for look in plan["looks"]:
        p = GroupMean.from_counts(passed=look["passed"], n=look["n"]).p_above(bar)
        found = any_look_p(p, n=look["n"], end=end, bar=bar, graded=False)
        assert look["any_look_p"] * (1 - 1e-12) <= found <= look["any_look_p"] * (1 + 2e-9)


@pytest.mark.parametrize("row", REFERENCE["walk"], ids=lambda r: f"{r['score']}/{r['steps']}^{r['weight']}")
def test_walk_matches_its_density_carried_on_a_grid(row):
    """The chance for a walk of normal steps is never too low, and hardly too high from 20 steps on."""
    found = chance_of_reaching(row["score"], steps=row["steps"], weight=row["weight"])
    plain = {5: 1.18, 20: 1.05, 100: 1.01, 400: 1.003}
    steep = {5: 1.36, 20: 1.16, 100: 1.03, 400: 1.01}
    most = (plain if row["weight"] <= 0.6 else steep)[row["steps"]]
    assert row["chance"] <= found <= most * row["chance"]


@pytest.mark.parametrize("row", REFERENCE["published"], ids=lambda r: f"{r['kind']} {r['looks']}")
def test_published_constants_spend_what_they_are_said_to(row):
    """O'Brien and Fleming's and Pocock's constants for a two-sided 0.05 are crossed on one side with 0.025."""
    end = 200_000
    looks = np.arange(1, row["looks"] + 1) * end // row["looks"]
    held = (end / looks) ** 0.5 if row["kind"] == "O'Brien-Fleming" else np.ones(len(looks))
    scores = row["constant"] * held
    boundary = np.floor(looks / 2 - scores * np.sqrt(looks) / 2).astype(int)
    assert crossing(boundary, looks, fail=0.5, level=0.05).chance == pytest.approx(0.025, abs=3e-4)


@pytest.mark.parametrize("row", REFERENCE["power"], ids=lambda r: f"{r['bar']}/{r['truth']}/{r['end']}")
def test_power_matches_a_plain_recursion(row):
    """Power and mean number of groups are those of an independent program, and 97 % of one look at least."""
    found = power_any_look(bar=row["bar"], truth=row["truth"], end=row["end"], alpha=0.05)
    assert found.chance == pytest.approx(row["any_look"], abs=1e-9)
    assert found.mean_groups == pytest.approx(row["mean_groups"], abs=1e-6)
    assert found.chance >= 0.97 * row["one_look"]


def test_most_failures_are_those_of_the_level():
    """The most failures within a level are found for every number of groups, as a search over all finds them."""
    groups = np.arange(1, 61)
    found = most_failures(np.full(60, 0.05), np.full(60, -1.645), groups, 0.3)
    for n, most in zip(groups.tolist(), found.tolist(), strict=True):
        shown = [k for k in range(n) if GroupMean.from_counts(passed=n - k, n=n).p_above(0.7) <= 0.05]
        assert most == max(shown, default=-1)


@pytest.mark.parametrize("row", REFERENCE["fortunes"], ids=lambda r: f"{len(r['values'])}@{r['stake']}")
def test_fortune_is_a_product_over_groups(row, monkeypatch):
    """With a single stake the p-value is one over the product of fractions, or 1."""
    monkeypatch.setattr(e_process, "STAKES", np.array([row["stake"]]))
    monkeypatch.setattr(e_process, "WEIGHTS", np.array([1.0]))
    values, counts = np.unique(row["values"], return_counts=True)
    found = e_process.e_p_above(values, counts.astype(float), row["bar"])
    assert found == pytest.approx(min(1 / row["fortune"], 1.0), rel=2e-9)
