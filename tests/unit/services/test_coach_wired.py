"""Facts that people write beside the launch reach the rules: stages, use, personal data, quotes, themes, labels in a row."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shipworthy.services.coach_labels import _in_a_row
from shipworthy.services.pressure_test import pressure_test
from shipworthy.store.review import LabelRow

LAUNCH = """
title: Desk
candidate: new
variants: {new: {recorded: true}}
decision: {question: "Switch it on?", who: the head of support, by: 2027-03-01, door: one-way}
slices:
  topic: {by: topic, shares: {a: 0.7, b: 0.3}, scope: true}
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.9, why: agents said so}
  scorer: {recorded: passed}
  severity: harmful
"""
WORDS = "I opened the order again and copied the rule into the answer by hand."
INTERVIEW = """---
alias: P1
segment: a
date: 2026-01-02
relationship: customer
consent: {state: %s, date: 2026-01-02, scope: [notes, quote%s]}
pseudonymised: {done: true, at: 2026-01-03}
---
P1: %s
%s
"""


def fired(launch: Path) -> dict[str, str]:
    """Return what the rules saw, by the rule's id."""
    return {found.rule.id: found.saw.text for found in pressure_test(launch).challenged.findings}


def not_asked(launch: Path) -> set[str]:
    """Return the rules that lack a fact."""
    return set(pressure_test(launch).challenged.not_asked)


@pytest.fixture
def desk(folder: Callable[..., Path]) -> Callable[..., Path]:
    """Make a launch whose brief ends with the given lines."""

    def make(more: str = "", *, sliced: bool = True) -> Path:
        written = LAUNCH if sliced else LAUNCH.partition("slices:")[0]
        return folder(launch_yaml=written + more, criteria_yaml=CRITERIA)

    return make


def talk(launch: Path, *, consent: str = "given", outside: bool = True, more: str = "") -> Path:
    """Write an interview with one excerpt under a theme that becomes the failure mode `late`."""
    text = INTERVIEW % (consent, ", quote_external" if outside else "", WORDS, more)
    (launch / "interviews").mkdir(exist_ok=True)
    (launch / "interviews/first.md").write_text(text)
    body = text.split("---\n", 2)[2]
    start = body.index(WORDS)
    excerpt = {
        "start": start,
        "end": start + len(WORDS),
        "text": WORDS,
        "codes": ["by-hand"],
        "kind": "did",
        "external_ok": outside,
    }
    (launch / "interviews/first.excerpts.yaml").write_text(json.dumps([excerpt]))
    taxonomy: dict[str, Any] = {
        "failure_modes": [{"id": "late", "name": "Too late", "definition": "an old rule"}],
        "themes": [
            {"id": "by-hand", "name": "By hand", "becomes": {"criterion": "right", "failure_mode": "late"}}
        ],
    }
    (launch / "taxonomy.yaml").write_text(json.dumps(taxonomy))
    return launch


def test_stages_that_are_written_are_asked_about(desk):
    """Half of the traffic first, insiders before ten times as many, ten labels: each is seen; unwritten they are not asked."""
    stages = """
rollout:
  - {share: 0.5, until: a week is quiet, labels: 10}
"""
    jump = """
rollout:
  - {share: 0.02, until: a week is quiet, insiders: true}
  - {share: 0.9}
"""
    assert {"LCH-03", "LCH-04", "LCH-05"} <= not_asked(desk())
    assert fired(desk(stages))["LCH-03"] == "the first stage is 50% of users"
    assert "LCH-04" in fired(desk(stages))
    assert "LCH-05" in fired(desk(jump))
    assert fired(desk("rollout: []\n"))["LCH-03"] == "no stages: everybody at once"


def test_what_stands_round_it_in_use_is_asked_about(desk):
    """Nothing excluded, no fallback, no notice, a check nobody measured, no cap: six rules see it; answered they do not."""
    rules = {"SCP-02", "SCP-03", "SCP-04", "SCP-07", "CST-03", "CST-04"}
    bare = 'in_use: {not_for: [], fallback: "", notice: "", checked_by_people: true, public: true, capped: false}\n'
    told = (
        "in_use: {not_for: [legal advice], fallback: the old form, notice: a line above the draft, "
        "checked_by_people: true, catch_rate: 0.9, review_minutes: 2, public: true, capped: true}\n"
    )
    assert rules <= not_asked(desk())
    assert rules <= set(fired(desk(bare, sliced=False)))
    assert not rules & set(fired(desk(told, sliced=False)))


def test_a_mail_address_left_in_an_interview_is_seen(desk):
    """One real address and one phone number block; an address that leads nowhere by agreement does not; none, no question."""
    launch = desk()
    assert "USR-04" in not_asked(launch)
    assert "USR-04" not in fired(talk(launch, more="P1: write to help@example.org\n"))
    seen = fired(talk(launch, more="P1: I am jane.roe@somewhere.org, or 0170 5556677.\n"))["USR-04"]
    assert seen == "2 pieces of personal data, first in interviews/first.md"


@pytest.mark.parametrize(
    ("consent", "outside", "seen"), [("given", True, False), ("given", False, True), ("refused", True, True)]
)
def test_a_memo_that_quotes_without_consent_is_seen(desk, consent, outside, seen):
    """The excerpt stands in the memo, wrapped and escaped; with consent to be quoted outside it may."""
    launch = talk(desk(), consent=consent, outside=outside)
    assert "USR-03" not in fired(launch)
    (launch / "memo").mkdir()
    (launch / "memo/memo.md").write_text(
        "# Memo\n\n> " + WORDS.replace(" by ", "\n> by ").replace(".", "\\.")
    )
    assert ("USR-03" in fired(launch)) is seen


def test_a_theme_that_outputs_show_too_is_no_single_voice(desk, ship, tmp_path):
    """One person said it: seen; once an output was given the failure mode that the theme becomes, it is not."""
    launch = talk(desk())
    (launch / "evalset").mkdir()
    rows = [{"id": f"e{n}", "input": "x" * n, "part": "explore", "tags": {"topic": "ba"[n]}} for n in (0, 1)]
    (launch / "evalset/cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    outputs, labels = tmp_path / "outputs.csv", tmp_path / "labels.jsonl"
    outputs.write_text("case,output,passed\ne1,an old rule,0\n")
    labels.write_text(
        '{"case": "e1", "variant": "new", "reviewer": "ann", "state": "fail", "modes": ["late"]}\n'
    )
    assert ship("import", outputs, "--launch", launch, "--variant", "new").code == 0
    assert "USR-06" in fired(launch)
    said = ship("look", "import", launch, labels)
    assert said.code == 0, said.err
    assert "USR-06" not in fired(launch)


def test_an_independent_review_lets_a_one_way_door_pass(desk):
    """With three stages, FRM-08 asks until a call was held with somebody who did not build it."""
    launch = desk("rollout: [{share: 0.01, until: x}, {share: 0.1, until: y}, {share: 1.0}]\n")
    (launch / "reviews").mkdir()
    call = launch / "reviews/2026-11-20-bea.yaml"
    call.write_text("reviewer: Bea\nindependent: false\nheld_on: 2026-11-20\n")
    assert "FRM-08" in fired(launch)
    call.write_text("reviewer: Bea\nindependent: true\nheld_on: 2026-11-20\n")
    assert "FRM-08" not in fired(launch)


def test_labels_without_a_break_are_counted():
    """Three a minute apart, six minutes of rest, two more: three in a row; of what a file brought in nobody knows."""

    def row(minute: int, ms: int | None = 900) -> LabelRow:
        at = dt.datetime(2026, 1, 1, 9, minute, tzinfo=dt.UTC).isoformat()
        return LabelRow(
            minute, at, 1, 1, minute, 1, "right", "own", 1, "pass", "", "[]", None, None, "c", ms, "{}", None
        )

    assert _in_a_row([row(m) for m in (9, 0, 1, 2, 8)]) == 3
    assert _in_a_row([row(m, None) for m in (0, 1)]) is None


def test_the_stages_stand_in_the_memo(desk, ship, tmp_path):
    """Who gets it first, what has to be seen and what ends it stand under *Going live*, in the words of the brief."""
    launch = desk(
        "rollout: [{share: 0.05, whom: one shop, until: 100 drafts were read, stop: one invented rule; Ada}]\n"
    )
    (launch / "evalset").mkdir()
    rows = [
        json.dumps({"id": f"h{i}", "part": "holdout", "tags": {"topic": "ab"[i % 2]}}) for i in range(200)
    ]
    (launch / "evalset/cases.jsonl").write_text("\n".join(rows) + "\n")
    outcomes = tmp_path / "o.csv"
    outcomes.write_text("case,passed\n" + "".join(f"h{i},1\n" for i in range(200)))
    ship("lock", launch)
    ship("import", outcomes, "--launch", launch, "--variant", "new")
    ship("memo", launch, "--yes")
    said = (launch / "memo/memo.md").read_text().replace("\u00a0", " ")
    assert (
        "For 5 of 100: one shop. Next step when 100 drafts were read. Stop if one invented rule; Ada." in said
    )


def test_a_bar_that_moved_after_the_look_and_a_slice_declared_then_are_seen(desk, ship, tmp_path):
    """Looked at with 0.9, then 0.7 and a new slice on the same sealed cases: both are seen; before the look neither is."""
    launch = desk()
    (launch / "evalset").mkdir()
    rows = [json.dumps({"id": f"h{i}", "part": "holdout", "tags": {"topic": "ab"[i % 2]}}) for i in range(80)]
    (launch / "evalset/cases.jsonl").write_text("\n".join(rows) + "\n")
    outcomes = tmp_path / "o.csv"
    outcomes.write_text("case,passed\n" + "".join(f"h{i},{int(i % 8 > 0)}\n" for i in range(80)))
    assert ship("lock", launch).code == 0
    assert ship("import", outcomes, "--launch", launch, "--variant", "new").code == 0
    moved = CRITERIA.replace("0.9", "0.7")
    (launch / "criteria.yaml").write_text(moved)
    assert "CRT-03" not in fired(launch)
    (launch / "criteria.yaml").write_text(CRITERIA)
    assert ship("decide", launch, "--yes").code == 11
    assert "CRT-03" not in fired(launch)
    (launch / "criteria.yaml").write_text(moved)
    path = launch / "launch.yaml"
    path.write_text(path.read_text() + "  late: {where: {topic: a}}\n")

    seen = fired(launch)
    assert seen["CRT-03"] == "changed after the holdout was seen: right"
    assert seen["SET-13"] == "declared after sealed outcomes were seen: late"


def test_who_was_asked_and_who_wrote_the_cases_is_known(desk, ship, tmp_path):
    """Cases that say by tags who wrote them and when: nine of ten by one person, a year old."""
    launch = desk()
    (launch / "evalset").mkdir()
    rows = [
        json.dumps(
            {
                "id": f"e{i}",
                "part": "explore",
                "tags": {"topic": "ab"[i % 2], "author": "ann" if i else "ben", "collected": "2020-01-01"},
            }
        )
        for i in range(10)
    ]
    (launch / "evalset/cases.jsonl").write_text("\n".join(rows) + "\n")

    seen = fired(launch)
    assert seen["SET-09"] == "`ann` wrote 9 of 10 cases that no user wrote"
    assert "SET-14" in seen
