"""The order of challenges, what accepting covers, and readiness as the weakest part."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from tests.unit.coach.launches import BAD, GOOD, TODAY, part

from shipworthy.coach.facts import Facts
from shipworthy.coach.policy import Policy
from shipworthy.coach.recorded import Personal
from shipworthy.coach.rule import AREAS
from shipworthy.coach.sceptic import Accepted, challenge, readiness
from shipworthy.coach.voices import heard, question

MESSY = replace(
    BAD["FRM-01"],
    personal=Personal(3, ("evalset/a.jsonl:3",)),
    cases=part("cases", sources={"tickets": 400}, one_sided=("right",)).cases,
    interviews=BAD["USR-09"].interviews,
)
"""Two challenges block, two warn, one advises."""


def ids(facts: Facts, **more: object) -> list[str]:
    """Return the ids of the findings in their order."""
    return [found.rule.id for found in challenge(facts, **more).findings]  # type: ignore[arg-type]


def _accept(rule: str, subjects: tuple[str, ...] = (), until: dt.date = TODAY) -> Accepted:
    return Accepted(rule, subjects, "Ada", "We looked at it, and it stays until then.", until)


def test_what_blocks_comes_first_and_among_equals_what_can_change_the_verdict():
    """FRM-01 and USR-04 let a ship through; SET-15 can change the verdict and SET-07 cannot; advice is last."""
    assert ids(MESSY) == ["FRM-01", "USR-04", "SET-15", "SET-07", "USR-09"]


def test_an_accepted_challenge_goes_to_the_end_and_blocks_no_more():
    """Accepted until today it holds today, and stays visible."""
    said = challenge(MESSY, accepted=(_accept("FRM-01"),))

    assert [found.rule.id for found in said.blocking] == ["USR-04"]
    assert said.findings[-1].rule.id == "FRM-01"


def test_an_acceptance_ends_on_its_day():
    """Until yesterday is not today."""
    said = challenge(MESSY, accepted=(_accept("FRM-01", until=TODAY - dt.timedelta(days=1)),))

    assert "FRM-01" in {found.rule.id for found in said.blocking}


def test_an_acceptance_covers_what_it_was_about_and_nothing_since():
    """Two criteria lack a reason; one was accepted when it stood alone."""
    both = replace(
        GOOD,
        criteria=tuple(
            c.model_copy(update={"bar": c.bar.model_copy(update={"why": ""})}) for c in GOOD.criteria[:2]
        ),
    )

    one = challenge(both, accepted=(_accept("CRT-02", ("right",)),))
    all_of_them = challenge(both, accepted=(_accept("CRT-02", ("right", "harmless")),))

    assert "CRT-02" in {found.rule.id for found in one.blocking}
    assert "CRT-02" not in {found.rule.id for found in all_of_them.blocking}


def test_the_latest_acceptance_of_a_challenge_counts():
    """A shorter one given later ends the longer one."""
    long, short = _accept("FRM-01", until=dt.date(2027, 1, 1)), _accept("FRM-01", until=dt.date(2026, 1, 1))

    assert "FRM-01" in {found.rule.id for found in challenge(MESSY, accepted=(long, short)).blocking}


def test_a_policy_makes_a_warning_block():
    """FRM-05 warns by itself, and blocks where a company says so."""
    strict = replace(BAD["FRM-05"], policy=Policy(severities={"FRM-05": "blocks"}))

    assert [found.rule.id for found in challenge(BAD["FRM-05"]).blocking] == []
    assert [found.rule.id for found in challenge(strict).blocking] == ["FRM-05"]


def test_a_policy_that_asks_for_more_finds_more():
    """100 outputs were read: enough by default, too few where 200 are asked for."""
    assert "FLR-01" in ids(replace(GOOD, policy=Policy(thresholds={"outputs_read": 200})))


def test_readiness_is_the_weakest_part_and_no_average():
    """Users: one blocks and one advises; worth it: one blocks; evidence: two warn. There is no number for all of them."""
    ready = readiness(challenge(MESSY))

    assert [(each.area, each.blocks, each.warns, each.notes) for each in ready] == [
        ("users", 1, 0, 1),
        ("worth it", 1, 0, 0),
        ("evidence", 0, 2, 0),
        ("failures", 0, 0, 0),
        ("running it", 0, 0, 0),
    ]
    assert {each.area for each in ready} == set(AREAS)


def test_what_could_not_be_asked_is_counted_where_it_belongs():
    """Without interviews and themes seven and three questions about users stay open."""
    ready = readiness(challenge(replace(GOOD, interviews=None, themes=None, personal=None)))

    assert (ready[0].area, ready[0].not_asked, ready[0].blocks) == ("users", 10, 0)


def test_a_voice_reorders_and_rewords_and_neither_hides_nor_invents():
    """The lawyer asks about people's data first; the findings are the same, and what blocks stays in front."""
    found = challenge(MESSY).findings
    legal = heard(found, "legal")

    assert [each.rule.id for each in legal] == ["USR-04", "FRM-01", "SET-15", "SET-07", "USR-09"]
    assert question(legal[0], "legal") == "We hold people's words. Why is a customer's e-mail in this file?"
    assert question(legal[0], None) == "Why is a customer's e-mail in this file?"
    assert sorted(each.rule.id for each in legal) == sorted(each.rule.id for each in found)
