"""Challenges on a terminal and as JSON: nothing left out, nothing that a name could disturb."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from rich.cells import cell_len
from tests.unit.coach.launches import BAD, GOOD, brief, part

from shipworthy.coach.catalogue import RULES
from shipworthy.coach.next_step import next_step
from shipworthy.coach.sceptic import challenge, readiness
from shipworthy.domain.launch import Harm
from shipworthy.exporters.challenges_json import challenges_json, step_json
from shipworthy.exporters.challenges_text import challenges_text, rule_text, step_text
from shipworthy.services.library import article_by_rule, article_of_step

HOSTILE = replace(
    brief(harm=[Harm(event="\x1b[31m\u202egnp.exe <script>" + "x" * 150, low=1, high=2)]),
    cases=part(
        "cases", one_sided=("a\x07b\nc", "日本語" * 40), sources={"\x1b]0;t\x07" + "y" * 200: 400}
    ).cases,
)
"""Names that are attacks, in three findings."""


def test_five_are_shown_and_how_many_more_there_are():
    """Eight challenges: five with everything, three as a number."""
    facts = replace(HOSTILE, assumptions=BAD["FRM-07"].assumptions, premortem=BAD["FRM-09"].premortem, personal=BAD["USR-04"].personal,
                    themes=BAD["USR-06"].themes, memo=BAD["NAR-04"].memo)  # fmt: skip
    said = challenge(facts)
    text = challenges_text(said, facts)

    assert len(said.open) == 8
    assert text.count("Why: ") == 5
    assert "3 more: shipworthy pressure-test inbox --all" in text
    assert challenges_text(said, facts, everything=True).count("Why: ") == 8


@pytest.mark.parametrize("voice", [None, "cfo", "legal", "support", "engineer", "customer"])
def test_a_hostile_name_stays_text_in_eighty_columns(voice):
    """No escape, no bell, no turn of direction; no line wider than the terminal."""
    said = challenge(HOSTILE)
    text = challenges_text(said, HOSTILE, readiness(said), everything=True, voice=voice)
    value = challenges_json(said, HOSTILE, readiness(said), voice=voice)

    assert [c for c in text if (ord(c) < 32 and c != "\n") or c == "\u202e"] == []
    assert max(cell_len(line) for line in text.splitlines()) <= 80
    assert all(byte in b"\n" or 32 <= byte < 127 for byte in value)
    assert len(json.loads(value)["challenges"]) == len(said.findings) == 3


def test_what_was_not_asked_is_listed_by_what_is_missing():
    """Interviews stand once, with the rules that wanted them."""
    facts = replace(GOOD, interviews=None)

    text = challenges_text(challenge(facts), facts, everything=True)

    assert "interviews: USR-01, USR-02, USR-03, USR-07, USR-09, USR-10" in text
    assert "0 open challenges" in text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_explains_itself(rule):
    """Id, question, reason, remedy and source, in eighty columns."""
    text = rule_text(rule)

    assert rule.id in text
    assert max(cell_len(line) for line in text.splitlines()) <= 80
    assert " ".join(rule.asks.split()) in " ".join(text.split())


def test_the_next_step_is_one_with_its_reason_time_and_command():
    """As text and as JSON the same step."""
    said = challenge(HOSTILE)
    step = next_step(HOSTILE, said)
    value = json.loads(step_json(step, readiness(said)))

    assert (value["schema"], value["rule"], value["minutes"]) == ("shipworthy.next/1", "FRM-04", 15)
    assert "About 15 minutes." in step_text(step, readiness(said))
    assert "\x1b" not in step_text(step)


def test_each_challenge_names_the_article_that_fits_and_how_to_read_it():
    """A copy of a sealed question sends to the sealed exam; a rule of which no article speaks sends nowhere."""
    facts = BAD["SET-04"]
    said = challenge(facts)
    articles = article_by_rule(["SET-04", "NAR-99"])
    text = challenges_text(said, facts, everything=True, articles=articles)
    value = json.loads(challenges_json(said, facts, readiness(said), articles=articles))

    assert "        $ shipworthy learn sealed-exam" in text.splitlines()
    assert [each["read"] for each in value["challenges"] if each["id"] == "SET-04"] == ["sealed-exam"]
    assert list(articles) == ["SET-04"]


def test_the_next_step_names_the_article_of_its_rule_else_of_its_command():
    """FLR-01 sends to reading a hundred; without a rule the command `plan` decides; a file to edit sends nowhere."""
    by_rule = article_of_step("FLR-01", "shipworthy look inbox")
    by_command = article_of_step("", "shipworthy plan inbox")
    step = next_step(BAD["FLR-01"], challenge(BAD["FLR-01"]))

    assert by_rule is not None
    assert by_rule.slug == "read-a-hundred"
    assert by_command is not None
    assert "plan" in by_command.head.commands
    assert article_of_step("", "edit plan.yaml") is None
    assert "$ shipworthy learn read-a-hundred" in step_text(step, article=by_rule)
    assert json.loads(step_json(step, (), article=by_rule))["read"] == "read-a-hundred"
