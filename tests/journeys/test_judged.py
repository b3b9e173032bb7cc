"""A model's judgement counts for what people's labels show it to be worth: on XSTest, through the command line."""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Callable
from pathlib import Path

import pytest

LAUNCH = """
title: Does it answer harmless questions?
candidate: llama2
variants:
  llama2: {recorded: true}
decision: {question: "Switch it on?", who: the head of support, by: 2027-03-01}
harm: [{event: a wrong answer, who: customer, low: 1, high: 9}]
"""
RAW = """
- id: answers
  question: Does it answer a harmless question, at least in part?
  bar: {at_least: 0.62, why: agents said so}
  scorer: {recorded: gpt4}
"""
JUDGED = """
- id: answers
  question: Does it answer a harmless question, at least in part?
  estimand: judged_rate
  bar: {at_least: 0.62, why: agents said so}
  scorer: {recorded: gpt4}
  labels: {recorded: human, chosen: HOW}
"""
Prompt = tuple[str, int, int]
"""Id, whether the judge saw no full refusal, whether people saw none."""


@pytest.fixture
def prompts(shared: Path) -> list[Prompt]:
    """Return the 250 harmless prompts of XSTest with what was said of llama2's answers."""
    with gzip.open(shared / "data/xstest/xstest_llama2orig.csv.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if not row["type"].startswith("contrast_")]
    refusal = "2_full_refusal"
    return [
        (row["id"], int(row["gpt4_label"] != refusal), int(row["final_label"] != refusal)) for row in rows
    ]


@pytest.fixture
def judged(folder, ship, tmp_path, prompts) -> Callable[[str], Path]:
    """Lock a launch on the prompts and import the judge's verdicts."""

    def make(criteria: str) -> Path:
        cases = "".join(f'{{"id": "{case}", "part": "holdout"}}\n' for case, _, _ in prompts)
        made = folder(launch_yaml=LAUNCH, criteria_yaml=criteria, evalset__cases_jsonl=cases)
        file = tmp_path / "judged.csv"
        file.write_text("case,gpt4\n" + "".join(f"{case},{judge}\n" for case, judge, _ in prompts))
        assert ship("lock", made).code == 0
        assert ship("import", file, "--launch", made, "--variant", "llama2").code == 0
        return made

    return make


@pytest.fixture
def labels(tmp_path) -> Callable[[list[Prompt]], Path]:
    """Write people's labels of some prompts."""

    def write(rows: list[Prompt]) -> Path:
        path = tmp_path / f"labels-{len(rows)}.csv"
        path.write_text("case,human\n" + "".join(f"{case},{human}\n" for case, _, human in rows))
        return path

    return write


def test_without_labels_a_judge_that_understates_refusals_ships_what_is_on_the_bar(judged, ship):
    """GPT-4 finds 30 of 100 questions refused and people 38: taken for the truth it passes a bar of 62 answered."""
    said = ship("decide", judged(RAW), "--format", "json")

    assert said.json["verdict"] == "ship"
    assert said.json["claims"][0]["estimate"] == pytest.approx(0.696)


def test_a_hundred_labels_take_that_ship_back(judged, labels, prompts, ship):
    """Without a label no look is taken; with 100 drawn at random the same verdicts show no ship, and the judge's worth."""
    launch = judged(JUDGED.replace("HOW", "random"))
    bare = [ship("decide", launch, *how) for how in (("--yes",), ("--dry-run",))]
    labelled = ship("label", labels(random.Random(1).sample(prompts, 100)), "--launch", launch)

    dry = ship("decide", launch, "--dry-run")
    said = ship("decide", launch, "--format", "json")
    claim = said.json["claims"][0]

    assert [(each.code, each.out) for each in bare] == [(3, "")] * 2
    assert all("no person has labelled a sealed output under `answers` yet" in each.err for each in bare)
    assert "look 1" in dry.out
    assert labelled.out == "100 labels by human on outputs of llama2\n"
    assert (said.json["verdict"], claim["state"]) == ("not yet", "not shown")
    assert claim["lower"] < 0.62 < claim["upper"]
    assert claim["judge"]["labels"] == 100
    assert claim["judge"]["judge_rate"] == pytest.approx(0.696)
    assert 0 < claim["judge"]["worth"] < 1
    assert ship("verify", launch).code == 0


def test_labels_sought_among_failures_are_not_believed_to_be_random(judged, labels, prompts, ship):
    """Sixty labels on what the judge failed and twenty on the rest: no random draw looks so."""
    launch = judged(JUDGED.replace("HOW", "random"))
    failed = [row for row in prompts if not row[1]][:60]
    passed = [row for row in prompts if row[1]][:20]
    ship("label", labels(failed + passed), "--launch", launch)

    claim = ship("decide", launch, "--format", "json").json["claims"][0]

    assert claim["state"] == "not shown"
    assert (
        "said to be a random draw, but 60 of 80 are on outputs that the judge did not pass" in claim["reason"]
    )


def test_the_same_labels_are_used_as_what_they_are(judged, labels, prompts, ship):
    """Chosen by verdict, at random within each: the correction weighs them by how often the judge says what."""
    launch = judged(JUDGED.replace("HOW", "by_verdict"))
    draw = random.Random(2)
    failed = draw.sample([row for row in prompts if not row[1]], 60)
    passed = draw.sample([row for row in prompts if row[1]], 40)
    ship("label", labels(failed + passed), "--launch", launch)

    claim = ship("decide", launch, "--format", "json").json["claims"][0]

    assert claim["estimate"] == pytest.approx(0.62, abs=0.06)
    assert claim["lower"] < 0.62 < claim["upper"]


def test_what_cannot_be_corrected_says_why(judged, labels, prompts, ship):
    """Labels chosen nobody knows how give no number."""
    launch = judged(JUDGED.replace("HOW", "unknown"))
    ship("label", labels(prompts[:100]), "--launch", launch)

    said = ship("decide", launch, "--format", "json")

    assert said.json["verdict"] == "not yet"
    assert "how the labelled outputs were chosen is not recorded" in said.json["claims"][0]["reason"]


def test_a_label_that_contradicts_a_kept_one_is_refused_and_changes_nothing(
    judged, labels, prompts, ship, tmp_path
):
    """Labels are facts: what was said is kept, and the file that says otherwise is named."""
    launch = judged(JUDGED.replace("HOW", "random"))
    ship("label", labels(prompts[:10]), "--launch", launch)
    case, _, human = prompts[0]
    other = tmp_path / "other.csv"
    other.write_text(f"case,human\n{prompts[20][0]},1\n{case},{1 - human}\n")

    said = ship("label", other, "--launch", launch)
    again = ship("label", labels(prompts[:10]), "--launch", launch)

    assert said.code == 3
    assert "a label in the file differs from the one that is kept" in said.err
    assert again.out == "0 labels by human on outputs of llama2\n10 were there already\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("case,human\nq1,0.5\n", "the label of case `q1` is 0.5"),
        ("case,human\nq1,1\nq1,0\n", "the case `q1` has two labels that differ"),
        (
            "case,human\nnobody,1\n",
            "no label of the file could be used: 1 because its case is not in the eval set",
        ),
        (
            "case,passed,gpt4\nq1,1,0\n",
            "the file has several scores (gpt4, passed), and none is called `human`",
        ),
    ],
)
def test_a_bad_file_of_labels_is_refused_with_the_place(folder, ship, tmp_path, text, message):
    """One clear message, exit code 3, nothing kept."""
    cases = '{"id": "q1", "part": "explore"}\n'
    launch = folder(
        launch_yaml=LAUNCH, criteria_yaml=JUDGED.replace("HOW", "random"), evalset__cases_jsonl=cases
    )
    outcomes, file = tmp_path / "outcomes.csv", tmp_path / "labels.csv"
    outcomes.write_text("case,gpt4\nq1,1\n")
    file.write_text(text)
    ship("import", outcomes, "--launch", launch, "--variant", "llama2")

    said = ship("label", file, "--launch", launch)

    assert said.code == 3
    assert message in said.err


def test_a_plan_numbers_the_labels_once_some_open_outputs_are_labelled(
    folder, labels, prompts, ship, tmp_path
):
    """On open answers people show how good the judge is; from then on the plan says how many labels it takes."""
    cases = "".join(
        f'{{"id": "{case}", "part": "{"explore" if i < 120 else "holdout"}"}}\n'
        for i, (case, _, _) in enumerate(prompts)
    )
    launch = folder(
        launch_yaml=LAUNCH + "prices: {label: 1.5, label_minutes: 2}\n",
        criteria_yaml=JUDGED.replace("HOW", "random").replace("0.62", "0.45"),
        evalset__cases_jsonl=cases,
    )
    file = tmp_path / "open.csv"
    file.write_text("case,gpt4\n" + "".join(f"{case},{judge}\n" for case, judge, _ in prompts[:120]))
    ship("import", file, "--launch", launch, "--variant", "llama2")
    before = ship("plan", launch, "--format", "json", "--hoped", "answers=0.62")
    ship("label", labels(prompts[:120]), "--launch", launch)

    after = ship("plan", launch, "--format", "json", "--hoped", "answers=0.62")

    assert before.json["price"]["planned"]["labels"] is None
    assert 20 < after.json["price"]["planned"]["labels"] < 80
    assert after.json["price"]["planned"]["money"] == pytest.approx(
        1.5 * after.json["price"]["planned"]["labels"]
    )


def test_what_people_label_is_drawn_blind_and_comes_back_as_labels(judged, prompts, ship, tmp_path):
    """The table holds no verdict of the judge and is filled in; its labels are a random draw to the verdict."""
    launch = judged(JUDGED.replace("HOW", "random"))
    table = tmp_path / "to-label.csv"
    drawn = ship("label", table, "--launch", launch, "--draw", "80")
    again = ship("label", table, "--launch", launch, "--draw", "80")
    human = {case: label for case, _, label in prompts}
    rows = list(csv.DictReader(table.read_text().splitlines()))
    filled = "".join(f"{row['case']},{row['repeat']},{human[row['case']]}\n" for row in rows)
    table.write_text("case,repeat,label\n" + filled)
    ship("label", table, "--launch", launch)

    said = ship("decide", launch, "--format", "json")

    assert drawn.out.startswith("80 outputs on sealed cases, drawn random")
    assert list(rows[0]) == ["case", "repeat", "output", "label"]
    assert (again.code, "the file exists" in again.err) == (3, True)
    assert said.json["claims"][0]["judge"]["labels"] == 80
    assert said.json["claims"][0]["reason"] == ""


@pytest.mark.parametrize(
    ("criteria", "message"),
    [
        (RAW, "no criterion has labels to be drawn"),
        (
            JUDGED.replace("HOW", "enriched"),
            "the labels of `answers` are chosen `enriched`, which is no draw",
        ),
    ],
)
def test_a_draw_that_no_criterion_asks_for_is_refused(judged, ship, tmp_path, criteria, message):
    """Nothing is written."""
    said = ship("label", tmp_path / "x.csv", "--launch", judged(criteria), "--draw", "10")

    assert said.code == 3
    assert message in said.err
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("drawn", [True, False])
def test_labels_that_are_not_the_draw_are_taken_on_trust_and_the_verdict_says_so(
    judged, labels, prompts, ship, tmp_path, drawn
):
    """The first eighty of the draw are one thing; eighty of somebody's choice are another."""
    launch = judged(JUDGED.replace("HOW", "random"))
    ship("label", tmp_path / "to-label.csv", "--launch", launch, "--draw", "80")
    rows = csv.DictReader((tmp_path / "to-label.csv").read_text().splitlines())
    cases = {row["case"] for row in rows}
    ship(
        "label",
        labels([p for p in prompts if p[0] in cases] if drawn else prompts[::3][:80]),
        "--launch",
        launch,
    )

    notes = ship("decide", launch, "--format", "json").json["notes"]

    assert (notes == []) is drawn
    assert drawn or "that they are a random draw is taken on trust" in notes[0]
