"""Looks at the sealed cases, and tries: what each costs, through the command line."""

from __future__ import annotations

import pytest

CRITERIA = """
- id: right
  bar: {at_least: 0.8, why: agents said so}
  hoped_for: 0.95
  scorer: {recorded: passed}
"""


def test_a_dry_run_says_what_a_look_costs_and_takes_none(launch, outcomes, ship):
    """Nothing is revealed, and nothing is written."""
    ship("lock", launch)
    ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "new")
    head = ship("verify", launch).out

    said = ship("decide", launch, "--dry-run")

    assert said.code == 0
    assert said.out == "this would be look 1 at 200 of 200 groups, at an error of 0.05; nothing was opened\n"
    assert ship("verify", launch).out == head


def test_judging_another_variant_than_the_plans_explores(launch, outcomes, ship):
    """A further try has no error set aside for it: it cannot ship, however good it looks."""
    ship("lock", launch)
    ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "other")

    said = ship("decide", launch, "--variant", "other", "--format", "json")

    assert (said.code, said.json["would_be"], said.json["exploratory"]) == (11, "ship", True)


@pytest.mark.parametrize("policy", ["open", "{end: 200}", "{end: 200, reserve: 0.1}"])
def test_a_look_before_costs_the_next_one_nothing(launch, outcomes, ship, policy):
    """A launch looked at after 60 groups and one that was not say the same of 200: what is said holds at any look."""
    path = launch / "launch.yaml"
    path.write_text(path.read_text() + f"looks: {policy}\n")
    ship("lock", launch)
    some = outcomes("holdout", 60, fails=lambda i: i % 13 == 0, name="one")
    ship("import", some, "--launch", launch, "--variant", "new")
    first = ship("decide", launch, "--format", "json")
    every = outcomes("holdout", 200, fails=lambda i: i % 13 == 0, name="two")
    ship("import", every, "--launch", launch, "--variant", "new")

    second = ship("decide", launch, "--format", "json")

    assert "look 1 at 60 of 200 groups, at an error of 0.05" in first.err
    assert "look 2 at 200 of 200 groups, at an error of 0.05" in second.err
    assert first.json["verdict"] == "not yet"
    assert second.json["verdict"] == "ship"


def test_past_the_planned_end_no_error_is_left(launch, outcomes, ship):
    """`looks: {end: 100}` and 200 groups: nothing can hold any more, and the look says so before it is taken."""
    path = launch / "launch.yaml"
    path.write_text(path.read_text() + "looks: {end: 100}\n")
    ship("lock", launch)
    ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "new")

    said = ship("decide", launch, "--format", "json")

    assert "look 1 at 200 of 200 groups, for which no error is left" in said.err
    assert (said.json["verdict"], said.json["claims"][0]["lower"]) == ("not yet", 0.0)


def test_tries_that_the_plan_pays_for_share_its_error(launch, outcomes, ship):
    """`tries: 2`: the candidate and one more variant are judged at half the error each; a third explores."""
    path = launch / "launch.yaml"
    path.write_text(path.read_text() + "tries: 2\n")
    ship("lock", launch)
    for variant in ("new", "old", "other"):
        some = outcomes("holdout", 200, fails=lambda i: i % 25 == 0, name=variant)
        ship("import", some, "--launch", launch, "--variant", variant)

    said = [ship("decide", launch, "--variant", v, "--format", "json") for v in ("other", "old", "new")]

    assert [each.json["exploratory"] for each in said] == [False, True, False]
    assert "at an error of 0.025" in said[0].err
    assert {claim["level"] for claim in said[2].json["claims"]} == {0.975}


def test_a_plan_on_fresh_cases_says_what_was_opened_before(launch, outcomes, ship):
    """Each plan has an error of its own, so the verdict says how many holdouts the launch has opened."""
    ship("lock", launch)
    ship(
        "import", outcomes("holdout", 200, fails=lambda i: i % 2 == 0), "--launch", launch, "--variant", "new"
    )
    ship("decide", launch)
    cases = launch / "evalset/cases.jsonl"
    fresh = "".join(
        f'{{"id": "next-{i}", "part": "holdout", "tags": {{"topic": "{"ab"[i % 2]}"}}}}\n' for i in range(200)
    )
    cases.write_text(cases.read_text().replace('"holdout"', '"explore"') + fresh)
    ship("lock", launch)
    ship("import", outcomes("next", 200), "--launch", launch, "--variant", "new")

    said = ship("decide", launch, "--format", "json")

    assert said.json["verdict"] == "ship"
    assert any(
        "opened under earlier plans of this launch: 1; the chance that any of the 2 plans" in n
        for n in said.json["notes"]
    )


def test_a_variant_changed_between_tries_is_another_plan(folder, ship, outcomes):
    """With `tries: 2` every variant is fixed by the lock: what was mended after a look at the holdout explores."""
    cases = "".join(f'{{"id": "holdout-{i}", "part": "holdout"}}\n' for i in range(60))
    launch = folder(
        launch_yaml="candidate: new\ntries: 2\nvariants:\n  new: {recorded: true}\n  mine: {python: 'feature:answer'}\n",
        criteria_yaml=CRITERIA,
        feature_py="def answer(case_input):\n    return 'a'\n",
        evalset__cases_jsonl=cases,
    )
    ship("lock", launch)
    ship("import", outcomes("holdout", 60), "--launch", launch, "--variant", "new")
    ship("decide", launch)
    (launch / "feature.py").write_text("def answer(case_input):\n    return 'b'\n")

    said = ship("decide", launch, "--format", "json")

    assert said.json["exploratory"]
    assert "variants.mine: was" in " ".join(said.json["reasons"])
