"""The verdict as JUnit XML."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.exporters.interface import Envelope
from shipworthy.exporters.verdict_junit import verdict_junit

calm = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def _states(text: str) -> dict[str, str]:
    """Return what became of each test of a report."""
    suite = ET.fromstring(text)
    return {case.get("name", ""): (case[0].tag if len(case) else "passed") for case in suite.iter("testcase")}


def test_each_claim_is_one_test_and_the_verdict_is_the_last(narrower, criteria):
    """Held claims pass, open and refuted ones fail, what decides nothing is skipped; *ship narrower* is no green build."""
    suite = ET.fromstring(verdict_junit(narrower, criteria))
    wanted = [
        "skipped" if not c.decides else "passed" if c.state == "holds" else "failure" for c in narrower.claims
    ]
    found = [case[0].tag if len(case) else "passed" for case in suite.iter("testcase")]

    assert found == [*wanted, "failure"]
    assert suite.get("tests") == str(len(narrower.claims) + 1)
    assert suite.get("failures") == str(found.count("failure"))
    assert suite.findall("testcase")[-1].get("name") == "verdict"


def test_a_ship_is_green_until_a_challenge_blocks_it(narrower, criteria):
    """The same ship, blocked by one open challenge: that challenge and the verdict fail."""
    held = tuple(c for c in narrower.claims if c.state == "holds")
    ships = replace(narrower, verdict="ship", claims=held)
    blocked = replace(ships, blocked_by=("SET-04 twins across the split",))

    assert "failure" not in _states(verdict_junit(ships, criteria)).values()
    failed = [name for name, state in _states(verdict_junit(blocked, criteria)).items() if state == "failure"]
    assert failed == ["challenge: SET-04 twins across the split", "verdict"]


def test_a_rehearsal_passes_nothing(exploring, criteria):
    """What would hold is skipped, as evidence that only explores cannot confirm it, and the verdict fails."""
    states = _states(verdict_junit(exploring, criteria))
    assert "passed" not in states.values()
    assert states["verdict"] == "failure"


def test_the_journal_head_stands_in_the_output(narrower):
    """Where the numbers come from can be looked up."""
    suite = ET.fromstring(
        verdict_junit(narrower, envelope=Envelope("abc123", "2026-11-26", "0.1", ("a demo",)))
    )
    text = suite.findtext("system-out")
    assert text is not None
    assert "journal abc123" in text
    assert "Beside it: a demo" in text


@calm
@given(data=st.data())
def test_hostile_names_stay_inside_their_attributes(data, hostile_verdicts):
    """Any name, with control characters and markup, gives XML that parses, with a test for each claim and the verdict."""
    verdict = data.draw(hostile_verdicts)
    suite = ET.fromstring(verdict_junit(verdict))
    assert len(suite.findall("testcase")) == len(verdict.claims) + len(verdict.blocked_by) + 1
