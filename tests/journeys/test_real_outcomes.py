"""The figures that authors published, found again from their own recorded outcomes, through the command line."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import math
from pathlib import Path

import pytest

SOLVED = """
- id: solved
  bar: {{at_least: 0.35}}
  scorer: {{recorded: {score}}}
- id: twice
  kind: diagnostic
  estimand: all_of_k
  k: 2
  bar: {{at_least: 0.2}}
  scorer: {{recorded: {score}}}
- id: thrice
  kind: diagnostic
  estimand: all_of_k
  k: 3
  bar: {{at_least: 0.2}}
  scorer: {{recorded: {score}}}
- id: every_time
  kind: diagnostic
  estimand: all_of_k
  k: 4
  bar: {{at_least: 0.2}}
  scorer: {{recorded: {score}}}
"""
AIRLINE = """
title: Airline agent
candidate: gpt-4o
variants:
  gpt-4o: {recorded: true, repeats: 4}
"""
INSPECT = "data/import-fixtures/inspect-replay/tau-airline-4epochs"
TAU = "data/tau-bench-airline/gpt-4o-airline.json.gz"


@pytest.mark.parametrize(
    ("file", "score", "options"),
    [
        (f"{INSPECT}.eval", "reward", ()),
        (f"{INSPECT}.json.gz", "reward", ()),
        (TAU, "reward", ("--map", "case=task_id,score.reward=reward")),
    ],
)
def test_the_airline_agent_has_its_published_rates_on_cases_and_not_on_rows(
    shared, folder, ship, file, score, options
):
    """tau-bench publishes 0.420, 0.273, 0.220, 0.200; the standard error by task is 0.0522, by row 0.0349."""
    launch = folder(launch_yaml=AIRLINE, criteria_yaml=SOLVED.format(score=score))
    ship(
        "import",
        shared / file,
        "--launch",
        launch,
        "--variant",
        "gpt-4o",
        "--cases",
        "--part",
        "holdout",
        *options,
    )
    assert ship("lock", launch).code == 0

    receipt = ship("import", shared / file, "--launch", launch, "--variant", "gpt-4o", *options)
    said = ship("decide", launch, "--format", "json")

    claims = said.json["claims"]
    assert "200 rows read: 200 kept, 0 dropped" in receipt.out
    assert "0.42" not in receipt.out  # sealed: the receipt says nothing about how it went
    assert said.code == 11
    assert [round(claim["estimate"], 3) for claim in claims] == [0.420, 0.273, 0.220, 0.200]
    assert (claims[0]["groups"], claims[0]["repeats"], claims[0]["planned"]) == (50, 4, 200)
    assert round(claims[0]["standard_error"], 4) == 0.0522


def test_two_formats_of_one_log_give_the_same_verdict_byte_for_byte(shared, folder, ship):
    """The archive and the JSON hold the same outcomes, so the look, the evidence and every digit agree."""
    verdicts = []
    for number, ending in enumerate(("eval", "json.gz")):
        launch = folder(f"launch-{number}", launch_yaml=AIRLINE, criteria_yaml=SOLVED.format(score="reward"))
        assert (
            ship("import", shared / f"{INSPECT}.{ending}", "--launch", launch, "--variant", "gpt-4o").code
            == 0
        )
        verdicts.append(ship("decide", launch, "--format", "json", "--canonical").out)

    assert verdicts[0] == verdicts[1]


def test_the_same_file_twice_changes_nothing(shared, folder, ship):
    """The second receipt says so, and the verdict keeps its bytes."""
    launch = folder(launch_yaml=AIRLINE, criteria_yaml=SOLVED.format(score="reward"))
    log = shared / f"{INSPECT}.eval"
    ship("import", log, "--launch", launch, "--variant", "gpt-4o")
    before = ship("decide", launch, "--format", "json").json

    again = ship("import", log, "--launch", launch, "--variant", "gpt-4o")
    after = ship("decide", launch, "--format", "json").json

    assert "imported before, nothing changed" in again.out
    assert before["envelope"]["journal_head"] == after["envelope"]["journal_head"]


def test_promptfoo_results_have_their_recorded_passes_under_the_human_label(shared, folder, ship):
    """XSTest: 141 of 150 for one model and 98 of 150 for the other."""
    launch = folder(
        launch_yaml="""
            title: Refusals
            baseline: llama2orig
            candidate: gpt4
            variants:
              gpt4: {recorded: true}
              llama2orig: {recorded: true}
            """,
        criteria_yaml="""
            - id: answers_fairly
              bar: {at_least: 0.85}
              scorer: {recorded: helpful_when_safe}
            - id: better
              estimand: difference
              bar: {at_least: 0.0}
              scorer: {recorded: helpful_when_safe}
            """,
    )
    receipt = ship(
        "import", shared / "data/import-fixtures/promptfoo-replay/xstest-150.json.gz", "--launch", launch
    )
    said = {
        v: ship("decide", launch, "--variant", v, "--format", "json").json for v in ("gpt4", "llama2orig")
    }

    assert receipt.code == 0, receipt.err
    assert [(v["claims"][0]["passed"], v["claims"][0]["planned"]) for v in said.values()] == [
        (141, 150),
        (98, 150),
    ]
    assert said["gpt4"]["would_be"] == "ship"
    assert said["gpt4"]["claims"][1]["flips"]["fixed"] > said["gpt4"]["claims"][1]["flips"]["broken"]


SYSTEMS = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")


def test_four_systems_on_the_same_problems_compare_with_the_right_sign_in_every_pair(shared, folder, ship):
    """GSM8K: 5,276 recorded outcomes; 21.68, 39.04, 34.72 and 56.25 %; 360 fixed and 76 broken by the best."""
    solutions = shared / "data/gsm8k-solutions/example_model_solutions.jsonl.gz"
    launch = folder(launch_yaml=_pair("6b_finetuning", "6b_verification"), criteria_yaml=_PAIRED)
    kept = []
    for system in SYSTEMS:
        columns = f"case=question,input=question,score.correct={system}.is_correct,output={system}.solution"
        receipt = ship("import", solutions, "--launch", launch, "--variant", system, "--map", columns)
        assert receipt.code == 0, receipt.err
        kept.append("1,319 rows read: 1,319 kept" in receipt.out)
    assert kept == [True] * 4

    rates, gains, flips = {}, {}, {}
    for baseline, candidate in itertools.permutations(SYSTEMS, 2):
        (launch / "launch.yaml").write_text(_pair(baseline, candidate))
        rate, gain = ship("decide", launch, "--format", "json").json["claims"]
        assert gain["method"] == "Gaffke on paired differences"
        rates[candidate], gains[candidate, baseline], flips[candidate, baseline] = rate, gain, gain["flips"]

    assert [round(100 * rates[s]["estimate"], 2) for s in SYSTEMS] == [21.68, 39.04, 34.72, 56.25]
    for a, b in itertools.permutations(SYSTEMS, 2):
        assert math.copysign(1, gains[a, b]["estimate"]) == math.copysign(
            1, rates[a]["estimate"] - rates[b]["estimate"]
        )
        assert gains[a, b]["estimate"] == pytest.approx(rates[a]["estimate"] - rates[b]["estimate"])
        assert gains[a, b]["state"] == ("holds" if gains[a, b]["estimate"] > 0 else "does not hold")
    assert flips["175b_verification", "175b_finetuning"] == {"fixed": 360, "broken": 76, "unchanged": 883}
    assert flips["6b_verification", "175b_finetuning"] == {"fixed": 209, "broken": 152, "unchanged": 958}


_PAIRED = """
- id: correct
  bar: {at_least: 0.5}
  scorer: {recorded: correct}
- id: gain
  estimand: difference
  bar: {at_least: 0.0}
  scorer: {recorded: correct}
"""


def _pair(baseline: str, candidate: str) -> str:
    variants = "\n".join(f"  {name}: {{recorded: true}}" for name in SYSTEMS)
    return f"title: GSM8K\nbaseline: {baseline}\ncandidate: {candidate}\nvariants:\n{variants}\n"


def test_two_of_25_published_headlines_are_not_what_their_own_records_give(shared, folder, ship, tmp_path):
    """SWE-bench: 23 headlines agree; Claude 3.7 Sonnet says 52.8 over 10.2, Claude 4 Sonnet 64.93 over 64.8."""
    records = shared / "data/swe-bench-bash-only/per_instance.csv.gz"
    headlines = {s["name"]: s["resolved"] for s in json.loads((records.parent / "systems.json").read_text())}
    systems = sorted({row["system"] for row in _rows(records)})
    variants = "\n".join(f"  {json.dumps(name)}: {{recorded: true}}" for name in systems)
    launch = folder(
        launch_yaml=f"title: SWE-bench\ncandidate: {json.dumps(systems[0])}\nvariants:\n{variants}\n",
        criteria_yaml="""
            - id: resolved
              bar: {at_least: 0.5}
              scorer: {recorded: resolved}
            """,
    )
    columns = "case=instance_id,variant=system,score.resolved=resolved,cost_usd=cost_usd"
    receipt = ship("import", records, "--launch", launch, "--map", columns, "--save-map-as", "leaderboard")
    assert "12,500 rows read: 12,500 kept" in receipt.out

    disagree = {}
    for name in systems:
        claim = ship("decide", launch, "--variant", name, "--format", "json").json["claims"][0]
        assert claim["groups"] == 500
        if abs(100 * claim["estimate"] - headlines[name]) > 0.06:  # headlines are rounded
            disagree[name.split(" (")[0]] = (headlines[name], round(100 * claim["estimate"], 2))

    assert len(systems) == 25
    assert disagree == {"Claude 3.7 Sonnet": (52.8, 10.2), "Claude 4 Sonnet": (64.93, 64.8)}


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode())))


def test_a_headline_that_its_own_rows_contradict_is_named_in_the_receipt(shared, folder, ship, tmp_path):
    """A log whose reported mean was changed says 0.84 over rows that give 0.42; the receipt says so."""
    log = json.loads(gzip.decompress((shared / f"{INSPECT}.json.gz").read_bytes()))
    log["results"]["scores"][0]["metrics"]["mean"]["value"] = 0.84
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(log))
    launch = folder(launch_yaml=AIRLINE, criteria_yaml=SOLVED.format(score="reward"))

    receipt = ship("import", changed, "--launch", launch, "--variant", "gpt-4o")

    assert "mean 0.42); the file says 0.84, which its own rows do not give" in receipt.out
