"""Whether labels can be a random draw."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from shipworthy.statistics.label_draw import p_random_draw


@given(data=st.data())
def test_it_is_fishers_exact_test(data):
    """The p-value is scipy's two-sided one for the table of labelled or not by passed or not."""
    outputs = data.draw(st.integers(1, 80))
    labels, passed = data.draw(st.integers(0, outputs)), data.draw(st.integers(0, outputs))
    of_passed = data.draw(st.integers(max(0, labels + passed - outputs), min(labels, passed)))
    table = [[of_passed, labels - of_passed], [passed - of_passed, outputs - passed - labels + of_passed]]

    found = p_random_draw(of_passed=of_passed, labels=labels, passed=passed, outputs=outputs)

    assert found == pytest.approx(fisher_exact(table)[1], rel=1e-6, abs=1e-12)


def test_without_labels_and_with_all_there_is_nothing_to_doubt():
    """None or all of the outputs can be labelled in one way only."""
    assert p_random_draw(of_passed=0, labels=0, passed=5, outputs=9) == 1
    assert p_random_draw(of_passed=5, labels=9, passed=5, outputs=9) == 1


def test_counts_that_contradict_each_other_are_refused():
    """More labels on passed outputs than there are."""
    with pytest.raises(ValueError, match="counts contradict each other: 6 of 6 labels on 5 passed of 9"):
        p_random_draw(of_passed=6, labels=6, passed=5, outputs=9)
