"""The judge-corrected rate, by how labels were chosen: one promise a test."""

import math

import pytest

from shipworthy.statistics.judged_rate import JudgedCase, judged_rate
from shipworthy.statistics.results import NotEstimable

COUNTS = {
    (JudgedCase(1, 1, 0, 0, 0, 0),): 810,
    (JudgedCase(1, 0, 0, 0, 0, 0),): 60,
    (JudgedCase(1, 1, 1, 1, 0, 0),): 84,
    (JudgedCase(1, 1, 1, 0, 0, 0),): 6,
    (JudgedCase(1, 0, 0, 0, 1, 1),): 4,
    (JudgedCase(1, 0, 0, 0, 1, 0),): 36,
}
DOCUMENTS = {
    (JudgedCase(3, 3, 1, 1, 0, 0), JudgedCase(3, 2, 0, 0, 1, 1)): 40,
    (JudgedCase(3, 3, 1, 1, 0, 0), JudgedCase(3, 3, 0, 0, 0, 0)): 39,
    (JudgedCase(3, 1, 1, 0, 1, 0), JudgedCase(3, 2, 0, 0, 0, 0)): 1,
}


@pytest.mark.parametrize("counts", [COUNTS, DOCUMENTS])
@pytest.mark.parametrize("chosen", ["random", "by_verdict", "enriched"])
def test_bounds_enclose_the_estimate_and_agree_with_p_values(counts, chosen):
    """Lower, estimate and upper stand in order, and a bar is shown exactly when the bound reaches it."""
    seen = judged_rate(counts, chosen=chosen)
    if isinstance(seen, NotEstimable):
        assert counts is DOCUMENTS
        return
    assert 0 <= seen.lower(0.05) < seen.estimate < seen.upper(0.05) <= 1
    for off in (-0.002, 0.002):
        assert (seen.p_above(seen.lower(0.05) + off) <= 0.05) == (off < 0)
        assert (seen.p_below(min(seen.upper(0.05) + off, 1.0)) <= 0.05) == (off > 0)
    answers = seen.estimate, seen.standard_error(), seen.lower(0.05), seen.upper(0.05), seen.p_above(0.5)
    assert [type(a) for a in answers] == [float] * 5


def test_labels_sought_by_outcome_never_give_what_random_ones_would():
    """The same counts, 42 failures sought among 130 labels, give another method and another bound."""
    sought, random = (judged_rate(COUNTS, chosen=how) for how in ("enriched", "random"))
    assert sought.method != random.method
    assert sought.lower(0.05) != random.lower(0.05)
    assert sought.estimate != random.estimate


def test_no_labels_or_no_knowledge_of_their_choice_is_no_number():
    """A judge alone shows nothing; labels of unknown origin show nothing; the reason says what to do."""
    bare = {(JudgedCase(1, 1, 0, 0, 0, 0),): 100}
    assert "judge alone" in judged_rate(bare, chosen="random").reason
    assert "label a random draw" in judged_rate(COUNTS, chosen="unknown").reason
    assert "groups of several" in judged_rate(DOCUMENTS, chosen="enriched").reason
    few = COUNTS | {(JudgedCase(1, 0, 0, 0, 1, 0),): 1}
    assert "it takes 10" in judged_rate(few, chosen="enriched").reason


def test_groups_are_counted_and_repeats_are_not():
    """Eighty documents of six outputs are eighty groups, and their method says so."""
    seen = judged_rate(DOCUMENTS, chosen="by_verdict")
    assert (seen.n_groups, seen.labels) == (80, 40 * 2 + 39 + 2)
    assert "Gaffke" in seen.method
    assert "Buehler" in judged_rate(COUNTS, chosen="random").method


def test_order_and_shape_of_the_counts_make_no_difference():
    """A mapping, a list, plain tuples and split counts give equal results."""
    listed = [((tuple(case[0]),), n - 1) for case, n in reversed(COUNTS.items())] + [(g, 1) for g in COUNTS]
    assert judged_rate(listed, chosen="random") is judged_rate(COUNTS, chosen="random")


def test_price_in_groups():
    """More groups like these show a bar below the estimate, and none show one above."""
    seen = judged_rate(COUNTS, chosen="random")
    near, far = (seen.groups_to_show(bar=bar, alpha=0.05, power=0.8) for bar in (0.84, 0.75))
    assert far < near < 10_000_000
    assert isinstance(seen.groups_to_show(bar=0.95, alpha=0.05, power=0.8), NotEstimable)
    assert isinstance(
        seen.groups_to_show(bar=math.nextafter(seen.estimate, 0), alpha=0.05, power=0.8), NotEstimable
    )


def test_one_group_has_no_standard_error():
    """A single output gives a reason in place of a spread."""
    seen = judged_rate({(JudgedCase(1, 1, 1, 1, 0, 0),): 1}, chosen="random")
    assert isinstance(seen.standard_error(), NotEstimable)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ((1, 2, 0, 0, 0, 0), "passed must be at most planned"),
        ((0, 0, 0, 0, 0, 0), "planned must be at least 1"),
        ((1, 1, 2, 0, 0, 0), "labelled_passed must be at most passed"),
        ((1, 1, 1, 2, 0, 0), "upheld must be at most labelled_passed"),
        ((1, 1, 0, 0, 1, 0), "labelled_failed must be at most planned - passed"),
        ((1, 0, 0, 0, 1, 2), "rescued must be at most labelled_failed"),
        ((1, 0, -1, 0, 0, 0), "labelled_passed must be at least 0"),
    ],
)
def test_counts_that_contradict_each_other_are_refused_by_name(case, message):
    """Each contradiction is named with what was given."""
    with pytest.raises(ValueError, match=message):
        judged_rate({(case,): 1}, chosen="random")


def test_an_unheard_of_choice_and_an_empty_list_are_refused():
    """The choice of labels is one of four, and nothing is not a rate."""
    with pytest.raises(ValueError, match="chosen must be"):
        judged_rate(COUNTS, chosen="convenient")
    with pytest.raises(ValueError, match="at least one group"):
        judged_rate({}, chosen="random")
