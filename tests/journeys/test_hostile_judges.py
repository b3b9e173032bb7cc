"""Judges that would be let off: held against themselves, against old values, or not asked the same as everybody."""

from __future__ import annotations

import json
import sqlite3
import sys

from tests.journeys.remote import rows
from tests.journeys.test_judge_live import COMMAND, CRITERIA, LAUNCH, PROGRAM

ITSELF = """
- id: right
  question: Does the answer state our policy?
  estimand: judged_rate
  bar: {at_least: 0.8, why: agents said so}
  scorer: {recorded: gpt}
  labels: {recorded: gpt, chosen: random}
"""


def cases(part: str, n: int, **more: object) -> str:
    """Return lines of an eval set."""
    rows = ({"id": f"m-{i}", "input": f"question {i}", "part": part, **more} for i in range(1, n + 1))
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_a_score_that_is_said_to_be_its_own_labels_corrects_nothing(folder, ship):
    """Every verdict would carry a label that agrees: a ship on the word of a judge that no person has checked."""
    made = folder(launch_yaml=LAUNCH, criteria_yaml=ITSELF, evalset__cases_jsonl=cases("holdout", 40))

    said = ship("check", made)

    assert said.code == 3
    assert "labels by people, under another name than `gpt`" in said.out + said.err


def test_a_recorded_score_is_not_calibrated_on_itself(folder, ship, tmp_path):
    """It would catch every failure that it calls one."""
    criteria = ITSELF.replace("labels: {recorded: gpt", "labels: {recorded: human")
    made = folder(launch_yaml=LAUNCH, criteria_yaml=criteria, evalset__cases_jsonl=cases("calibrate", 40))
    file = tmp_path / "outcomes.csv"
    file.write_text("case,gpt\n" + "".join(f"m-{i},{i % 2}\n" for i in range(1, 41)))
    assert ship("import", file, "--launch", made, "--variant", "new").code == 0

    said = ship("judge", "calibrate", made, "gpt", "--labels", "gpt", "--scores", "gpt")

    assert said.code == 3
    assert "`gpt` would be held against itself" in said.err


def judged(folder, lines: str, program: str = PROGRAM, more: str = ""):
    """Make a launch whose judge is a program."""
    made = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=lines, judge_py=program)
    (made / "judges").mkdir()
    file = COMMAND.format(python=sys.executable).replace("---\nYou", f"{more}---\nYou")
    (made / "judges/policy.md").write_text(file)
    return made


def bring(ship, launch, tmp_path, table: str, variant: str = "new") -> None:
    """Import a table of outcomes."""
    file = tmp_path / f"{variant}.csv"
    file.write_text(table)
    said = ship("import", file, "--launch", launch, "--variant", variant)
    assert said.code == 0, said.err


def test_an_output_whose_text_nobody_recorded_is_shown_to_no_judge(folder, ship, tmp_path):
    """An empty text in its place would fail by the rules, be paid for, and accuse a judge of what it never saw."""
    made = judged(folder, cases("calibrate", 9), more="sentinels: human\n")
    bring(ship, made, tmp_path, "case,human\n" + "".join(f"m-{i},1\n" for i in range(1, 10)))

    said = ship("judge", "run", made, "--trust", "--unpriced")

    assert said.code == 0, said.err
    assert "policy: 9 outputs of new are unscored, as no text of them was recorded" in said.out
    assert rows(made, "SELECT DISTINCT value FROM scores JOIN explanations USING (series_no, case_no)") == [
        (None,)
    ]
    assert rows(made, "SELECT count(*) FROM intents WHERE case_no > 0") == [(0,)]
    assert ship("verify", made).code == 0


NOSY = PROGRAM.replace(
    '    message = json.loads(line)["input"]',
    '    asked = json.loads(line); open("../asked.log", "a").write(asked["case"] + "\\n"); message = asked["input"]',
)


def test_a_probe_is_asked_under_the_name_of_a_case(folder, ship, tmp_path):
    """A program, and a template with {{case}}, is told which case it is: `flattery-03` would tell the probe."""
    made = judged(folder, cases("explore", 12), program=NOSY)
    table = "case,output\n" + "".join(f"m-{i},answer {i}: right\n" for i in range(1, 13))
    bring(ship, made, tmp_path, table)
    bring(ship, made, tmp_path, table, "old")

    ship("judge", "run", made, "--trust", "--unpriced")
    ship("judge", "pairwise", made, "policy", "--variants", "new", "old", "--trust", "--unpriced")

    told = (made.parent / "asked.log").read_text().split()
    assert len(told) >= 10 + 24 + 10
    assert {name.split("-")[0] for name in told} == {"m"}


def test_calls_about_pairs_are_sealed_although_the_probes_were_not_answered(folder, ship, tmp_path):
    """Twenty calls that nothing came of were sent all the same: a receipt that is changed afterwards is found."""
    silent = 'import sys\nfor line in sys.stdin:\n    print(\'{"output": "what?"}\', flush=True)\n'
    made = judged(folder, cases("explore", 12), program=silent)
    table = "case,output\n" + "".join(f"m-{i},answer {i}: right\n" for i in range(1, 13))
    bring(ship, made, tmp_path, table)
    bring(ship, made, tmp_path, table, "old")
    said = ship("judge", "pairwise", made, "policy", "--variants", "new", "old", "--trust", "--unpriced")
    whole = ship("verify", made)
    with sqlite3.connect(made / ".shipworthy/ledger.db") as ledger:
        ledger.execute("UPDATE receipts SET latency_s = 99 WHERE call_no = 3")
    ledger.close()

    assert (said.code, whole.code) == (1, 0)
    assert ship("verify", made).code == 3


def test_a_judge_is_not_tested_on_the_kin_of_what_it_was_shown(folder, ship, tmp_path):
    """One case is an example: another of its group, and one with the same words, have the answer that it was given."""
    lines = [json.loads(line) | {"expected": "thirty days"} for line in cases("calibrate", 12).splitlines()]
    lines[0]["group"] = lines[1]["group"] = "a customer"
    lines[3]["input"] = lines[2]["input"]
    made = judged(folder, "".join(json.dumps(line) + "\n" for line in lines), more="examples: [m-1, m-3]\n")
    bring(
        ship,
        made,
        tmp_path,
        "case,output,human\n" + "".join(f"m-{i},answer {i}: right,1\n" for i in range(1, 13)),
    )
    ship("judge", "run", made, "--trust", "--unpriced")

    said = ship("judge", "calibrate", made, "policy", "--labels", "human")

    assert "1 of 8 labelled" in said.out


def test_a_table_to_label_does_not_make_another_feature_of_the_launch(folder, ship, tmp_path, monkeypatch):
    """Drawn in the launch folder it would be one of the feature's files: the lock would not hold, nothing be recorded."""
    made = judged(folder, cases("calibrate", 12) + cases("holdout", 12).replace("m-", "h-"))
    feature = 'def answer(given):\n    return f"answer {given.split()[1]}: right"\n'
    (made / "feature.py").write_text(feature)
    (made / "launch.yaml").write_text(
        LAUNCH.replace("new: {recorded: true}", 'new: {python: "feature:answer"}')
    )
    assert ship("lock", made).code == 0
    assert ship("run", made, "--trust").code == 0
    assert ship("judge", "run", made, "--trust", "--unpriced").code == 0
    monkeypatch.chdir(made)

    drawn = ship("label", "to-label.csv", "--launch", ".", "--draw", 5)
    next_ones = ship("judge", "suggest", ".", "policy", "--to", "next.csv")
    outside = ship("judge", "suggest", ".", "policy", "--to", "../next.csv")

    assert (drawn.code, next_ones.code, outside.code) == (3, 3, 0)
    assert "name a place outside the launch folder" in drawn.err
    assert not list(made.glob("*.csv"))
    assert "`shipworthy judge calibrate . policy" in " ".join(ship("decide", ".").out.split())


def test_a_judge_that_passed_a_probe_is_asked_for_nothing_more(folder, ship, tmp_path):
    """What it would say of thirty outputs decides nothing, and would be paid for; nor is it asked in the next run."""
    lenient = PROGRAM.replace('    word = "fail"', '    word = "pass"')
    made = judged(folder, cases("explore", 30), program=lenient)
    bring(ship, made, tmp_path, "case,output\n" + "".join(f"m-{i},answer {i}: right\n" for i in range(1, 31)))

    first = ship("judge", "run", made, "--trust", "--unpriced")
    second = ship("judge", "run", made, "--trust", "--unpriced")

    assert (first.code, second.code) == (11, 11)
    assert "policy: passed 10 of 10 outputs that must fail" in first.out
    assert "policy: suspended, it passed 10 of 10 outputs that must fail" in second.out
    assert rows(made, "SELECT count(*) FROM intents") == [(10,)]
    assert ship("verify", made).code == 0


def test_sentinels_that_nobody_labelled_are_told_of(folder, ship, tmp_path):
    """The file names labels, and no tagged output carries one: nothing would ever show that the judge has changed."""
    made = judged(folder, cases("calibrate", 12, tags={"sentinel": "yes"}), more="sentinels: human\n")
    bring(ship, made, tmp_path, "case,output\n" + "".join(f"m-{i},answer {i}: right\n" for i in range(1, 13)))
    first = ship("judge", "run", made, "--trust", "--unpriced")
    (tmp_path / "labels.csv").write_text("case,human\n" + "".join(f"m-{i},1\n" for i in range(1, 13)))
    assert ship("label", tmp_path / "labels.csv", "--launch", made).code == 0
    second = ship("judge", "run", made, "--trust", "--unpriced")

    assert "policy: whether it changed was not seen: no calibrate output with the tag `sentinel`" in first.out
    assert "of 12 sentinel outputs it agreed with people on 11 at first and on 11 now" in second.out
    assert "was not seen" not in second.out


def test_a_split_leaves_the_examples_of_a_judge_where_they_are(folder, ship):
    """In another part they would be mistakes of the folder; what hangs together with one stays beside it."""
    lines = cases("calibrate", 12, expected="thirty days")
    lines = lines.replace('"id": "m-2", "input": "question 2"', '"id": "m-2", "input": "question 1"')
    made = judged(folder, lines + cases("explore", 30).replace("m-", "e-"), more="examples: [m-1, m-3]\n")

    for seed in range(1, 5):
        said = ship("set", "split", made, "--holdout", "0.9", "--again", "--near", 1, "--seed", seed)
        assert said.code == 0, said.err

    after = (made / "evalset/cases.jsonl").read_text().splitlines()
    parts = {each["id"]: each["part"] for each in map(json.loads, after)}
    assert ship("check", made).code == 0
    assert {parts[name] for name in ("m-1", "m-2", "m-3")} == {"calibrate"}
