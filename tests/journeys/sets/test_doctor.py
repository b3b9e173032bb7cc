"""An eval set is examined before a lock, through the command line."""

from __future__ import annotations

import gzip
import json
import random
import shutil
import time

import pytest
from rich.cells import cell_len

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


def test_a_real_set_with_its_holdout_in_a_prompt_is_refused_until_it_is_mended(gsm8k, ship, lines):
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


def test_twins_across_the_seal_come_first(folder, ship, case, filler):
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


def test_twins_that_melt_a_slice_below_its_bar_must_be_mended(folder, ship, case, filler):
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


def test_twins_that_expect_different_answers_are_a_conflict(folder, ship, case, filler):
    """The same question with two answers: one of them fails whatever is said."""
    text = filler(30, part="holdout")
    text += case("a", "May I keep the box?", expected="yes") + case("b", "may I keep the box", expected="no")
    launch = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=text)
    (conflict,) = [
        f for f in ship("set", "doctor", launch, "--json").json["findings"] if f["kind"] == "conflict"
    ]
    assert (conflict["cases"], conflict["mend"]) == (["a", "b"], True)


def test_labels_of_twins_that_disagree_are_told_of_open_cases_alone(folder, ship, tmp_path, case, filler):
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


def test_thin_slices_one_source_old_dates_and_no_text_are_told_of(folder, ship, filler):
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


def test_doctor_reads_no_outcome_of_the_holdout(folder, ship, tmp_path, filler):
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
def test_a_likeness_that_is_none_is_refused(folder, ship, near, code, filler):
    """From a half to one."""
    launch = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=filler(20))
    assert ship("set", "doctor", launch, "--near", near).code == code
    assert ship("set", "split", launch, "--near", near).code == code


def test_the_lock_warns_of_equal_cases_and_names_the_doctor(folder, ship, case, filler):
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


def test_ten_thousand_cases_are_examined_in_ten_seconds(shared, folder, ship, case):
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
