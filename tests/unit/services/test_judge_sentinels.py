"""Sentinels: what a judge says of them now and said before is held against what people said."""

from __future__ import annotations

import pytest

from shipworthy.services.judge_sentinels import agree


@pytest.mark.parametrize(
    ("verdict", "label", "least", "same"),
    [
        (1.0, 0.8, 0.7, True), (1.0, 0.6, 0.7, False), (0.0, 0.6, 0.7, True),
        (1.0, 1.0, 1.0, True), (0.0, 1.0, 1.0, False), (None, 0.0, 1.0, False),
    ],
)  # fmt: skip
def test_a_verdict_agrees_with_a_graded_label_where_both_pass_or_neither(verdict, label, least, same):
    """From 0.7 on an output passes: a pass agrees with 0.8 and not with 0.6, and no verdict agrees with nothing."""
    assert agree(verdict, label, least) is same
