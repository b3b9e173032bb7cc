"""Judges that would be let off: held against themselves, against old values, or not asked the same as everybody."""

from __future__ import annotations

import json

from tests.journeys.test_judge_live import LAUNCH

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
