"""Before the lock, a person is told which claims so few groups can hardly show."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("groups", "outlook"),
    [
        (13, "cannot be shown"),
        (60, "scarce"),
        (82, "enough groups for every rate in every slice: the one claim"),
    ],
)
def test_a_plan_is_sized_before_it_is_locked(folder, ship, groups, outlook):
    """A bar of .80 takes 14 groups without a failure, and 82 at a true rate of .90."""
    cases = "".join(f'{{"id": "c{i}", "part": "holdout"}}\n' for i in range(groups))
    launch = folder(
        launch_yaml="title: Sized\ncandidate: new\nvariants:\n  new: {recorded: true}\n",
        criteria_yaml="""
            - id: right
              bar: {at_least: 0.8}
              hoped_for: 0.9
              scorer: {recorded: passed}
            """,
        evalset__cases_jsonl=cases,
    )

    said = ship("lock", launch, "--dry-run")

    assert said.code == 0
    assert said.out.startswith("not locked, a dry run")
    assert outlook in said.out
    assert "0 events" in ship("verify", launch).out


def test_a_group_in_two_slices_is_counted_in_both(folder, ship):
    """Twenty groups with a case in each slice are twenty groups of either."""
    cases = "".join(
        f'{{"id": "{t}{i}", "group": "g{i}", "tags": {{"topic": "{t}"}}, "part": "holdout"}}\n'
        for i in range(20)
        for t in "ab"
    )
    launch = folder(
        launch_yaml="""
            title: Sized
            candidate: new
            variants: {new: {recorded: true}}
            slices:
              topic: {by: topic, shares: {a: 0.5, b: 0.5}, scope: true}
            """,
        criteria_yaml="""
            - id: right
              bar: {at_least: 0.8}
              hoped_for: 0.9
              scorer: {recorded: passed}
            """,
        evalset__cases_jsonl=cases,
    )

    said = ship("lock", launch, "--dry-run")

    assert "scarce: right on topic=a has 20 groups; 82" in said.out
    assert "scarce: right on topic=b has 20 groups; 82" in said.out
