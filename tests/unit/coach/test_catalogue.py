"""Every rule fires on its bad launch, is silent on its good one, and is missed when it is gone."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields, replace

import pytest
from tests.unit.coach.edges import STILL_BAD, STILL_GOOD
from tests.unit.coach.launches import BAD, GOOD

from shipworthy.coach.catalogue import BY_ID, RULES
from shipworthy.coach.facts import Facts
from shipworthy.coach.rule import SEVERITIES, Rule
from shipworthy.coach.sceptic import challenge

FIRST_RELEASE = [
    "FRM-01",
    "FRM-02",
    "FRM-04",
    "FRM-05",
    "FRM-06",
    "USR-01",
    "USR-03",
    "USR-04",
    "USR-05",
    "FLR-01",
    "FLR-02",
    "FLR-05",
    "FLR-06",
    "FLR-13",
    "CRT-01",
    "CRT-02",
    "CRT-03",
    "CRT-04",
    "CRT-07",
    "CRT-11",
    "SET-01",
    "SET-03",
    "SET-04",
    "SET-05",
    "SET-06",
    "SET-07",
    "SET-10",
    "SET-16",
    "RUN-01",
    "RUN-04",
    "RUN-05",
    "RUN-07",
    "RUN-09",
    "RUN-10",
    "RUN-11",
    "RUN-12",
    "LAB-01",
    "LAB-03",
    "JDG-01",
    "JDG-02",
    "JDG-03",
    "JDG-05",
    "JDG-07",
    "CST-01",
    "SCP-01",
    "SCP-02",
    "LCH-01",
    "LCH-06",
    "NAR-01",
    "NAR-02",
    "NAR-04",
    "NAR-05",
]
BLOCKS = [
    "FRM-01",
    "FRM-04",
    "USR-03",
    "USR-04",
    "FLR-01",
    "FLR-05",
    "CRT-02",
    "CRT-03",
    "CRT-04",
    "SET-01",
    "SET-03",
    "SET-04",
    "SET-05",
    "SET-10",
    "SET-16",
    "RUN-01",
    "RUN-03",
    "RUN-04",
    "RUN-06",
    "RUN-07",
    "RUN-09",
    "RUN-10",
    "JDG-01",
    "JDG-02",
    "JDG-03",
    "JDG-04",
    "JDG-05",
    "CST-01",
    "SCP-01",
    "LCH-01",
    "LCH-06",
    "PST-02",
    "NAR-01",
    "NAR-02",
]


def fired(facts: Facts) -> set[str]:
    """Return which rules see something."""
    return {found.rule.id for found in challenge(facts).findings}


def test_a_launch_that_answers_everything_is_asked_everything_and_has_no_challenge():
    """All 128 rules have what they need, and none sees anything: every threshold is just met."""
    said = challenge(GOOD)

    assert (said.findings, said.not_asked, said.asked) == ((), {}, 128)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_fires_on_the_one_change_it_is_about(rule):
    """The launch that answers everything, with one thing changed; the finding says what was seen."""
    found = {each.rule.id: each for each in challenge(BAD[rule.id]).findings}

    assert rule.id in found
    assert found[rule.id].saw.text
    assert rule.id not in fired(GOOD)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_without_a_rule_nobody_notices_what_it_is_about(rule):
    """No other rule goes by its name: taking one out of the catalogue loses its finding."""
    others = tuple(each for each in RULES if each.id != rule.id)

    assert rule.id not in {found.rule.id for found in challenge(BAD[rule.id], rules=others).findings}
    assert set(BAD) == set(BY_ID) == {each.id for each in others} | {rule.id}


def test_the_catalogue_has_the_rules_of_the_practice_with_their_severities():
    """128 rules by family; the first-release 52 are among them; 34 block."""
    numbers = {"FRM": 11, "USR": 10, "FLR": 13, "CRT": 12, "SET": 17, "RUN": 15, "LAB": 8, "JDG": 11, "CST": 4, "SCP": 7, "LCH": 7, "PST": 5, "NAR": 8}  # fmt: skip
    expected = [f"{family}-{number:02d}" for family, n in numbers.items() for number in range(1, n + 1)]

    assert [rule.id for rule in RULES] == expected
    assert set(FIRST_RELEASE) <= set(expected)
    assert len(FIRST_RELEASE) == 52
    assert [rule.id for rule in RULES if rule.severity == "blocks"] == BLOCKS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_why_what_to_do_and_by_which_command(rule):
    """Each part is there and ends as a sentence does; the command names the launch; a question ends in its mark."""
    assert rule.severity in SEVERITIES
    assert rule.asks.endswith(("?", "."))
    assert (rule.matters[-1], rule.fix[-1]) == (".", ".")
    assert "{folder}" in rule.command
    assert "shipworthy " in rule.command.format(folder="inbox")
    assert all((rule.source, rule.title))
    assert (rule.saw.__doc__ or "").endswith(".")
    assert set(rule.needs) <= {each.name for each in fields(Facts)}


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.needs], ids=lambda rule: rule.id)
def test_what_is_not_known_is_not_guessed(rule):
    """With each needed fact unknown in turn a rule is silent on its bad launch, and says what it lacked."""
    for name in rule.needs:
        said = challenge(replace(BAD[rule.id], **{name: None}))

        assert rule.id not in {found.rule.id for found in said.findings}
        assert name in said.not_asked[rule.id]


def test_every_measured_consequence_names_its_source():
    """What carries the mark of a simulation stands in the source too, so that a reader can look it up."""
    cited = [
        (rule.id, mark)
        for rule in RULES
        for mark in re.findall(r"\[(M\d+)", rule.matters)
        if mark not in rule.source
    ]

    assert cited == []


def test_asking_the_sceptic_loads_no_numerics():
    """The catalogue and the next step are imported by a fresh interpreter: no numpy, no scipy, no database."""
    code = (
        "import sys, shipworthy.coach.next_step, shipworthy.coach.voices, shipworthy.coach.catalogue\n"
        "print([name for name in ('numpy', 'scipy', 'sqlalchemy') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


def test_a_question_in_another_script_is_a_question():
    """The Arabic and the full-width question mark end a question too."""
    for mark in ("?", "\u061f", "\uff1f"):
        asked = GOOD.launch.decision.model_copy(update={"question": f"Switch it on{mark}"})
        assert "FRM-01" not in fired(replace(GOOD, launch=GOOD.launch.model_copy(update={"decision": asked})))


def _sees(rule: Rule, facts: Facts) -> bool:
    return rule.saw(facts, *(getattr(facts, name) for name in rule.needs)) is not None


@pytest.mark.parametrize("name", STILL_GOOD)
def test_on_its_edge_a_rule_still_lets_pass(name):
    """What just meets a threshold, and what looks alike and is something else, is no finding."""
    assert [number for number, facts in enumerate(STILL_GOOD[name]) if _sees(BY_ID[name], facts)] == []


@pytest.mark.parametrize("name", STILL_BAD)
def test_just_past_its_edge_a_rule_fires(name):
    """One less or one more than the threshold, and every other way to break the rule, is a finding."""
    assert [number for number, facts in enumerate(STILL_BAD[name]) if not _sees(BY_ID[name], facts)] == []
