"""An audit of live outputs: drawn at random, labelled on the review screen, read back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shipworthy.domain.review import Said
from shipworthy.services.desk import desk_at
from shipworthy.services.judge_standing import suspend
from shipworthy.services.read_item import read_item
from shipworthy.services.save_label import Saving, save_label
from shipworthy.store import journal
from shipworthy.store.ledger import open_ledger

LAUNCH = """
title: Audited
candidate: new
variants: {new: {recorded: true}, live: {recorded: true}}
slices:
  topic: {by: topic, shares: {a: 0.5, b: 0.5}, scope: true}
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.8}
  scorer: {recorded: passed}
"""
JUDGED = """
- id: right
  estimand: judged_rate
  bar: {at_least: 0.8}
  labels: {recorded: human, chosen: random}
  scorer: {judge: strict}
"""
PROMISES = "- {id: right, criterion: right, rate: 0.8, labels: 20}\n"


@pytest.fixture
def launched(folder: Callable[..., Path]) -> Path:
    """A launch with one promise and no cases of its own but one."""
    return folder(
        launch_yaml=LAUNCH,
        criteria_yaml=CRITERIA,
        promises_yaml=PROMISES,
        evalset__cases_jsonl='{"id": "c1", "tags": {"topic": "a"}}\n',
    )


@pytest.fixture
def traffic(tmp_path: Path) -> Path:
    """Four hundred live outputs with their texts, and ten that never answered."""
    rows = (
        [
            {"id": f"o{i}", "topic": "ab"[i % 2], "input": f"question {i}", "output": f"answer {i}"}
            for i in range(400)
        ]
        + [{"id": "z", "topic": "zzz", "output": "!"}]
        + [{"id": f"e{i}", "topic": "a", "input": "?", "error": "timeout"} for i in range(10)]
    )
    path = tmp_path / "traffic.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def label(
    folder: Path, queue: str, who: str, *, passes: Callable[[int], bool], begin: int = 0, end: int = 40
) -> None:
    """Say pass or fail of the items of a queue, as the review screen does."""
    with desk_at(folder) as desk:
        for position in range(begin, min(end, len(desk.state(queue).items))):
            item = read_item(desk, queue, position, who)
            said = Said("pass" if passes(position) else "fail")
            save_label(desk, Saving(queue, position, who, said, item.version, f"{queue}-{who}-{position}"))


def audited(said: Any) -> tuple[int, float, str]:
    """Return how many were audited, how many passed, and the status."""
    (each,) = said.json["promises"]
    return each["audited"], each["passed"], each["status"]


def test_labels_of_an_audit_count_for_the_promise(launched: Path, traffic: Path, ship: Any) -> None:
    """Forty of four hundred are drawn; what is labelled counts once, in two goes, and breaks the promise when it is bad."""
    drawn = ship("watch", launched, traffic, "--draw", "40")
    queue = drawn.out.split(":")[0]
    label(launched, queue, "Ada", passes=lambda i: i % 10 > 0, end=25)
    first = ship("watch", launched, "--format", "json")
    label(launched, queue, "Ada", passes=lambda i: i % 10 > 0, begin=25)
    second = ship("watch", launched, "--format", "json")
    again = ship("watch", launched, "--format", "json")

    assert "40 of 400 live outputs" in drawn.out
    assert "1 more are of no slice that launch.yaml declares" in drawn.err
    assert (audited(first), audited(second), audited(again)) == (
        (25, 22.0, "kept"),
        (40, 36.0, "kept"),
        (40, 36.0, "kept"),
    )
    assert "labels for right: 15 rows" in second.err
    assert again.err == ""
    assert ship("check", launched).code == 0
    assert ship("verify", launched).code == 0


def test_a_second_draw_takes_none_of_the_first(launched: Path, traffic: Path, ship: Any) -> None:
    """No output is audited twice, and the same draw is not made again."""
    ship("watch", launched, traffic, "--draw", "200")
    second = ship("watch", launched, traffic, "--draw", "200", "--seed", "2")
    third = ship("watch", launched, traffic, "--draw", "5", "--seed", "3")

    assert "200 of 200 live outputs" in second.out
    assert third.code == 3
    assert "no row has an output that could be read" in third.err


def test_what_reviewers_differ_on_waits(launched: Path, traffic: Path, ship: Any) -> None:
    """Two people differ on one of ten: nine count."""
    queue = ship("watch", launched, traffic, "--draw", "10").out.split(":")[0]
    label(launched, queue, "Ada", passes=lambda _: True)
    label(launched, queue, "Ben", passes=lambda i: i != 4)

    assert audited(ship("watch", launched, "--format", "json")) == (9, 9.0, "not enough data")


def test_bad_audits_break_the_promise_with_exit_13(launched: Path, traffic: Path, ship: Any) -> None:
    """Two of three fail."""
    queue = ship("watch", launched, traffic, "--draw", "40").out.split(":")[0]
    label(launched, queue, "Ada", passes=lambda i: i % 3 == 0)

    assert ship("watch", launched).code == 13


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--draw", "0", "--criterion", "x"), ""),
        (("--draw", "-3"), "an audit of -3 outputs"),
        (("--draw", "5", "--criterion", "nothing"), "no promise is about the criterion `nothing`"),
        (("--draw", "5", "--variant", "other"), "add `other: {recorded: true}` under variants"),
    ],
)
def test_a_draw_that_cannot_be_made_says_why(
    launched: Path, traffic: Path, ship: Any, options: tuple[str, ...], message: str
) -> None:
    """A criterion that is not promised, a variant that is not declared, a number that is none."""
    said = ship("watch", launched, traffic, *options)
    assert said.code == (3 if message else said.code)
    assert message in said.err
    assert not list((launched / "evalset").glob("live-*"))


def test_a_judge_that_drifted_is_told_and_what_it_says_alone_is_not_counted(
    folder: Callable[..., Path], ship: Any, tmp_path: Path
) -> None:
    """Labels of people count; a column of the judge does not; that the judge is suspended is said until it is accepted anew."""
    made = folder(launch_yaml=LAUNCH, criteria_yaml=JUDGED, promises_yaml=PROMISES)
    (made / "judges").mkdir()
    (made / "judges/strict.md").write_text(
        "---\ncriterion: right\nmodel: openai:a-model\n---\nIs it right?\n"
    )
    path, alone = tmp_path / "live.csv", tmp_path / "alone.csv"
    path.write_text("id,topic,human\n" + "".join(f"o{i},{'ab'[i % 2]},1\n" for i in range(40)))
    alone.write_text("id,strict\nx1,0\n")
    before = ship("watch", made, path, "--format", "json")
    ledger = open_ledger(made / ".shipworthy/ledger.db")
    with ledger.write() as connection:
        suspend(connection, "judge:strict@1", "it lost 10 of 100 known labels")
    suspended = ship("watch", made)
    with ledger.write() as connection:
        journal.append(
            connection, verb="calibrate", body={"series": "judge:strict@2", "state": "accepted"}, at=""
        )
    ledger.close()

    assert audited(before) == (40, 40.0, "kept"), before.err
    assert "The judge strict is suspended (it lost 10 of 100 known labels)" in suspended.out
    assert "suspended" not in ship("watch", made).out
    assert ship("watch", made, alone).code == 3
