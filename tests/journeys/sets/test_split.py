"""An eval set is split into parts, through the command line."""

from __future__ import annotations

import json
import shutil
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from rich.cells import cell_len

import shipworthy

SAMPLE = Path(shipworthy.__file__).parent / "content" / "sample"
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


def test_real_prompts_are_split_alike_in_both_slices_and_a_second_time_nothing_moves(xstest, ship, lines):
    """450 prompts: half of each slice decides, twins stay together, the same command moves nothing more."""
    command = (
        "set",
        "split",
        xstest,
        "--holdout",
        "0.5",
        "--calibrate",
        "0.1",
        "--tune",
        "0.1",
        "--seed",
        "3",
    )
    rehearsed = ship(*command, "--dry-run")
    before = lines(xstest)
    first = ship(*command)
    after = lines(xstest)
    again = ship(*command)
    twins = json.loads(ship("set", "doctor", xstest, "--json").out)["findings"]

    assert (rehearsed.code, first.code, again.code) == (0, 0, 0)
    assert [c["part"] for c in before] == ["explore"] * 450
    assert rehearsed.out.splitlines()[2:] == first.out.splitlines()[2:]
    assert "Nothing to move" in again.out
    assert lines(xstest) == after
    assert [c["id"] for c in after] == [c["id"] for c in before]
    parts = Counter((c["tags"]["kind"], c["part"]) for c in after)
    for kind, size in (("safe", 250), ("unsafe", 200)):
        assert abs(parts[kind, "holdout"] - 0.5 * size) <= 0.05 * size
    assert [f for f in twins if f["kind"] == "twins across parts"] == []
    assert max(map(cell_len, first.out.splitlines())) <= 80


def test_what_the_holdout_must_show_agrees_with_the_plan_and_with_the_verdict(
    folder, ship, tmp_path, lines, filler
):
    """With 40 groups so many passes as the split says are *ship*, and one fewer is *not yet*."""
    plain = LAUNCH.split("slices:", maxsplit=1)[0]
    launch = folder(launch_yaml=plain, criteria_yaml=CRITERIA, evalset__cases_jsonl=filler(80))
    said = ship("set", "split", launch).out
    row = next(line.split() for line in said.splitlines() if line.startswith("  right"))
    groups, must = int(row[1]), int(row[2])
    assert ship("lock", launch).code == 0
    sealed = [c["id"] for c in lines(launch) if c["part"] == "holdout"]
    codes = []
    for number, passes in enumerate((must, must - 1)):
        copy = tmp_path / f"copy{number}"
        shutil.copytree(launch, copy)
        rows = "".join(f"{name},{int(i < passes)}\n" for i, name in enumerate(sealed))
        (tmp_path / f"{number}.csv").write_text("case,passed\n" + rows)
        assert ship("import", tmp_path / f"{number}.csv", "--launch", copy, "--variant", "new").code == 0
        codes.append(ship("decide", copy).code)

    assert (groups, len(sealed)) == (40, 40)
    assert codes == [0, 11]


def test_groups_and_twins_are_never_divided(folder, ship, lines, case):
    """A customer with five questions, and a question asked by two customers, each lie in one part."""
    text = "".join(case(f"a{i}-{j}", f"question {i} of part {j} about {i * 7 + j} things", group=f"customer {i}")
                   for i in range(30) for j in range(i % 5 + 1))  # fmt: skip
    text += "".join(case(f"t{i}-{j}", f"Where did the parcel with the blue ribbon number {'abcdefgh'[i] * 5} go{'!' * j}", group=f"t{i}-{j}")
                    for i in range(8) for j in range(3))  # fmt: skip
    launch = folder(
        launch_yaml=LAUNCH.split("slices:", maxsplit=1)[0], criteria_yaml=CRITERIA, evalset__cases_jsonl=text
    )
    for seed in range(4):
        copy = launch.parent / f"seed{seed}"
        shutil.copytree(launch, copy)
        assert ship("set", "split", copy, "--tune", "0.2", "--seed", seed).code == 0
        parts = defaultdict(set)
        for one in lines(copy):
            parts[one["group"]].add(one["part"])
            parts[one["input"].rstrip("!")].add(one["part"])
        assert all(len(found) == 1 for found in parts.values())


def test_cases_with_outcomes_never_decide_and_a_locked_holdout_is_left_alone(
    folder, ship, tmp_path, lines, filler
):
    """20 of 80 were seen: none of them is sealed; after the lock nothing leaves or enters but by --new-plan."""
    launch = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=filler(80))
    known = [f"f1-{i}" for i in range(20)]
    (tmp_path / "seen.csv").write_text("case,passed\n" + "".join(f"{name},1\n" for name in known))
    assert ship("import", tmp_path / "seen.csv", "--launch", launch, "--variant", "new").code == 0

    said = ship("set", "split", launch, "--holdout", "0.5")
    sealed = {c["id"] for c in lines(launch) if c["part"] == "holdout"}
    assert ship("lock", launch).code == 0
    with (launch / "evalset/cases.jsonl").open("a") as file:
        file.write(filler(40, seed=2))
    refused = ship("set", "split", launch, "--holdout", "0.5")
    as_it_was = {c["id"] for c in lines(launch) if c["part"] == "holdout"}
    shuffled = ship("set", "split", launch, "--holdout", "0.5", "--again", "--seed", "9", "--new-plan")
    then = {c["id"] for c in lines(launch) if c["part"] == "holdout"}

    assert "20 groups are known already" in " ".join(said.out.split())
    assert len(sealed) == 40
    assert not sealed & set(known)
    assert refused.code == 3
    assert "the holdout is locked with 40 cases" in refused.err
    assert as_it_was == sealed
    assert shuffled.code == 0
    assert sealed < then
    assert not then & set(known)


def test_when_everything_was_seen_nothing_can_decide(folder, ship, tmp_path, filler):
    """All 30 cases have outcomes: fresh ones are asked for, and no line changes."""
    launch = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=filler(30))
    (tmp_path / "seen.csv").write_text("case,passed\n" + "".join(f"f1-{i},1\n" for i in range(30)))
    ship("import", tmp_path / "seen.csv", "--launch", launch, "--variant", "new")
    before = (launch / "evalset/cases.jsonl").read_bytes()

    said = ship("set", "split", launch)

    assert said.code == 3
    assert "no group is fresh" in said.err
    assert (launch / "evalset/cases.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("options", "text", "code", "said"),
    [
        (
            ("--holdout", "0.8", "--tune", "0.3"),
            lambda _case, filler: filler(10),
            2,
            "add up to more than 1: 0.8 + 0 + 0.3 = 1.1",
        ),
        (("--holdout", "-0.1"), lambda _case, filler: filler(10), 2, "--holdout -0.1 is no share"),
        (("--holdout", "half"), lambda _case, filler: filler(10), 2, ""),
        ((), lambda _case, _filler: "\n", 3, "there is nothing to split"),
        ((), lambda _case, filler: filler(3) + "{not json\n", 3, "evalset/cases.jsonl:4"),
        (
            (),
            lambda case, _filler: case("a", "x", group="g") + case("b", "y", part="tune", group="g"),
            3,
            "a group that lies in one part",
        ),
    ],
)
def test_bad_input_of_a_split_is_named_and_changes_nothing(
    folder, ship, options, text, code, said, case, filler
):
    """Shares that do not add up, no cases, broken lines, a group in two parts."""
    plain = LAUNCH.split("slices:", maxsplit=1)[0]
    launch = folder(launch_yaml=plain, criteria_yaml=CRITERIA, evalset__cases_jsonl=text(case, filler))
    before = (launch / "evalset/cases.jsonl").read_bytes()
    answer = ship("set", "split", launch, *options)
    assert answer.code == code
    assert said in answer.err
    assert (launch / "evalset/cases.jsonl").read_bytes() == before


def test_one_group_alone_goes_as_a_whole(folder, ship, lines, case):
    """Twelve cases of one customer: one unit, in one part, and the table says what that shows."""
    text = "".join(case(f"c{i}", f"thing {i} is {'xyz'[i % 3] * (i + 3)}", group="only") for i in range(12))
    launch = folder(
        launch_yaml=LAUNCH.split("slices:", maxsplit=1)[0], criteria_yaml=CRITERIA, evalset__cases_jsonl=text
    )
    said = ship("set", "split", launch, "--holdout", "1")
    assert {c["part"] for c in lines(launch)} == {"holdout"}
    assert "12 / 1" in said.out
    assert "out of reach" in said.out


def test_the_sample_is_examined_and_split(tmp_path, ship, lines):
    """Cues of the sample's feature were drawn from open cases: they stay open, and nothing must be mended."""
    launch = tmp_path / "sample"
    shutil.copytree(SAMPLE, launch)
    first = ship("set", "doctor", launch)
    said = ship("set", "split", launch, "--again", "--holdout", "0.4")
    after = ship("set", "doctor", launch, "--json")

    assert first.code == said.code == after.code == 0
    leaks = {f["cases"][0] for f in after.json["findings"] if f["kind"] == "leak"}
    assert leaks
    assert {c["part"] for c in lines(launch) if c["id"] in leaks} <= {"explore", "tune"}
