"""Twelve ways to a ship that is not deserved: each is blocked, or said where the verdict is read."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

JUDGED = """
- id: right
  estimand: judged_rate
  bar: {at_least: 0.8}
  scorer: {recorded: passed}
  labels: {recorded: human, chosen: random}
"""
NOT_WORSE = """
- id: not_worse
  estimand: difference
  bar: {at_least: -0.02}
  scorer: {recorded: passed}
"""


def _bring(ship, launch, file, variant="new"):
    assert ship("import", file, "--launch", launch, "--variant", variant).code == 0


def test_peeking(launch, outcomes, ship):
    """Looking once more than the plan allows, after more outcomes came in, ships nothing."""
    ship("lock", launch)
    _bring(ship, launch, outcomes("holdout", 60, fails=lambda i: i % 5 == 0, name="some"))
    ship("decide", launch, "--missing-as-no-answer")
    _bring(ship, launch, outcomes("holdout", 200, name="all"))

    said = ship("decide", launch, "--format", "json")

    assert (said.json["verdict"], said.json["look"]) == ("not yet", 2)
    assert "look 2 has no error left to spend" in said.json["reasons"][0]


def test_rows_as_cases(folder, ship, tmp_path):
    """Ten cases asked eight times are ten groups: 80 passes of 80 show no 90 of 100."""
    launch = folder(
        launch_yaml="candidate: new\nvariants:\n  new: {recorded: true, repeats: 8}\n",
        criteria_yaml="- {id: right, bar: {at_least: 0.9}, scorer: {recorded: passed}}\n",
        evalset__cases_jsonl="".join(f'{{"id": "c{i}", "part": "holdout"}}\n' for i in range(10)),
    )
    ship("lock", launch)
    rows = (f"c{i},{k},1\n" for i in range(10) for k in range(1, 9))
    (tmp_path / "rows.csv").write_text("case,repeat,passed\n" + "".join(rows))
    _bring(ship, launch, tmp_path / "rows.csv")

    claim = ship("decide", launch, "--format", "json").json["claims"][0]

    assert (claim["planned"], claim["groups"], claim["state"]) == (80, 10, "not shown")
    assert claim["lower"] < 0.75


def test_enriched_labels(launch, outcomes, ship, tmp_path):
    """Labels sought among what the judge failed, and called random, correct nothing and say why."""
    (launch / "criteria.yaml").write_text(JUDGED)
    ship("lock", launch)
    _bring(ship, launch, outcomes("holdout", 200, fails=lambda i: i % 10 < 2))
    rows = [f"holdout-{i},1\n" for i in range(200) if i % 10 < 2 or i % 20 == 5]
    (tmp_path / "labels.csv").write_text("case,label\n" + "".join(rows))
    ship("label", tmp_path / "labels.csv", "--launch", launch)

    said = ship("decide", launch, "--format", "json")

    assert said.json["verdict"] == "not yet"
    assert all("said to be a random draw" in claim["reason"] for claim in said.json["claims"])


def test_a_tuned_set(launch, outcomes, ship):
    """Outcomes on the cases a feature was tuned on explore for ever, however good they are."""
    _bring(ship, launch, outcomes("explore", 60))
    ship("lock", launch)

    said = ship("decide", launch, "--format", "json")

    assert (said.json["verdict"], said.json["would_be"]) == ("not yet", "ship")


def test_filtered_slices(launch, outcomes, ship):
    """Taking the slice that failed out of launch.yaml after the look changes the plan, and the rest explores."""
    ship("lock", launch)
    _bring(ship, launch, outcomes("holdout", 200, fails=lambda i: i % 2 == 1))
    before = ship("decide", launch, "--format", "json").json["verdict"]
    path = launch / "launch.yaml"
    path.write_text(path.read_text().replace("{a: 0.7, b: 0.3}", "{a: 1.0}"))

    said = ship("decide", launch)

    assert before == "ship narrower"
    assert said.code in (3, 11)  # the cases of b are then in no slice, which is a problem of the folder


def test_zero_width(launch, outcomes, ship):
    """All 200 pass: what it could be as low as is still below 100 of 100."""
    ship("lock", launch)
    _bring(ship, launch, outcomes("holdout", 200))

    said = ship("decide", launch, "--format", "json")

    assert all(0.9 < claim["lower"] < 0.98 and claim["estimate"] == 1 for claim in said.json["claims"])


def test_missing_judge_labels(launch, outcomes, ship):
    """A judge's verdicts without one label show nothing: no look is taken, so that it is there once people have labelled."""
    (launch / "criteria.yaml").write_text(JUDGED)
    ship("lock", launch)
    _bring(ship, launch, outcomes("holdout", 200))

    said = ship("decide", launch, "--yes", "--format", "json")

    assert (said.code, said.out) == (3, "")
    assert "no person has labelled a sealed output" in said.err
    with closing(sqlite3.connect(launch / ".shipworthy/ledger.db")) as ledger:
        assert ledger.execute("SELECT count(*) FROM journal WHERE verb = 'look'").fetchone() == (0,)


def test_a_bar_drawn_after_the_look(launch, outcomes, ship):
    """Lowering the bar to what was seen turns the verdict into an exploration that names the change."""
    ship("lock", launch)
    _bring(ship, launch, outcomes("holdout", 200, fails=lambda i: i % 10 < 3))
    ship("decide", launch)
    path = launch / "criteria.yaml"
    path.write_text(path.read_text().replace("at_least: 0.8", "at_least: 0.5"))

    said = ship("decide", launch, "--format", "json")

    assert said.json["verdict"] == "not yet"
    assert "criteria.right.bar.at_least: was 0.8, is 0.5" in " ".join(said.json["reasons"])


def test_a_margin_changed_after_the_look(launch, outcomes, ship):
    """A wider margin of "not worse" is another plan."""
    (launch / "criteria.yaml").write_text(NOT_WORSE)
    ship("lock", launch)
    _bring(ship, launch, outcomes("holdout", 200, fails=lambda i: i % 10 < 2, name="new"))
    _bring(
        ship, launch, outcomes("holdout", 200, fails=lambda i: i % 10 < 2 and i % 20 < 11, name="old"), "old"
    )
    ship("decide", launch)
    path = launch / "criteria.yaml"
    path.write_text(path.read_text().replace("-0.02", "-0.2"))

    said = ship("decide", launch, "--format", "json")

    assert said.json["verdict"] == "not yet"
    assert "criteria.not_worse.bar.at_least: was -0.02, is -0.2" in " ".join(said.json["reasons"])


def test_duplicates(folder, ship, tmp_path):
    """Two hundred copies of ten questions are ten groups, whatever their ids."""
    rows = (json.dumps({"id": f"c{i}", "input": f"question {i % 10}", "part": "holdout"}) for i in range(200))
    launch = folder(
        launch_yaml="candidate: new\nvariants:\n  new: {recorded: true}\n",
        criteria_yaml="- {id: right, bar: {at_least: 0.9}, scorer: {recorded: passed}}\n",
        evalset__cases_jsonl="\n".join(rows) + "\n",
    )
    ship("lock", launch)
    (tmp_path / "all.csv").write_text("case,passed\n" + "".join(f"c{i},1\n" for i in range(200)))
    _bring(ship, launch, tmp_path / "all.csv")

    claim = ship("decide", launch, "--format", "json").json["claims"][0]

    assert (claim["cases"], claim["groups"], claim["state"]) == (200, 10, "not shown")


def test_a_leaked_holdout(launch, outcomes, ship):
    """Cases whose outcomes were known before the lock cannot be locked as a holdout."""
    assert (
        ship(
            "import", outcomes("holdout", 200), "--launch", launch, "--variant", "new", "--burn-holdout"
        ).code
        == 0
    )

    said = ship("lock", launch)

    assert said.code == 3
    assert "200 holdout cases, or others with the same input, have outcomes already" in said.err


def test_a_wrong_mix(folder, ship, tmp_path):
    """Hard questions are 40 of 100 in the traffic and 10 of 100 in the eval set: pooled they would ship, weighed not."""
    easy = [(f"e{i}", "easy", 1) for i in range(180)]
    hard = [(f"h{i}", "hard", int(i % 2)) for i in range(20)]
    launch = folder(
        launch_yaml="""
        candidate: new
        variants:
          new: {recorded: true}
        slices:
          kind: {by: kind, shares: {easy: 0.6, hard: 0.4}}
        """,
        criteria_yaml="- {id: right, bar: {at_least: 0.85}, scorer: {recorded: passed}}\n",
        evalset__cases_jsonl="".join(
            json.dumps({"id": case, "tags": {"kind": kind}, "part": "holdout"}) + "\n"
            for case, kind, _ in easy + hard
        ),
    )
    ship("lock", launch)
    rows = "".join(f"{case},{passed}\n" for case, _, passed in easy + hard)
    (tmp_path / "all.csv").write_text("case,passed\n" + rows)
    _bring(ship, launch, tmp_path / "all.csv")

    said = ship("decide", launch, "--format", "json")
    claim = said.json["claims"][0]

    assert (claim["passed"], claim["planned"]) == (190, 200)
    assert claim["estimate"] == 0.8
    assert said.json["verdict"] == "not yet"
    assert (
        "another mix than the traffic (hard: 10 of 100 groups, 40 of 100 expected)" in said.json["notes"][0]
    )


def test_shares_that_people_round_still_weigh(folder, ship, tmp_path):
    """0.333 three times is accepted as all of the traffic, and the claim over all of it is computed."""
    launch = folder(
        launch_yaml="""
        candidate: new
        variants:
          new: {recorded: true}
        slices:
          kind: {by: kind, shares: {a: 0.333, b: 0.333, c: 0.333}}
        """,
        criteria_yaml="- {id: right, bar: {at_least: 0.85}, scorer: {recorded: passed}}\n",
        evalset__cases_jsonl="".join(
            json.dumps({"id": f"c{i}", "tags": {"kind": "abc"[i % 3]}, "part": "holdout"}) + "\n"
            for i in range(90)
        ),
    )
    ship("lock", launch)
    (tmp_path / "all.csv").write_text("case,passed\n" + "".join(f"c{i},1\n" for i in range(90)))
    _bring(ship, launch, tmp_path / "all.csv")

    assert ship("decide", launch, "--format", "json").json["verdict"] == "ship"
    assert ship("plan", launch).code == 0
    assert ship("compare", launch).code in (0, 3)
