"""Watching a promise against values worked out another way; see `make_after_launch.py`."""

import json
from pathlib import Path

import pytest

from shipworthy.statistics.e_detector import EDetector
from shipworthy.statistics.early_warning import EarlyWarning
from shipworthy.statistics.mix_change import MixChange

REFERENCE = json.loads(Path(__file__).with_name("after_launch.json").read_text("utf-8"))


@pytest.mark.parametrize("row", REFERENCE["streams"], ids=lambda r: f"{r['promise']}-{len(r['values'])}")
def test_evidence_is_the_sum_over_every_start(row):
    """The running sums are those of following every start by itself in 50 digits, and never above them."""
    detector = EDetector.start(promise=float(row["promise"])).after(map(float, row["values"]))
    assert detector.evidence == pytest.approx(row["evidence"], rel=2e-9)
    assert detector.evidence <= row["evidence"]


@pytest.mark.parametrize("row", REFERENCE["warnings"], ids=lambda r: f"{r['up']}-{r['height']}@{r['rate']}")
def test_run_lengths_are_those_of_exact_fractions(row):
    """The time between rings is the exact one, lowered by a millionth of itself."""
    warning = EarlyWarning(0.9, 0.8, row["up"], row["down"], row["height"])
    found = warning.outputs_between_rings(row["rate"])
    assert row["length"] * (1 - 2e-6) <= found <= row["length"]


@pytest.mark.parametrize("row", REFERENCE["mixes"], ids=lambda r: str(r["counts"]))
def test_mix_ratios_are_those_of_scipy(row):
    """The evidence against a mix is the averaged ratio that scipy.stats gives, where it is above 1."""
    names = [f"s{i}" for i in range(len(row["shares"]))]
    mix = MixChange.start(declared=dict(zip(names, row["shares"], strict=True)))
    found = mix.after(dict(zip(names, row["counts"], strict=True))).highest
    assert found == pytest.approx(max(row["ratio"], 1.0), rel=1e-7)
