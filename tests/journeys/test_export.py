"""Documents for others through the command line: the model card, the argument, the table of frameworks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

KINDS = ("model-card", "claims", "crosswalk")
SECRET = re.compile(r"\b(19[0-9]|200) of 200\b|could be as low as|at best")


@pytest.fixture
def sealed(once, launch, outcomes, ship) -> Path:
    """A locked launch with 200 sealed outcomes that nobody looked at; every tenth is wrong."""

    def making() -> Path:
        ship("import", outcomes("explore", 60), "--launch", launch, "--variant", "new")
        ship("lock", launch)
        file = outcomes("holdout", 200, fails=lambda i: i % 10 == 0)
        assert ship("import", file, "--launch", launch, "--variant", "new").code == 0
        return launch

    return once("sealed", making)


@pytest.fixture
def decided(once, sealed, ship) -> Path:
    """The same, looked at: it ships for topic b only, as every failure is in topic a."""

    def making() -> Path:
        assert ship("decide", sealed, "--yes").code == 10
        return sealed

    return once("decided", making)


def _nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a step of an argument and everything under it."""
    return [node, *(below for part in node["parts"] for below in _nodes(part))]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_sealed_is_told_before_a_look(sealed, ship, kind):
    """200 sealed outcomes wait: neither format has a count or a bound of them, and no look is taken."""
    before = (sealed / ".shipworthy/ledger.db").read_bytes()
    for style in ("markdown", "json"):
        said = ship("export", kind, sealed, "--format", style)
        assert said.code == 0, said.err
        assert not SECRET.search(said.out)
    assert (sealed / ".shipworthy/ledger.db").read_bytes() == before


@pytest.mark.parametrize("kind", KINDS)
def test_json_has_the_name_of_its_format(decided, ship, kind):
    """Each says which it is."""
    name = {"claims": "argument"}.get(kind, kind)
    assert ship("export", kind, decided, "--format", "json").json["format"] == f"shipworthy.{name}/1"


def test_the_card_has_its_seven_parts_and_results_by_slice_in_counts(decided, ship):
    """Use, excluded use, data, results, limits, contact; both slices in counts; what nobody wrote down is said."""
    card = ship("export", "model-card", decided).out
    titles = re.findall(r"^## (.+)$", card, re.MULTILINE)
    assert titles == ["What it is", "Intended use", "Excluded use", "Data", "Results", "Limits", "Contact"]
    assert "| right | topic a | 80 of 100 | 80 of 100 (80 of 100)" in card
    assert "| right | topic b | 80 of 100 | 100 of 100 (100 of 100)" in card
    assert "Nobody has written down what it is for." in card
    assert "Decides: the head of support." in card


def test_the_argument_has_evidence_by_slice_and_shows_what_is_missing(decided, ship):
    """One criterion, two slices: each resolves to a claim of the verdict; an assumption without evidence is counted and marked."""
    with (decided / "launch.yaml").open("a") as file:
        file.write("assumptions: [{id: read, statement: drafts are read, evidence: none}]\n")
    made = ship("export", "claims", decided, "--format", "json").json
    nodes = _nodes(made["argument"])
    verdict = ship("decide", decided, "--format", "json").json
    evidence = [node["claim"] for node in nodes if node["kind"] == "evidence"]

    assert [each["slice"] for each in evidence] == ["topic=a", "topic=b"]
    for each in evidence:
        claim = verdict["claims"][each["number"] - 1]
        assert (claim["criterion"], claim["slice"]) == (each["criterion"], each["slice"])
    assert made["undeveloped"] == sum(node["kind"] == "undeveloped" for node in nodes) > 0
    assert ship("export", "claims", decided).out.count("**UNDEVELOPED**") == made["undeveloped"]
    assert made["evidence"] == verdict["evidence"]


def test_what_people_wrote_against_it_stands_in_the_argument(decided, ship):
    """One counter-argument to the launch that stands, one to a criterion that is answered."""
    with (decided / "launch.yaml").open("a") as file:
        file.write(
            "argument:\n"
            "- {says: the cases are from January, by: Ben}\n"
            "- {claim: right, says: agents were graded by their own team, answer: a second team graded 60 of them}\n"
        )
    text = ship("export", "claims", decided).out
    assert "**Counter-argument**: The cases are from January. (Ben) *it stands*" in text
    assert "*answered: A second team graded 60 of them.*" in text


def test_a_counter_argument_to_nothing_is_a_problem(decided, ship):
    """It names a criterion that is not there: file, line and remedy."""
    with (decided / "launch.yaml").open("a") as file:
        file.write("argument:\n- {claim: rihgt, says: no}\n")
    said = ship("check", decided)
    assert (said.code, "rihgt" in said.out) == (3, True)


def test_the_table_of_frameworks_is_stamped_and_claims_nothing(decided, ship):
    """Three frameworks, the stamp, no date and no word of a badge; what is here is counted and what is not is named."""
    text = ship("export", "crosswalk", decided).out
    assert "Not legal advice, text not checked" in text
    assert len(re.findall(r"^## (NIST AI|EU AI Act|ISO/IEC 42001)", text, re.MULTILINE)) == 3
    assert not re.search(r"complian|certif|conform|\b20\d\d\b", text, re.IGNORECASE)
    assert "1 look at sealed cases" in text
    assert "| Reporting of serious incidents | incidents | nothing yet |" in text


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_texts_stay_texts(decided, ship, kind):
    """Markup in title, goal, owner and counter-argument is shown as the characters it is."""
    path = decided / "launch.yaml"
    attack = "<script>alert(1)</script> [x](javascript:y) \\u202e | a"
    path.write_text(
        path.read_text().replace("title: Rules", f'title: "{attack}"')
        + f'goal: "{attack}"\nargument: [{{says: "{attack}"}}]\n'
    )
    text = ship("export", kind, decided).out
    assert "<script>" not in text
    assert not re.search(r"(?<!\\)\]\(javascript", text)
    assert "\u202e" not in text


def test_a_launch_that_nobody_attacked_is_asked_about_it_once_people_write_against_anything(decided, ship):
    """Written against a criterion only, the sceptic asks for the best argument against the launch; written, she is silent."""
    ids = []
    for lines in (
        "argument:\n- {claim: right, says: graded by the team}\n",
        "- {says: the cases are from January}\n",
    ):
        with (decided / "launch.yaml").open("a") as file:
            file.write(lines)
        found = ship("pressure-test", decided, "--format", "json").json
        ids.append({each["id"] for each in found["challenges"]})
    assert ("SCP-06" in ids[0], "SCP-06" in ids[1]) == (True, False)
