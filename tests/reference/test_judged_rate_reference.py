"""Judged rates against values that independent programs produced; see `make_judged_rate.py`."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from shipworthy.statistics.buehler import TOLERANCE, JudgedOutcome
from shipworthy.statistics.judged_groups import JudgedCase, group_evidence
from shipworthy.statistics.label_design import SPENT, LabelDesign
from shipworthy.statistics.transported import Transported

REFERENCE = json.loads(Path(__file__).with_name("judged_rate.json").read_text("utf-8"))


@pytest.mark.parametrize("row", REFERENCE["judged"], ids=lambda r: f"{r['passed']}/{r['judged']}@{r['bar']}")
def test_judge_and_labels_match_brute_force(row):
    """The p-value is the worst chance found by listing every outcome, raised by what it says, and hardly more."""
    design = LabelDesign(row["judged"], row["passed"], row["of_passed"], row["of_failed"], "random")
    found = JudgedOutcome(design, row["upheld"], row["rescued"]).p_above(row["bar"])
    assert row["worst"] <= found <= row["worst"] * (1 + 1.5 * TOLERANCE) + 2 * SPENT


@pytest.mark.parametrize("row", REFERENCE["sought"], ids=lambda r: str(r["alpha"]))
def test_sought_labels_match_three_beta_quantiles(row):
    """The bound is that of scipy's beta law to ten digits."""
    assert Transported(**row["counts"]).lower(row["alpha"]) == pytest.approx(row["lower"], rel=1e-10)


@pytest.mark.parametrize("row", REFERENCE["groups"], ids=lambda r: r["by_verdict"])
def test_values_of_groups_match_fractions(row):
    """A group's value is the one that fractions give."""
    group = tuple(JudgedCase(*case) for case in row["cases"])
    value = group_evidence(((group, 1),), "by_verdict").values[0]
    assert value == pytest.approx(float(Fraction(row["by_verdict"])), rel=1e-12)
