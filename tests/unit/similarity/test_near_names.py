"""Names that two people gave to one failure mode are told apart from names that are merely short."""

from __future__ import annotations

import pytest

from shipworthy.similarity.near_names import near_names


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"wrong-date": ""}, {"wrong-dates": ""}),
        ({"a": "Wrong date"}, {"b": "Date, wrong"}),
        ({"missing_citation": ""}, {"missing-citations": "No source"}),
        ({"halucinated-review": ""}, {"hallucinated-review": ""}),
        ({"x": "Two boxes"}, {"y": "two box"}),
    ],
)
def test_other_forms_of_one_name_are_near(first, second):
    """Endings, order, signs and slips of the finger."""
    assert [(pair.first, pair.second) for pair in near_names({**first, **second})] == [(*first, *second)]


def test_names_that_share_a_word_are_not_near():
    """The usual names of a taxonomy: one word in common is no drift."""
    names = [
        "too-long",
        "bad-review",
        "bad-rating",
        "wrong-team",
        "wrong-date",
        "link",
        "class",
        "invented-rule",
    ]
    assert near_names(dict.fromkeys(names, "")) == []
