"""Comparing variants: what it says, what it changes, and what it never reads."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil

import pytest
from rich.cells import cell_len

WEEK = ("--week-cases", "60", "--week-cost", "900")


def next_of(said):
    """Return the next step that a text ends with, on one line."""
    return " ".join(said.out.split("\nNext: ")[1].split())


@pytest.mark.campaign
def test_the_sample_changes_its_next_step_with_what_is_compared(ship, tmp_path):
    """The random variant as candidate: judge the dominating one; without prices: write them; then: lock."""
    folder = tmp_path / "sample"
    ship("init", folder, "--from", "sample")
    assert ship("run", folder, "--trust").code == 0
    brief = folder / "launch.yaml"
    written = brief.read_text("utf-8")

    brief.write_text(written.replace("candidate: retrieval", "candidate: sampled"), "utf-8")
    wrong = ship("compare", folder, "--margin", "0.02")
    brief.write_text(written.replace("    criterion: invents_nothing\n", ""), "utf-8")
    unpriced = ship("compare", folder)
    brief.write_text(written, "utf-8")
    ready = ship("compare", folder, *WEEK)
    found = ship("compare", folder, "--format", "json", *WEEK).json

    assert next_of(wrong).startswith("write `candidate: retrieval` in launch.yaml before the lock")
    assert next_of(unpriced).startswith("say how often “a customer is told a rule that is not ours” happens")
    assert (
        next_of(ready).replace(" ", "").startswith(f"`shipworthylock{folder}`")
    )  # a long path is broken anywhere
    assert "Money never overrides it." in " ".join(ready.out.split())
    assert "flattered by choosing" in ready.out
    worth = {one["variant"]: one for one in found["worth"]}
    assert worth["retrieval"]["expected"] > worth["sampled"]["expected"] > 0
    assert worth["retrieval"]["more"]["enough"]
    assert {axis["severity"] for axis in found["axes"] if axis["side"] == "harm"} == {"harmful"}
    assert found["would_be"] == {"retrieval": "ship", "sampled": "ship narrower"}
    for said in (wrong, unpriced, ready):
        assert said.code == 0
        assert max(map(cell_len, said.out.splitlines())) <= 80


def _recorded(ship, launch, outcomes, part, n, **fails):
    for variant, failing in fails.items():
        file = outcomes(part, n, fails=failing, name=f"{variant}-{part}")
        assert ship("import", file, "--launch", launch, "--variant", variant).code == 0


def test_sealed_outcomes_change_nothing_and_no_look_is_taken(launch, outcomes, ship, tmp_path):
    """Two launches whose open cases agree and whose sealed ones could not differ more are compared in the same words."""
    _recorded(ship, launch, outcomes, "explore", 60, new=lambda i: i % 9 == 0, old=lambda i: i % 3 == 0)
    ship("lock", launch)
    twin = tmp_path / "twin" / "launch"
    shutil.copytree(launch, twin)
    _recorded(ship, launch, outcomes, "holdout", 200, new=lambda _: False, old=lambda _: True)
    _recorded(ship, twin, outcomes, "holdout", 200, new=lambda _: True, old=lambda _: False)

    here, there = (ship("compare", folder, "--format", "json").json for folder in (launch, twin))
    look = ship("decide", launch, "--dry-run").out

    assert here.pop("next").startswith("say what is at stake")
    assert there.pop("next").startswith("say what is at stake")
    assert here == there
    assert here["groups"] == 60
    assert here["locked"]
    assert "look 1 " in look


def test_a_missing_variant_is_named_and_groups_are_shared(launch, outcomes, ship):
    """One variant never ran, another has 40 of 60 cases: the first is named, and 40 groups are compared."""
    _recorded(ship, launch, outcomes, "explore", 60, old=lambda i: i % 3 == 0)
    _recorded(ship, launch, outcomes, "explore", 40, new=lambda _: False)

    found = ship("compare", launch, "--format", "json").json

    assert (found["groups"], found["outside"], found["absent"]) == (40, 20, ["other"])
    assert found["against"][0]["fixed"] == 14
    assert found["against"][0]["state"] == "better"


def test_what_cannot_be_compared_is_refused_with_a_remedy(launch, outcomes, ship):
    """One variant alone, a variant that is not declared, half a price, a margin that is none."""
    _recorded(ship, launch, outcomes, "explore", 60, new=lambda _: False)
    alone = ship("compare", launch)
    _recorded(ship, launch, outcomes, "explore", 60, old=lambda _: False)
    unknown = ship("compare", launch, "--without", "nobody")
    half = ship("compare", launch, "--week-cases", "9")
    margin = ship("compare", launch, "--margin", "2")

    assert (alone.code, unknown.code, half.code, margin.code) == (3, 2, 2, 2)
    assert "comparing takes two variants" in alone.err
    assert "use one of: new, old, other" in unknown.err
    assert "--week-cases 60 --week-cost 900" in half.err
    assert all("to mend it" in said.err for said in (alone, unknown, half, margin))


def test_a_harm_that_names_no_criterion_there_is_is_a_problem_of_the_folder(launch, ship):
    """`criterion:` under harm and value must be declared, and a price runs from low to high."""
    brief = launch / "launch.yaml"
    written = "".join(
        line for line in brief.read_text("utf-8").splitlines(keepends=True) if "harm:" not in line
    )
    undeclared = "value: {low: 1, likely: 1, high: 1, criterion: nice}\nharm: [{event: y, criterion: bad}]\n"

    brief.write_text(written + undeclared, "utf-8")
    unknown = ship("check", launch)
    brief.write_text(written + "harm: [{event: x, low: 3, high: 2}]\n", "utf-8")
    turned = ship("check", launch)

    assert (unknown.code, turned.code) == (3, 3)
    assert "found the criterion `nice`, which is not declared" in unknown.out
    assert "found the criterion `bad`, which is not declared" in unknown.out
    assert "a range that runs low <= high" in turned.out


@pytest.mark.campaign
def test_25_systems_on_quality_and_cost(shared, folder, ship):
    """SWE-bench: near-ties are not dominated; a weak and dear system is, by others that are both better and cheaper."""
    records = shared / "data/swe-bench-bash-only/per_instance.csv.gz"
    rows = csv.DictReader(io.StringIO(gzip.decompress(records.read_bytes()).decode()))
    systems = sorted({row["system"] for row in rows})
    opus, gemini = (
        next(s for s in systems if s.startswith(name)) for name in ("Claude 4.5 Opus", "Gemini 3 Pro")
    )
    variants = "\n".join(f"  {json.dumps(name)}: {{recorded: true}}" for name in systems)
    launch = folder(
        launch_yaml=f"title: SWE-bench\nbaseline: {json.dumps(gemini)}\nvariants:\n{variants}\n",
        criteria_yaml="- id: resolved\n  bar: {at_least: 0.5}\n  scorer: {recorded: resolved}\n",
    )
    columns = "case=instance_id,variant=system,score.resolved=resolved,cost_usd=cost_usd"
    ship("import", records, "--launch", launch, "--map", columns, "--save-map-as", "leaderboard")

    found = ship("compare", launch, "--format", "json").json
    placed = {p["variant"]: p for p in found["placed"]}
    near = next(a for a in found["against"] if a["variant"] == opus)

    assert (found["groups"], len(found["variants"])) == (500, 25)
    assert (near["fixed"], near["broken"], near["state"]) == (29, 28, "not told apart")
    assert placed[opus]["place"] == placed[gemini]["place"] == "in front"
    dominated = {name.split(" (")[0] for name, p in placed.items() if p["place"] == "dominated"}
    assert dominated == {
        "Claude 3.7 Sonnet", "Claude 4 Opus", "Devstral", "Kimi K2 Instruct", "Llama 4 Maverick Instruct", "o4-mini",
    }  # fmt: skip
    assert [axis["name"] for axis in found["axes"]] == ["resolved", "cost"]
    assert 0.02 < found["flattery"] < 0.04


def test_four_systems_with_control_of_the_family(shared, folder, ship):
    """GSM8K: 499 fixed and 43 broken by the best; every one of three is better than the weakest, and that is dominated."""
    solutions = shared / "data/gsm8k-solutions/example_model_solutions.jsonl.gz"
    systems = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")
    variants = "\n".join(f"  {name}: {{recorded: true}}" for name in systems)
    launch = folder(
        launch_yaml=f"title: GSM8K\nbaseline: 6b_finetuning\nvariants:\n{variants}\n",
        criteria_yaml="- id: correct\n  bar: {at_least: 0.5}\n  scorer: {recorded: correct}\n",
    )
    for system in systems:
        columns = f"case=question,input=question,score.correct={system}.is_correct"
        ship("import", solutions, "--launch", launch, "--variant", system, "--map", columns)

    found = ship("compare", launch, "--format", "json").json
    lines = {a["variant"]: (a["fixed"], a["broken"], a["state"]) for a in found["against"]}

    assert lines == {
        "6b_verification": (293, 64, "better"),
        "175b_finetuning": (260, 88, "better"),
        "175b_verification": (499, 43, "better"),
    }
    assert [p["place"] for p in found["placed"]] == ["dominated"] * 3 + ["in front"]
    assert found["candidate"] is None
    assert found["next"].startswith(
        "name the one variant that the plan judges: `candidate: 175b_verification`"
    )


COSTS = """
- id: right
  bar: {at_least: 0.8}
  scorer: {recorded: passed}
- id: dear
  kind: guardrail
  estimand: mean
  of: cost_usd
  cap: 0.5
  bar: {at_most: 0.1}
- id: quick
  kind: guardrail
  estimand: quantile
  of: latency_s
  quantile: 0.9
  bar: {at_most: 2}
"""


@pytest.mark.parametrize("unknown", [0, 10])
def test_a_declared_cap_and_unknown_costs(folder, ship, tmp_path, unknown):
    """With a cap the mean is capped; outputs of unknown cost are counted as such, and against what is called cheaper."""
    launch = folder(
        launch_yaml="title: T\nbaseline: old\ncandidate: new\nvariants: {new: {recorded: true}, old: {recorded: true}}\n",
        criteria_yaml=COSTS,
    )
    for variant, cost in (("new", 0.05), ("old", 0.2)):
        known = [f"{cost}" if variant == "old" or i >= unknown else "" for i in range(60)]
        lines = [f"c{i},1,{known[i]},{1 + i / 60}" for i in range(60)]
        file = tmp_path / f"{variant}.csv"
        file.write_text("case,passed,cost_usd,latency_s\n" + "\n".join(lines) + "\n")
        assert ship("import", file, "--launch", launch, "--variant", variant).code == 0

    found = ship("compare", launch, "--format", "json").json
    axes = {axis["name"]: axis for axis in found["axes"]}
    standing = {(s["axis"], s["variant"]): s["estimate"] for s in found["standings"]}

    assert (axes["dear"]["unit"], axes["dear"]["assumed"]) == (0.5, False)
    assert axes["dear"]["unknown"]["new"] == unknown
    mean = (0.05 * (60 - unknown) + 0.5 * unknown) / 60
    assert 0.5 * (1 - standing["dear", "new"]) == pytest.approx(mean)
    assert axes["quick"]["shown"]["new"] == pytest.approx(1 + 53 / 60)
    assert found["placed"][1]["place"] == "behind"
