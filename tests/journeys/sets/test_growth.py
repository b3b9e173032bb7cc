"""An eval set grows, by what a plan needs and by what failed, through the command line."""

from __future__ import annotations

import csv
import gzip
import json
import random

import pytest
from tests.journeys.sets.conftest import one_case

LAUNCH = """
title: Refusals
candidate: new
variants:
  new: {recorded: true}
decision: {question: "Switch it on?", who: the head of support, by: 2027-03-01}
harm: [{event: a wrong answer, who: customer, low: 1, high: 9}]
slices:
  kind: {by: kind, shares: {safe: 0.6, unsafe: 0.4}, scope: true}
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.8, why: agents said so}
  hoped_for: 0.9
  scorer: {recorded: passed}
"""


def test_growth_is_sorted_by_what_changes_the_verdict_and_priced(folder, ship, filler):
    """10 safe and 60 unsafe groups: safe comes first, with its cases, outputs and money; the plan says the same sizes."""
    priced = LAUNCH + "prices: {output: 0.10, case: 2.0, currency: EUR}\n"
    text = filler(10, part="holdout", kind="safe") + filler(60, seed=2, part="holdout", kind="unsafe")
    launch = folder(launch_yaml=priced, criteria_yaml=CRITERIA, evalset__cases_jsonl=text)

    said = ship("set", "grow", launch)
    plan = {c["slice"]: c for c in ship("plan", launch, "--format", "json").json["claims"]}

    rows = [line.split() for line in said.out.splitlines()[1:3]]
    wanted = plan["kind=safe"]["needed"][0]["groups"]
    assert [row[0] for row in rows] == ["kind=safe", "kind=unsafe"]
    assert rows[0][1:5] == ["10", str(wanted), str(wanted - 10), str(wanted - 10)]
    assert rows[0][6] == f"{2.1 * (wanted - 10):.2f}"
    assert "right cannot be shown with 10 groups" in " ".join(said.out.split())


def test_worksheets_are_no_cases_until_they_are_filled_in(folder, ship, lines, filler):
    """Written, they change neither the eval set nor the plan; two of them filled in become two open cases."""
    launch = folder(
        launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=filler(120, part="holdout")
    )
    before = ship("lock", launch, "--dry-run").out
    written = ship("set", "grow", launch, "--write")
    sheet = launch / "evalset/todo/grow-kind-safe.jsonl"
    empty = ship("set", "grow", launch, "--take", sheet)
    again = ship("set", "grow", launch, "--write")
    rows = [json.loads(line) for line in sheet.read_text().splitlines()]
    for i, row in enumerate(rows[:2]):
        row["new"]["input"] = f"a fresh question {i}"
    sheet.write_text("".join(json.dumps(row) + "\n" for row in rows))
    taken = ship("set", "grow", launch, "--take", sheet)
    twice = ship("set", "grow", launch, "--take", sheet)

    assert written.code == 0
    assert ship("lock", launch, "--dry-run").out == before
    assert (empty.code, again.code, twice.code) == (3, 3, 3)
    assert "2 cases written" in taken.out
    assert f"{len(rows) - 2} rows are still empty" in taken.out
    new = [c for c in lines(launch) if c.get("input", "").startswith("a fresh")]
    assert [(c.get("part", "explore"), c["tags"]) for c in new] == [("explore", {"kind": "safe"})] * 2
    assert ship("check", launch).code == 0


@pytest.fixture
def failed(shared, folder, ship, tmp_path, case):
    """XSTest with gpt4's answers on 60 open prompts, of which people called some refusals; 390 are sealed."""
    with gzip.open(shared / "data/xstest/xstest_gpt4.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    random.Random(2).shuffle(rows)
    text = "".join(
        case(row["id"], row["prompt"], part="explore" if i < 50 else "tune" if i < 60 else "holdout",
             kind="unsafe" if row["type"].startswith("contrast_") else "safe")
        for i, row in enumerate(rows)
    )  # fmt: skip
    launch = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=text)
    assert ship("lock", launch).code == 0
    with (tmp_path / "out.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(("case", "output", "passed"))
        for row in rows:
            table.writerow((row["id"], row["completion"], int(row["final_label"] == "1_full_compliance")))
    assert ship("import", tmp_path / "out.csv", "--launch", launch, "--variant", "new").code == 0
    refused = [row for row in rows[:60] if row["final_label"] != "1_full_compliance"]
    return launch, refused


def test_real_failures_become_a_worksheet_and_then_cases_beside_their_origin(failed, ship, lines):
    """Each open refusal with its answer; a filled-in row joins the group and part of its origin, which gets a name."""
    launch, refused = failed
    head = ship("plan", launch, "--format", "json").json["plan"]
    made = ship("set", "from-failures", launch, "--variant", "new")
    sheet = launch / "evalset/todo/from-failures-new.jsonl"
    rows = [json.loads(line) for line in sheet.read_text("utf-8").splitlines()]
    rows[0]["new"]["input"] = "a fresh way to ask it"
    sheet.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    taken = ship("set", "from-failures", launch, "--take", sheet)

    assert made.code == taken.code == 0
    assert [row["because"]["failure of"] for row in rows] == [row["id"] for row in refused]
    assert [row["because"]["output"] for row in rows] == [row["completion"] for row in refused]
    assert {row["because"]["input"] for row in rows} == {row["prompt"] for row in refused}
    origin = rows[0]["because"]["failure of"]
    found = {c["id"]: c for c in lines(launch)}
    fresh = found[f"{origin}-fresh"]
    assert (fresh["group"], fresh["source"]) == (origin, f"failure of {origin}")
    assert found[origin]["group"] == origin
    assert fresh.get("part", "explore") == found[origin]["part"]
    assert ship("check", launch).code == 0
    assert ship("plan", launch, "--format", "json").json["plan"] == head  # the lock still holds
    assert "were given a group" in taken.out


@pytest.mark.parametrize("parts", ["holdout", "explore,holdout", "calibrate", ""])
def test_failures_of_sealed_parts_are_refused(failed, ship, parts):
    """Nobody sees what failed behind the seal, and nothing is written."""
    launch, _ = failed
    said = ship("set", "from-failures", launch, "--variant", "new", "--parts", parts)
    assert said.code == 3
    assert "open parts alone" in said.err
    assert not (launch / "evalset/todo").exists()


def test_a_worksheet_that_leads_into_a_sealed_part_is_refused(failed, ship, lines):
    """Somebody wrote `"part": "holdout"`, or the group of a sealed case, into the row."""
    launch, _ = failed
    ship("set", "from-failures", launch, "--variant", "new")
    sheet = launch / "evalset/todo/from-failures-new.jsonl"
    row = json.loads(sheet.read_text("utf-8").splitlines()[0])
    row["new"] |= {"input": "sealed at once", "part": "holdout", "group": None}
    sheet.write_text(json.dumps(row) + "\n", "utf-8")
    by_part = ship("set", "from-failures", launch, "--take", sheet)
    sealed = next(c["id"] for c in lines(launch) if c["part"] == "holdout")
    row["new"] |= {"part": "explore", "group": sealed}
    sheet.write_text(json.dumps(row) + "\n", "utf-8")
    by_group = ship("set", "from-failures", launch, "--take", sheet)

    assert (by_part.code, by_group.code) == (3, 3)
    assert "would go into holdout" in by_part.err
    assert "would go into holdout" in by_group.err
    assert len(lines(launch)) == 450


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ((), 2, "nobody said whose failures"),
        (("--variant", "nobody"), 3, "there is no variant `nobody`"),
        (("--variant", "new", "--criterion", "nothing"), 3, "there is no criterion `nothing`"),
    ],
)
def test_a_slip_of_the_pen_about_failures_is_named(failed, ship, options, code, said):
    """Whose failures, of which criterion."""
    answer = ship("set", "from-failures", failed[0], *options)
    assert answer.code == code
    assert said in answer.err


def test_a_broken_worksheet_is_named_with_its_line(failed, ship, tmp_path):
    """No JSON, no `new`, a number for an id."""
    for text in ("{", "{}", '{"new": {"id": 3}}', '{"new": {"id": "x", "input": "y", "odd": 1}}'):
        (tmp_path / "sheet.jsonl").write_text(text + "\n")
        said = ship("set", "grow", failed[0], "--take", tmp_path / "sheet.jsonl")
        assert said.code == 3
        assert "sheet.jsonl:1" in said.err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([{"id": "x"}, {"id": "x"}], "a second time"),
        ([{"id": "bad\x1b[31m"}], "an id on one line"),
        ([{"id": "x", "tags": {"kind": "new"}}], "cases whose `kind` is `new`"),
        (
            [{"id": "x", "group": "g"}, {"id": "y", "group": "g", "part": "tune"}],
            "a group that lies in one part",
        ),
    ],
)
def test_cases_that_would_break_the_eval_set_are_not_kept(failed, ship, tmp_path, given, said):
    """The same id twice, a control sequence in one, a tag without a share, a group in two parts: all as it was."""
    launch, _ = failed
    before = sorted(path.name for path in (launch / "evalset").iterdir())
    rows = [{"new": {"input": "a fresh question", "tags": {"kind": "safe"}} | row} for row in given]
    (tmp_path / "sheet.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    answer = ship("set", "grow", launch, "--take", tmp_path / "sheet.jsonl")
    assert answer.code == 3
    assert said in answer.err
    assert "\x1b" not in answer.err
    assert sorted(path.name for path in (launch / "evalset").iterdir()) == before
    assert ship("check", launch).code == 0


def test_failures_that_rest_on_corrected_values_are_no_failures(folder, ship, tmp_path):
    """What is expected was corrected since: all that passed may fail now, and nothing is written before it is scored."""
    criteria = CRITERIA.replace("scorer: {recorded: passed}", "scorer: {equals: expected}")
    lines = "".join(one_case(f"c{i}", f"question {i}", expected="a") for i in range(9))
    made = folder(launch_yaml=LAUNCH, criteria_yaml=criteria, evalset__cases_jsonl=lines)
    file = tmp_path / "outcomes.csv"
    file.write_text("case,output\n" + "".join(f"c{i},a\n" for i in range(9)))
    assert ship("import", file, "--launch", made, "--variant", "new").code == 0
    assert ship("score", made).code == 0
    (made / "evalset/cases.jsonl").write_text(lines.replace('"expected": "a"', '"expected": "b"'))

    stale = ship("set", "from-failures", made, "--variant", "new")
    shown = ship("show", made)
    ship("score", made)
    fresh = ship("set", "from-failures", made, "--variant", "new")

    assert (stale.code, fresh.code) == (3, 0)
    assert "9 scores rest on values of cases that were corrected since" in stale.err
    assert "right: 9 open cases failed" in fresh.out
    assert "9 of these scores rest on values of cases that were corrected since" in shown.err
    assert ship("show", made).err == ""
