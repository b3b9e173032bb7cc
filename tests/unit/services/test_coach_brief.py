"""What the sceptic knows of the brief."""

from __future__ import annotations

from shipworthy.coach.facts import Facts
from shipworthy.coach.frm import RULES
from shipworthy.domain.brief import Assumption, Cause, Premortem, Regulated
from shipworthy.domain.launch import Launch
from shipworthy.services.coach_brief import brief_facts


def _challenged(launch: Launch) -> set[str]:
    """Return the rules about the brief that say something of a launch."""
    known = brief_facts(launch)
    told = {"FRM-07": known["assumptions"], "FRM-09": known["premortem"], "FRM-11": known["regulated"]}
    facts = Facts(launch=launch)
    return {rule.id for rule in RULES if rule.id in told and rule.saw(facts, told[rule.id]) is not None}


def test_an_untested_assumption_and_an_unchecked_trade_are_challenged() -> None:
    """Everything rests on it and nothing speaks for it; health, and nobody looked."""
    bare = Assumption(id="a", statement="they read it", importance=3)
    assert _challenged(Launch(assumptions=[bare], regulated=Regulated(domains=["health"]))) == {
        "FRM-07",
        "FRM-09",
        "FRM-11",
    }


def test_a_brief_that_was_thought_through_is_left_alone() -> None:
    """Evidence, three causes of two people who wrote alone, a name for the check."""
    causes = [
        Cause(participant=who, cause=cause) for who, cause in (("Ada", "x"), ("Ada", "y"), ("Ben", "z"))
    ]
    launch = Launch(
        assumptions=[Assumption(id="a", statement="they read it", importance=3, evidence="weak")],
        premortem=Premortem(causes=causes),
        regulated=Regulated(domains=["health"], checked_by="the lawyer"),
    )
    assert _challenged(launch) == set()
