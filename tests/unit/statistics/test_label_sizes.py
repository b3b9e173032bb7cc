"""How many labels: one promise a test."""

import numpy as np
import pytest
from scipy.stats import binom

from shipworthy.statistics.buehler import JudgedOutcome
from shipworthy.statistics.label_design import LabelDesign
from shipworthy.statistics.label_sizes import _deciding, labels_needed
from shipworthy.statistics.results import NotEstimable

PLAN = {"bar": 0.9, "hoped": 0.97, "judged": 1000, "alpha": 0.05, "power": 0.8}


def test_a_better_judge_needs_fewer_labels():
    """A good judge saves labels, and a useless one costs hardly any beyond the 89 that labels alone take."""
    good, useless = labels_needed(tpr=0.97, tnr=0.9, **PLAN), labels_needed(tpr=0.9, tnr=0.1, **PLAN)
    assert good < 60 < useless < 100


def test_what_cannot_be_shown_is_said_so():
    """No hope above the bar, too few outputs, or an error too small: a reason in place of a number."""
    assert isinstance(labels_needed(tpr=0.97, tnr=0.9, **(PLAN | {"hoped": 0.9})), NotEstimable)
    assert "judge more outputs" in labels_needed(tpr=0.97, tnr=0.9, **(PLAN | {"judged": 30})).reason
    assert "sets aside" in labels_needed(tpr=0.97, tnr=0.9, **(PLAN | {"alpha": 1e-6})).reason


def test_the_deciding_region_is_where_the_p_value_is_small_enough():
    """Outcomes in the region show the bar, and the ones just outside do not."""
    design = LabelDesign(300, 270, 54, 6, "random")
    region = _deciding(design, bar=0.8, alpha=0.05)
    for rescued in (0, 2, 5):
        upheld = int(region.fewest[design._bins.seen, rescued])
        assert JudgedOutcome(design, upheld, rescued).p_above(0.8) <= 0.05
        assert JudgedOutcome(design, upheld - 1, rescued).p_above(0.8) > 0.049


def test_power_is_reached_in_draws():
    """Of 150 draws with the labels named, about four in five show the bar."""
    labels = labels_needed(tpr=0.97, tnr=0.9, **PLAN)
    rng, q = np.random.default_rng(4), 0.97 * 0.97 + 0.03 * 0.1
    shown = 0
    for _ in range(150):
        passed = int(rng.binomial(1000, q))
        ones = int(rng.hypergeometric(passed, 1000 - passed, labels))
        upheld, rescued = (
            rng.binomial(ones, 0.97 * 0.97 / q),
            rng.binomial(labels - ones, 0.97 * 0.03 / (1 - q)),
        )
        design = LabelDesign(1000, passed, ones, labels - ones, "random")
        shown += JudgedOutcome(design, int(upheld), int(rescued)).p_above(0.9) <= 0.05
    assert binom.cdf(shown, 150, 0.8) > 1e-4
    assert binom.sf(shown - 1, 150, 0.9) > 1e-4


@pytest.mark.parametrize(("name", "wrong"), [("bar", 1.0), ("tpr", -0.1), ("judged", 0), ("power", 1.0)])
def test_arguments_out_of_range_are_refused(name, wrong):
    """Each argument outside its range is refused by name."""
    with pytest.raises(ValueError, match=name):
        labels_needed(**({"tpr": 0.97, "tnr": 0.9} | PLAN | {name: wrong}))
