"""Attempts to get a *ship* that the evidence does not deserve."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

LAUNCH = """
title: Attacked
baseline: old
candidate: new
variants:
  new: {recorded: true}
  old: {recorded: true}
decision: {question: "Switch it on?", who: the head of support, by: 2027-03-01}
harm: [{event: a wrong answer, who: customer, low: 1, high: 9}]
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.8, why: agents said so}
  scorer: {recorded: passed}
"""
SHIPS = {0, 10}


@pytest.fixture
def attack(folder: Callable[..., Path], tmp_path: Path, ship: Callable[..., object]) -> Callable[..., object]:
    """Lock a launch, import the given rows as the candidate's, and decide."""

    def go(
        *,
        cases: list[dict[str, object]],
        rows: list[str],
        launch: str = LAUNCH,
        criteria: str = CRITERIA,
        header: str = "case,passed",
        flags: tuple[str, ...] = (),
    ) -> object:
        made = folder(launch_yaml=launch, criteria_yaml=criteria)
        (made / "evalset").mkdir(exist_ok=True)
        (made / "evalset/cases.jsonl").write_text(
            "".join(json.dumps({"part": "holdout", **case}) + "\n" for case in cases)
        )
        (tmp_path / "rows.csv").write_text("\n".join([header, *rows]) + "\n")
        for step in (
            ("lock", made),
            ("import", tmp_path / "rows.csv", "--launch", made, "--variant", "new"),
        ):
            if (said := ship(*step)).code:
                return said
        return ship("decide", made, "--format", "json", *flags)

    return go


def test_a_scale_from_one_to_five_is_not_read_as_passes(attack):
    """The worst mark of a 1-to-5 scale is a 1: without `pass_when` nobody said that it passes."""
    said = attack(cases=[{"id": f"c{i}"} for i in range(100)], rows=[f"c{i},{1 + i % 5}" for i in range(100)])

    assert said.code == 3
    assert "pass_when" in said.err


def test_a_slice_that_a_criterion_names_is_tested_even_when_its_values_have_no_shares(attack):
    """Right in English, wrong in Spanish, and the criterion says that it must hold in each language."""
    cases = [{"id": f"c{i}", "tags": {"language": "es" if i < 10 else "en"}} for i in range(200)]
    said = attack(
        cases=cases,
        rows=[f"c{i},{int(i >= 10)}" for i in range(200)],
        launch=LAUNCH + "slices:\n  language: {by: language}\n",
        criteria=CRITERIA + "  slices: [language]\n",
    )

    assert said.code not in SHIPS


def test_cases_outside_every_share_of_the_scope_are_not_forgotten(attack):
    """Half of the sealed cases carry a tag that no share covers, and all of them fail."""
    cases = [{"id": f"c{i}", "tags": {"topic": "a" if i < 100 else "hard"}} for i in range(200)]
    said = attack(
        cases=cases,
        rows=[f"c{i},{int(i < 100)}" for i in range(200)],
        launch=LAUNCH + "slices:\n  topic: {by: topic, shares: {a: 1.0}, scope: true}\n",
    )

    assert said.code == 3
    assert "hard" in said.err


def test_copies_of_a_case_under_other_ids_add_no_evidence(attack):
    """Five different messages, each forty times: five independent cases cannot show 80 of 100."""
    said = attack(
        cases=[{"id": f"c{i}", "input": f"message {i % 5}"} for i in range(200)],
        rows=[f"c{i},1" for i in range(200)],
    )

    assert said.code not in SHIPS


@pytest.mark.parametrize("looks", ["open", "{end: 60}"])
def test_an_early_look_cannot_leave_out_the_cases_that_fail(attack, looks):
    """Of 300 sealed cases only those that passed are imported: the ones passed over count."""
    said = attack(
        cases=[{"id": f"c{i}"} for i in range(300)],
        rows=[f"c{i},1" for i in range(300) if i % 3 == 0],
        launch=LAUNCH + f"looks: {looks}\n",
        flags=("--missing-as-no-answer",),
    )

    assert said.code not in SHIPS


def test_a_slice_whose_name_is_that_of_a_value_cannot_lend_it_cases(attack):
    """A slice named `topic=b` would put the good cases of topic a into the part b of the scope."""
    cases = [{"id": f"c{i}", "tags": {"topic": "b" if i < 20 else "a"}} for i in range(220)]
    said = attack(
        cases=cases,
        rows=[f"c{i},{int(i >= 10)}" for i in range(220)],
        launch=LAUNCH
        + "slices:\n  topic: {by: topic, shares: {a: 0.5, b: 0.5}, scope: true}\n  topic=b: {where: {topic: a}}\n",
    )

    assert said.code == 3
    assert "topic=b" in said.err


@pytest.mark.parametrize("cap", ["1.0e308", ".inf", "1.0e-320"])
def test_an_absurd_cap_does_not_make_every_cost_small(attack, cap):
    """Every output costs 5 against a bar of 1; no cap that fits in a float may turn that into a ship."""
    said = attack(
        cases=[{"id": f"c{i}"} for i in range(100)],
        rows=[f"c{i},5" for i in range(100)],
        header="case,cost_usd",
        criteria=f"- id: cost\n  estimand: mean\n  of: cost_usd\n  cap: {cap}\n  bar: {{at_most: 1.0}}\n",
    )

    assert said.code not in SHIPS
    assert said.code in (3, 11, 12), said.err


def test_answers_that_never_came_are_not_quick(attack):
    """A feature that times out within a millisecond has no waiting time to boast of."""
    said = attack(
        cases=[{"id": f"c{i}"} for i in range(100)],
        rows=[f"c{i},0.001,{'answered' if i % 2 else 'timeout'}" for i in range(100)],
        header="case,latency_s,status",
        criteria="- id: quick\n  estimand: mean\n  of: latency_s\n  cap: 60\n  bar: {at_most: 10}\n",
    )

    assert said.code not in SHIPS


def test_renaming_cases_does_not_make_a_spent_holdout_fresh(attack, ship, tmp_path):
    """The same messages under new ids were looked at before: they cannot be locked again."""
    cases = [{"id": f"c{i}", "input": f"message {i}"} for i in range(100)]
    attack(cases=cases, rows=[f"c{i},{int(i > 30)}" for i in range(100)])
    launch = tmp_path / "launch"
    renamed = [{**case, "id": f"fresh-{case['id']}", "part": "holdout"} for case in cases]
    (launch / "evalset/cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in renamed))

    said = ship("lock", launch)

    assert said.code == 3
    assert "100 holdout cases" in said.err


def test_missing_outputs_of_the_baseline_do_not_help_the_candidate(attack):
    """The baseline never ran: a candidate cannot be shown to be better than nothing."""
    said = attack(
        cases=[{"id": f"c{i}"} for i in range(200)],
        rows=[f"c{i},1" for i in range(200)],
        criteria="- id: better\n  estimand: difference\n  bar: {at_least: 0.0}\n  scorer: {recorded: passed}\n",
        flags=("--missing-as-no-answer",),
    )

    assert said.code not in SHIPS


@pytest.mark.parametrize(
    ("criteria", "header", "row"),
    [
        (CRITERIA + "  pass_when: {at_least: .nan}\n", "case,passed", "{},1"),
        (CRITERIA + "  pass_when: {at_least: .inf}\n", "case,passed", "{},1"),
        (CRITERIA, "case,passed", "{},0.5"),
        (CRITERIA, "case,passed", "{},0.9999999"),
        (CRITERIA, "case,passed", "{},-1"),
        (CRITERIA, "case,passed", "{},nan"),
        (CRITERIA, "case,passed", "{},1e308"),
        (CRITERIA, "case,passed", "{},"),
        ("- id: q\n  estimand: quantile\n  of: latency_s\n  quantile: 0.5\n  bar: {at_most: 1}\n", "case,latency_s", "{},"),
        ("- id: q\n  estimand: quantile\n  of: latency_s\n  quantile: 0.5\n  bar: {at_most: 1}\n", "case,latency_s", "{},-1"),
        ("- id: q\n  estimand: mean\n  of: cost_usd\n  cap: 2\n  bar: {at_most: 1}\n", "case,cost_usd", "{},"),
        ("- id: q\n  estimand: mean\n  of: cost_usd\n  cap: 2\n  bar: {at_most: 1}\n", "case,cost_usd", "{},-1"),
        ("- id: q\n  estimand: mean\n  of: cost_usd\n  cap: 2\n  bar: {at_most: 1}\n", "case,cost_usd", "{},1e308"),
        ("- id: q\n  estimand: all_of_k\n  k: 3\n  bar: {at_least: 0.5}\n  scorer: {recorded: passed}\n", "case,passed", "{},1"),
    ],
)  # fmt: skip
def test_odd_values_never_ship(attack, criteria, header, row):
    """Graded, negative, missing and huge values are no passes, and no command breaks on them."""
    said = attack(
        cases=[{"id": f"c{i}"} for i in range(100)],
        rows=[row.format(f"c{i}") for i in range(100)],
        header=header,
        criteria=criteria,
    )

    assert said.code in (2, 3, 11, 12), said
