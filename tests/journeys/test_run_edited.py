"""Somebody edits the eval set while a run is under way: no answer goes to a case that was not asked."""

from __future__ import annotations

import json

import pytest
from tests.journeys.remote import http, launch, rows
from tests.server import Back, said

CASES = [{"id": f"c{i}", "input": f"c{i}", "part": "explore"} for i in range(6)]
CHANGED = {**CASES[4], "input": "other words"}
MOVED = {**CASES[4], "part": "tune"}
NEW = {"id": "c9", "input": "c9", "part": "explore"}


@pytest.mark.parametrize(
    "edited",
    [[*CASES[:4], CHANGED, CASES[5]], [*CASES[:4], MOVED, CASES[5]], [*CASES, NEW]],
    ids=["changed", "moved", "added"],
)
def test_a_case_that_was_changed_during_a_run_ends_it_with_the_reason(serve, ship, tmp_path, edited):
    """The first variant asks, the file is edited, the second stops there, says so, and goes on with the next command."""

    def answer(call):
        (made / "evalset/cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in edited))
        return Back(said(call.body["q"]))

    server = serve(answer)
    second = {**http(server.url), "price": "m"}
    second["http"]["headers"] = {"X-Second": "yes"}
    variants = {"first": {**http(server.url), "price": "m"}, "second": second}
    made = launch(tmp_path / "l", variants, cases=CASES, prices={"m": {"call": 0.001}})

    ran = ship("run", made, "--trust")

    changed = edited[4] if len(edited) == 6 else NEW
    assert (
        f"second: stopped, the case `{changed['id']}` was changed after the run began; run again" in ran.err
    )
    assert ran.code == 1 or changed is NEW
    assert rows(made, "SELECT count(*) FROM intents LEFT JOIN receipts ON call_no = no WHERE call_no IS NULL") == [(0,)]  # fmt: skip
    assert ship("run", made, "--trust").code == 0
    asked = rows(made, "SELECT v.name, c.key, t.text FROM texts t JOIN cases c ON c.no = t.case_no JOIN variants v ON v.no = t.variant_no JOIN members m ON m.case_no = c.no WHERE m.set_no = (SELECT max(no) FROM sets)")  # fmt: skip
    words = {case["id"]: json.dumps(case["input"]) for case in edited}
    assert sorted(asked) == sorted((name, case, words[case]) for name in variants for case in words)


def test_a_score_from_values_that_stood_there_for_a_moment_does_not_count(ship, tmp_path):
    """What is expected is another text while outputs are scored, and is put back: the case is scored again."""
    cases = [{**case, "expected": case["input"]} for case in CASES]
    made = launch(tmp_path / "l", {"new": {"python": "feature:answer"}}, cases=cases)
    file = made / "evalset/cases.jsonl"
    as_it_was = file.read_text()
    wrong = as_it_was.replace('"expected": "c4"', '"expected": "other"')
    assert wrong != as_it_was
    (made / "feature.py").write_text(
        "import pathlib\n\n\ndef answer(given):\n"
        f"    if given == 'c0':\n        pathlib.Path({str(file)!r}).write_text({wrong!r})\n    return given\n"
    )
    (made / "scorers.py").write_text("def right(given, expected, output):\n    return output == expected\n")
    assert ship("run", made, "--trust").code == 0

    file.write_text(as_it_was)
    assert ship("run", made, "--trust").code == 0

    assert "6 of 6 passed" in ship("show", made).out
