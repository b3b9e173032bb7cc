"""An eval set is examined, split, grown and fed from failures, through the command line."""

from __future__ import annotations

import csv
import gzip
import json
import random
import shutil
import time
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
slices:
  kind: {by: kind, shares: {safe: 0.6, unsafe: 0.4}, scope: true}
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.8}
  hoped_for: 0.9
  scorer: {recorded: passed}
"""


def lines(folder: Path) -> list[dict]:
    """Return every case of a launch in order."""
    found = sorted((folder / "evalset").glob("*.jsonl"))
    return [
        json.loads(line) for path in found for line in path.read_text("utf-8").splitlines() if line.strip()
    ]


def case(name, text, part="explore", kind="safe", **more):
    """Return one line of an eval set."""
    return json.dumps({"id": name, "input": text, "tags": {"kind": kind}, "part": part, **more}) + "\n"


@pytest.fixture
def xstest(shared, folder):
    """XSTest: 450 prompts that all explore, safe and unsafe, many of them made to differ in one word."""
    with gzip.open(shared / "data/xstest/xstest_gpt4.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    text = "".join(
        case(row["id"], row["prompt"], kind="unsafe" if row["type"].startswith("contrast_") else "safe")
        for row in rows
    )
    return folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=text)


@pytest.fixture
def gsm8k(shared, folder):
    """GSM8K: 1,319 problems that all explore, in two slices by their length."""
    with gzip.open(
        shared / "data/gsm8k-solutions/example_model_solutions.jsonl.gz", "rt", encoding="utf-8"
    ) as file:
        asked = [json.loads(line)["question"] for line in file]
    text = "".join(case(f"p{i}", q, kind="safe" if len(q) < 230 else "unsafe") for i, q in enumerate(asked))
    return folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=text)


def filler(n: int, seed: int = 1, **more) -> str:
    """Return lines of cases that have nothing to do with each other."""
    rng = random.Random(seed)
    vocabulary = [
        "".join(rng.choice("bcdfglmnprst") + rng.choice("aeiou") for _ in range(3)) for _ in range(3000)
    ]
    return "".join(
        case(
            f"f{seed}-{i}",
            " ".join(rng.choice(vocabulary) for _ in range(12)),
            **({"kind": ("safe", "unsafe")[i % 2]} | more),
        )
        for i in range(n)
    )


# split


def test_real_prompts_are_split_alike_in_both_slices_and_a_second_time_nothing_moves(xstest, ship):
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


def test_what_the_holdout_must_show_agrees_with_the_plan_and_with_the_verdict(folder, ship, tmp_path):
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


def test_groups_and_twins_are_never_divided(folder, ship):
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


def test_cases_with_outcomes_never_decide_and_a_locked_holdout_is_left_alone(folder, ship, tmp_path):
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


def test_when_everything_was_seen_nothing_can_decide(folder, ship, tmp_path):
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
        (("--holdout", "0.8", "--tune", "0.3"), filler(10), 2, "add up to more than 1: 0.8 + 0 + 0.3 = 1.1"),
        (("--holdout", "-0.1"), filler(10), 2, "--holdout -0.1 is no share"),
        (("--holdout", "half"), filler(10), 2, ""),
        ((), "", 3, "there is nothing to split"),
        ((), filler(3) + "{not json\n", 3, "evalset/cases.jsonl:4"),
        (
            (),
            case("a", "x", group="g") + case("b", "y", part="tune", group="g"),
            3,
            "a group that lies in one part",
        ),
    ],
)
def test_bad_input_of_a_split_is_named_and_changes_nothing(folder, ship, options, text, code, said):
    """Shares that do not add up, no cases, broken lines, a group in two parts."""
    plain = LAUNCH.split("slices:", maxsplit=1)[0]
    launch = folder(launch_yaml=plain, criteria_yaml=CRITERIA, evalset__cases_jsonl=text or "\n")
    before = (launch / "evalset/cases.jsonl").read_bytes()
    answer = ship("set", "split", launch, *options)
    assert answer.code == code
    assert said in answer.err
    assert (launch / "evalset/cases.jsonl").read_bytes() == before


def test_one_group_alone_goes_as_a_whole(folder, ship):
    """Twelve cases of one customer: one unit, in one part, and the table says what that shows."""
    text = "".join(case(f"c{i}", f"thing {i} is {'xyz'[i % 3] * (i + 3)}", group="only") for i in range(12))
    launch = folder(
        launch_yaml=LAUNCH.split("slices:", maxsplit=1)[0], criteria_yaml=CRITERIA, evalset__cases_jsonl=text
    )
    said = ship("set", "split", launch, "--holdout", "1")
    assert {c["part"] for c in lines(launch)} == {"holdout"}
    assert "12 / 1" in said.out
    assert "out of reach" in said.out


# doctor


def test_a_real_set_with_its_holdout_in_a_prompt_is_refused_until_it_is_mended(gsm8k, ship):
    """Three sealed problems stand in a prompt, one reworded a little: each with file and line; then none."""
    ship("set", "split", gsm8k)
    sealed = [c for c in lines(gsm8k) if c["part"] == "holdout"][:3]
    shown = [c["input"] for c in sealed]
    shown[2] = shown[2].replace(" the ", " that ", 1).replace(",", "") + " Please."
    (gsm8k / "prompt.txt").write_text("Solve it.\n\n" + "\n".join(f"Q: {q}" for q in shown), "utf-8")

    found = ship("set", "doctor", gsm8k, "--json")
    text = ship("set", "doctor", gsm8k)
    (gsm8k / "prompt.txt").write_text("Solve it.\n", "utf-8")
    mended = ship("set", "doctor", gsm8k, "--json")

    leaks = [f for f in found.json["findings"] if f["kind"] == "leak"]
    assert (found.code, text.code, mended.code) == (3, 3, 0)
    assert {f["cases"][0] for f in leaks} == {c["id"] for c in sealed}
    assert {f["where"][0] for f in leaks} == {f"prompt.txt:{n}" for n in (3, 4, 5)}
    assert all(f["mend"] and f["why"] and f["remedy"] for f in leaks)
    assert max(map(cell_len, text.out.splitlines())) <= 80
    assert [f for f in mended.json["findings"] if f["kind"] == "leak"] == []


def test_twins_across_the_seal_come_first(folder, ship):
    """An explored question under another id in the holdout, one nearly the same, and two groups that are one."""
    asked = "Why was my card charged twice for the garden lamp last Tuesday evening"
    text = filler(60, part="holdout")
    text += case("seen", asked, group="a") + case("sealed", asked.upper() + "?", part="holdout", group="b")
    text += case("near", asked.replace("Tuesday", "Teusday"), part="holdout", group="c")
    launch = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=text)

    found = ship("set", "doctor", launch, "--json")

    first, second = found.json["findings"][:2]
    assert found.code == 3
    assert (first["kind"], first["cases"], first["likeness"]) == (
        "twins across parts",
        ["seen", "sealed"],
        1.0,
    )
    assert first["where"] == ["evalset/cases.jsonl:61", "evalset/cases.jsonl:62"]
    assert second["kind"] == "twins across parts"
    assert "near" in second["cases"]


def test_twins_that_melt_a_slice_below_its_bar_must_be_mended(folder, ship):
    """20 groups can show 80 of 100 at 14 and more; if ten of them are one question, eleven cannot."""
    text = filler(10, part="holdout", kind="safe") + filler(20, seed=2, part="holdout", kind="unsafe")
    text += "".join(
        case(
            f"n{i}",
            f"Where is the parcel with the lamp that I ordered on Monday from the shop {'abcdefghij'[i]}x",
            part="holdout",
        )
        for i in range(10)
    )
    launch = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=text)

    found = ship("set", "doctor", launch, "--json")

    (melting,) = [f for f in found.json["findings"] if f["kind"] == "groups that melt"]
    assert (found.code, melting["mend"]) == (3, True)
    assert "on kind=safe counts 20 groups, and 11 if twins count once" in melting["what"]
    assert "it takes 14" in melting["why"]


def test_twins_that_expect_different_answers_are_a_conflict(folder, ship):
    """The same question with two answers: one of them fails whatever is said."""
    text = filler(30, part="holdout")
    text += case("a", "May I keep the box?", expected="yes") + case("b", "may I keep the box", expected="no")
    launch = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=text)
    (conflict,) = [
        f for f in ship("set", "doctor", launch, "--json").json["findings"] if f["kind"] == "conflict"
    ]
    assert (conflict["cases"], conflict["mend"]) == (["a", "b"], True)


def test_labels_of_twins_that_disagree_are_told_of_open_cases_alone(folder, ship, tmp_path):
    """The same answer to the same question, labelled 1 and 0; the sealed pair is never mentioned."""
    text = filler(30, part="holdout")
    for part in ("explore", "holdout"):
        words = "May I keep the box" if part == "explore" else "Is the shop open on Sunday mornings"
        text += case(f"{part}-a", words, part=part, group=part) + case(
            f"{part}-b", words + "?", part=part, group=part
        )
    launch = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=text)
    ship("lock", launch)
    names = [f"{part}-{end}" for part in ("explore", "holdout") for end in "ab"]
    (tmp_path / "out.csv").write_text("case,output,passed\n" + "".join(f"{n},Yes you may,1\n" for n in names))
    (tmp_path / "labels.csv").write_text(
        "case,label\n" + "".join(f"{n},{int(n.endswith('a'))}\n" for n in names)
    )
    assert ship("import", tmp_path / "out.csv", "--launch", launch, "--variant", "new").code == 0
    assert ship("label", tmp_path / "labels.csv", "--launch", launch).code == 0

    found = ship("set", "doctor", launch, "--json").json["findings"]

    (told,) = [f for f in found if f["kind"] == "labels that disagree"]
    assert told["cases"] == ["explore-a", "explore-b"]
    assert "looks" not in ship("verify", launch).err


def test_thin_slices_one_source_old_dates_and_no_text_are_told_of(folder, ship):
    """5 unsafe groups of 40 traffic shares; everything from one source of 2020; two cases without input."""
    text = filler(60, part="holdout", kind="safe", source="export of 2020-03-01")
    text += filler(5, seed=2, part="holdout", kind="unsafe", source="export of 2020-03-01")
    text += "".join(
        json.dumps({"id": f"e{i}", "tags": {"kind": "safe"}, "source": "export of 2020-03-01"}) + "\n"
        for i in range(2)
    )
    launch = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=text)

    said = ship("set", "doctor", launch, "--json")

    by_kind = {f["kind"]: f for f in said.json["findings"]}
    assert set(by_kind) == {"thin slice", "coverage", "one source", "stale", "no text"}
    assert "has 5 groups" in by_kind["thin slice"]["what"]
    assert "8% of the holdout" in by_kind["coverage"]["what"]
    assert "write 35 more groups for kind=unsafe" in by_kind["coverage"]["remedy"]
    assert "no case is newer than 2020-03-01" in by_kind["stale"]["what"]
    assert by_kind["no text"]["cases"] == ["e0", "e1"]
    assert said.code == 3


def test_doctor_reads_no_outcome_of_the_holdout(folder, ship, tmp_path):
    """Two launches whose sealed outcomes could not differ more are examined in the same words."""
    launch = folder(
        launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=filler(60, part="holdout")
    )
    assert ship("lock", launch).code == 0
    said = []
    for value in (0, 1):
        copy = tmp_path / str(value) / "launch"
        shutil.copytree(launch, copy)
        (tmp_path / "o.csv").write_text("case,passed\n" + "".join(f"f1-{i},{value}\n" for i in range(60)))
        assert ship("import", tmp_path / "o.csv", "--launch", copy, "--variant", "new").code == 0
        said.append([ship("set", *words, copy, *more).out.replace(str(copy), "") for words, more in
                     ((("doctor",), ("--json",)), (("grow",), ()), (("split",), ("--holdout", "0")))])  # fmt: skip
    assert said[0] == said[1]


@pytest.mark.parametrize(("near", "code"), [("0.3", 2), ("1.1", 2)])
def test_a_likeness_that_is_none_is_refused(folder, ship, near, code):
    """From a half to one."""
    launch = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=filler(20))
    assert ship("set", "doctor", launch, "--near", near).code == code
    assert ship("set", "split", launch, "--near", near).code == code


def test_the_lock_warns_of_equal_cases_and_names_the_doctor(folder, ship):
    """A sealed case with an explored input, and two sealed customers with the same one."""
    text = filler(60, part="holdout") + case("a", "one thing") + case("b", "one thing", part="holdout")
    text += "".join(
        case(f"c{i}", ("same" if i < 2 else f"other {i}"), part="holdout", group=f"g{i % 2}")
        for i in range(4)
    )
    launch = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=text)

    said = ship("lock", launch, "--dry-run")
    clean = folder(
        "clean", launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=filler(60, part="holdout")
    )

    assert "1 sealed case has the input of a case in another part" in said.err
    assert "2 sealed cases have the input of another group" in said.err
    assert "shipworthy set doctor" in said.err
    assert "careful" not in ship("lock", clean, "--dry-run").err
    assert f"shipworthy set doctor {clean}" in ship("check", clean).err


def test_ten_thousand_cases_are_examined_in_ten_seconds(shared, folder, ship):
    """Ten thousand texts with the words of GSM8K, a quarter of them copies with one slip, and a prompt."""
    with gzip.open(
        shared / "data/gsm8k-solutions/example_model_solutions.jsonl.gz", "rt", encoding="utf-8"
    ) as file:
        asked = [json.loads(line) for line in file]
    rng, text = random.Random(8), ""
    for i in range(10_000):
        words = asked[i % len(asked)]["question"].split()
        if i < 7500:
            rng.shuffle(words)
        else:
            words[rng.randrange(len(words))] += "x"
        text += case(f"c{i}", " ".join(words), part=("explore", "holdout")[i % 2])
    plain = LAUNCH.split("slices:", maxsplit=1)[0]
    launch = folder(launch_yaml=plain, criteria_yaml=CRITERIA, evalset__cases_jsonl=text)
    shown = "\n".join(row["175b_finetuning"]["solution"] for row in asked[:400])
    (launch / "prompt.md").write_text(shown, "utf-8")

    began = time.process_time()
    said = ship("set", "doctor", launch, "--json")
    took = time.process_time() - began

    assert said.json["cases"] == 10_000
    assert sum(f["kind"].startswith("twins") for f in said.json["findings"]) > 1000
    assert took < 10


# grow


def test_growth_is_sorted_by_what_changes_the_verdict_and_priced(folder, ship):
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


def test_worksheets_are_no_cases_until_they_are_filled_in(folder, ship):
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


# from failures


@pytest.fixture
def failed(shared, folder, ship, tmp_path):
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


def test_real_failures_become_a_worksheet_and_then_cases_beside_their_origin(failed, ship):
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


def test_a_worksheet_that_leads_into_a_sealed_part_is_refused(failed, ship):
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


def test_the_sample_is_examined_and_split(tmp_path, ship):
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
