"""`policy.yaml` is read with its problems, and cannot loosen anything."""

from __future__ import annotations

import pytest

from shipworthy.store.layout import Layout
from shipworthy.store.policy_file import read_policy


def test_without_a_file_the_defaults_hold(tmp_path):
    """No policy, no problem."""
    policy, problems = read_policy(Layout(tmp_path))

    assert (policy["outputs_read"], problems) == (30, [])


def test_a_stricter_policy_is_taken(tmp_path):
    """Fifty outputs in the place of thirty, and an exit that blocks."""
    (tmp_path / "policy.yaml").write_text("thresholds:\n  outputs_read: 50\nseverities:\n  FRM-05: blocks\n")

    policy, problems = read_policy(Layout(tmp_path))

    assert (policy["outputs_read"], policy.severity("FRM-05", "warns"), problems) == (50, "blocks", [])


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("thresholds:\n  outputs_read: 10\n", 2, "`outputs_read: 10`, which would loosen it"),
        ("thresholds:\n  twin_share: 0.5\n", 2, "`twin_share: 0.5`, which would loosen it"),
        ("thresholds:\n  outputs_raed: 50\n", 2, "the unknown threshold `outputs_raed`"),
        ("thresholds:\n  outputs_read: many\n", 2, "`outputs_read: many`"),
        ("thresholds:\n  outputs_read: .nan\n", 2, "`outputs_read: nan`"),
        ("thresholds:\n  outputs_read: true\n", 2, "`outputs_read: True`"),
        ("thresholds: [1]\n", 1, "`thresholds` without names"),
        ("severities:\n  FRM-01: warns\n", 2, "`FRM-01: warns`, where it blocks"),
        ("severities:\n  FRM-99: blocks\n", 2, "the unknown rule `FRM-99`"),
        ("severities:\n  FRM-05: [blocks]\n", 2, "`FRM-05: ['blocks']`"),
        ("treshholds: {}\n", 1, "the unknown key `treshholds`"),
        ("- outputs_read\n", 1, "a list or a word"),
        ("thresholds:\n\toutputs_read: 50\n", 2, "found character '\\t' that cannot start any token"),
    ],
)
def test_what_loosens_or_makes_no_sense_is_a_problem_at_its_line(tmp_path, text, line, found):
    """Each mistake is named with its place, and the default holds in its stead."""
    (tmp_path / "policy.yaml").write_text(text)

    policy, problems = read_policy(Layout(tmp_path))

    assert [(each.line, each.found) for each in problems] == [(line, found)]
    assert (policy["outputs_read"], policy["twin_share"], policy.severity("FRM-01", "blocks")) == (
        30,
        0.05,
        "blocks",
    )
