"""A feature that hands over what it is not sure of: its threshold is locked, and decided on sealed sums that had no part in it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Said
from tests.journeys.test_abstain import outcomes

Ship = Callable[..., Said]

LAUNCH = """
title: Sums in words
candidate: always
variants:
  always: {recorded: true}
decision: {question: "Answer pupils at night?", who: the head of the school, by: 2027-03-01}
harm: [{event: a wrong sum, who: pupil, low: 1, high: 9}]
"""
ORDINARY = """- id: right
  question: Is the sum right?
  bar: {at_least: 0.8, why: what pupils were promised}
  scorer: {recorded: correct}
"""
COLUMNS = "case=case,output=output,error=error,score.correct=correct,score.agreement=agreement"


def surer(of_cases: float = 0.25, at_least: float = 0.35) -> str:
    """Return the criterion with the line that `abstain` ends with."""
    return f"{ORDINARY}  answered: {{confidence: agreement, at_least: {at_least}, of_cases: {of_cases}}}\n"


@pytest.fixture
def sums(folder: Callable[..., Path], tmp_path: Path, ship: Ship, shared: Path) -> Callable[..., Path]:
    """Make a launch of 1,319 sums, every other one sealed, under given criteria; locked, and all recorded, unless said."""
    rows = [{**row, "error": None} for row in outcomes(shared)]

    def make(
        criteria: str,
        *,
        sealed_too: bool = True,
        name: str = "sums",
        change: Callable[[dict[str, Any]], object] = lambda _: None,
    ) -> Path:
        made = folder(name, launch_yaml=LAUNCH, criteria_yaml=criteria)
        (made / "evalset").mkdir()
        (made / "evalset/cases.jsonl").write_text(
            "".join(
                json.dumps({"id": f"q{i}", "part": "holdout" if i % 2 else "explore"}) + "\n"
                for i in range(len(rows))
            )
        )
        for part in (0, 1)[: 1 + sealed_too]:
            if part:
                assert ship("lock", made).code == 0
            file, here = tmp_path / f"{name}-{part}.jsonl", [dict(row) for row in rows[part::2]]
            for row in here:
                change(row)
            file.write_text("".join(json.dumps(row) + "\n" for row in here))
            said = ship("import", file, "--launch", made, "--variant", "always", "--map", COLUMNS)
            assert said.code == 0, said.err
        return made

    return make


def decided(ship: Ship, launch: Path) -> dict[str, Any]:
    """Return the verdict as JSON."""
    found: dict[str, Any] = ship("decide", launch, "--format", "json").json
    return found


def test_the_ordinary_claim_does_not_ship_and_that_of_answered_outputs_does(
    sums: Callable[..., Path], ship: Ship
) -> None:
    """GSM8K, one system: 373 of 659 sealed sums are right, and 178 of the 193 on which two of three others agree."""
    assert decided(ship, sums(ORDINARY))["verdict"] == "do not ship"


def test_the_line_that_abstain_ends_with_is_locked_and_decided_on_sealed_sums(
    sums: Callable[..., Path], ship: Ship
) -> None:
    """The threshold is chosen on open sums; its line goes into the file as printed; the sealed ones say ship."""
    launch = sums(ORDINARY, sealed_too=False)
    said = ship("abstain", launch, "--confidence", "agreement", "--criterion", "right")
    [line] = [line for line in said.out.splitlines() if line.startswith("  answered: ")]
    assert line == "  answered: {confidence: agreement, at_least: 0.35, of_cases: 0.25}"
    assert "is then decided on those" in " ".join(said.out.split())

    launch = sums(ORDINARY + line + "\n", name="with it")
    found = decided(ship, launch)
    assert found["verdict"] == "ship"
    right, enough = found["claims"]
    assert (right["criterion"], right["passed"], right["failed"], right["handed_over"]) == (
        "right",
        178,
        15,
        466,
    )
    assert (right["planned"], right["method"]) == (659, "Clopper-Pearson on answered outputs")
    assert right["lower"] == pytest.approx(0.882846774)
    assert (enough["criterion"], enough["passed"], enough["bar"]["value"]) == ("right_answered", 193, 0.25)
    assert "handed_over" not in enough


def test_good_answers_to_too_few_do_not_ship(sums: Callable[..., Path], ship: Ship) -> None:
    """178 of 193 are right, and 193 of 659 are not half of the cases: what the criterion asks besides is refuted."""
    found = decided(ship, sums(surer(of_cases=0.5)))
    assert found["verdict"] == "do not ship"
    assert {claim["criterion"]: claim["state"] for claim in found["claims"]} == {
        "right": "holds",
        "right_answered": "does not hold",
    }


def test_a_share_that_is_not_shown_is_not_yet_and_says_its_price(
    sums: Callable[..., Path], ship: Ship
) -> None:
    """193 of 659 is 29 of 100, and 0.28 is not shown by that: not yet."""
    found = decided(ship, sums(surer(of_cases=0.28)))
    assert found["verdict"] == "not yet"
    [enough] = [claim for claim in found["claims"] if claim["criterion"] == "right_answered"]
    assert (enough["state"], enough["more_needed"]["fresh"]) == ("not shown", True)


def test_a_threshold_that_lets_too_much_through_does_not_ship(sums: Callable[..., Path], ship: Ship) -> None:
    """From 0.05 on a third system's agreement is enough: half of the sums are answered, and too many wrongly."""
    found = decided(ship, sums(surer(at_least=0.05)))
    right = found["claims"][0]
    assert found["verdict"] in ("not yet", "do not ship")
    assert right["state"] != "holds"
    assert right["lower"] < 0.8


def test_the_memo_says_what_is_answered_in_both_languages_and_the_verifier_agrees(
    sums: Callable[..., Path], ship: Ship, tmp_path: Path
) -> None:
    """Counts of the answered, what is handed over, and the assumption; `verify` and the file without the program agree."""
    launch = sums(surer())
    assert ship("decide", launch).code in (0, 11)
    assert ship("memo", launch).code == 0
    memo = " ".join((launch / "memo/memo.md").read_text().split())
    assert "178 of 193 answered (92 of 100); 466 handed over" in memo
    assert "Planned is passed, failed, unscored, no answer and handed over together." in memo
    assert "a confidence means tomorrow what it means today" in memo
    assert "right failed 15 of 193 and 466 handed over" in memo
    assert ship("memo", launch, "--format", "all", "--language", "de").code == 0
    german = (launch / "memo/memo-de.md").read_text()
    assert "466 weitergegeben" in german

    assert ship("verify", launch).code == 0
    export, file = tmp_path / "evidence.json", Path("src/shipworthy/content/verifier.py")
    assert ship("export-evidence", launch, "--to", export).code == 0
    verifier = Path(__file__).parents[2] / file
    ran = subprocess.run(
        [sys.executable, "-I", verifier, export], capture_output=True, text=True, check=False
    )
    assert "DOES NOT AGREE" not in ran.stdout
    assert "agrees: right on all cases: estimate, bounds and p-value" in ran.stdout
    assert "agrees: verdict: ship" in ran.stdout


def test_a_threshold_changed_after_the_lock_explores(sums: Callable[..., Path], ship: Ship) -> None:
    """Locked at 0.35 and 0.25, then written as 0.65 or 0.2: the folder is not what was locked, and nothing ships."""
    launch = sums(surer())
    file = launch / "criteria.yaml"
    locked = file.read_text()
    for before, after in (("at_least: 0.35", "at_least: 0.65"), ("of_cases: 0.25", "of_cases: 0.2")):
        file.write_text(locked.replace(before, after))
        found = decided(ship, launch)
        assert (found["verdict"], found["exploratory"]) == ("not yet", True)
        assert any(
            "the folder is not what was locked" in reason and "answered" in reason
            for reason in found["reasons"]
        )
    file.write_text(locked)
    assert decided(ship, launch)["verdict"] == "ship"


def test_an_output_without_a_confidence_is_handed_over_and_one_without_an_answer_counts_against(
    sums: Callable[..., Path], ship: Ship
) -> None:
    """Twenty right sure sums without their confidence are not answered; twenty that brought no answer are not right."""
    seen = {"blank": 0, "silent": 0}

    def change(row: dict[str, Any]) -> None:
        if row["agreement"] < 0.35 or not row["correct"] or not int(row["case"][1:]) % 2:
            return
        if seen["blank"] < 20:
            seen["blank"] += 1
            row["agreement"] = None
        elif seen["silent"] < 20:
            seen["silent"] += 1
            row |= {"output": None, "error": "timeout", "correct": None}

    launch = sums(surer(of_cases=0.15), change=change)
    right, enough = decided(ship, launch)["claims"]
    assert (right["passed"], right["failed"], right["no_answer"], right["handed_over"]) == (138, 15, 20, 486)
    assert right["estimate"] == pytest.approx(138 / 173)
    assert (enough["passed"], enough["no_answer"]) == (153, 20)


WRONG = {
    "a difference": (
        (
            "- id: right\n  estimand: difference\n  bar: {at_least: 0.1}\n  scorer: {recorded: correct}\n"
            "  answered: {confidence: agreement, at_least: 0.35, of_cases: 0.25}\n"
        ),
        "criteria.yaml:5",
        "`answered` with `estimand: rate`, and only with it: of a difference from the baseline",
    ),
    "a quantile": (
        (
            "- id: right\n  estimand: quantile\n  of: latency_s\n  quantile: 0.9\n  bar: {at_most: 3}\n"
            "  answered: {confidence: agreement, at_least: 0.35, of_cases: 0.25}\n"
        ),
        "criteria.yaml:6",
        "a quantile of waiting times or costs",
    ),
    "no confidence": (surer(at_least=35), "criteria.yaml:5", "35"),
    "no share": (
        f"{ORDINARY}  answered: {{confidence: agreement, at_least: 0.35}}\n",
        "criteria.yaml:5",
        "of_cases",
    ),
    "its own score": (
        f"{ORDINARY}  answered: {{confidence: correct, at_least: 1, of_cases: 0.25}}\n",
        "criteria.yaml:5",
        "a confidence that is not what the criterion itself reads",
    ),
    "a name that is taken": (
        f"{surer()}- id: right_answered\n  bar: {{at_least: 0.8}}\n  scorer: {{recorded: correct}}\n",
        "criteria.yaml:5",
        "rename the criterion `right_answered`",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_asked_of_answered_outputs_is_refused_at_its_line(
    folder: Callable[..., Path], ship: Ship, name: str
) -> None:
    """A difference, a quantile, a confidence of 35, no least share, the criterion's own score, a name that is taken."""
    criteria, place, why = WRONG[name]
    said = ship(
        "check",
        folder(
            "wrong",
            launch_yaml=LAUNCH.replace("candidate", "baseline: always\ncandidate"),
            criteria_yaml=criteria,
        ),
    )
    assert said.code == 3
    told = said.out + said.err
    assert place in told
    assert why in " ".join(told.split())


def test_several_looks_are_refused_with_a_remedy(folder: Callable[..., Path], ship: Ship) -> None:
    """Looks up to an end: `check` names the line, and what to write instead."""
    said = ship("check", folder("looks", launch_yaml=f"{LAUNCH}looks: {{end: 300}}\n", criteria_yaml=surer()))
    told = " ".join((said.out + said.err).split())
    assert said.code == 3
    assert "criteria.yaml:5" in told
    assert "write `looks: once` in launch.yaml" in told


@pytest.mark.parametrize(
    ("criteria", "factor", "why"),
    [
        (surer().replace("agreement", "sureness"), 1, "reads the confidence `sureness`, which no imported file has"),
        (surer(), 100, "reads the confidence `agreement`, which has values outside 0 to 1"),
    ],
)  # fmt: skip
def test_a_confidence_that_is_not_there_or_on_another_scale_is_refused(
    sums: Callable[..., Path], ship: Ship, criteria: str, factor: int, why: str
) -> None:
    """A name that no import brought, and 67 for 0.67: refused before anything is counted, not handed over in silence."""

    def change(row: dict[str, Any]) -> None:
        row["agreement"] *= factor

    said = ship("decide", sums(criteria, sealed_too=False, change=change))
    assert said.code == 3
    assert why in " ".join(said.err.split())


def test_a_sealed_file_without_the_confidence_is_refused(
    sums: Callable[..., Path], ship: Ship, tmp_path: Path
) -> None:
    """After the lock a file without `agreement` cannot decide: import refuses it, and nothing of it is kept."""
    launch = sums(surer(), sealed_too=False)
    assert ship("lock", launch).code == 0
    file = tmp_path / "bare.jsonl"
    file.write_text(json.dumps({"case": "q1", "output": "3", "correct": 1}) + "\n")
    said = ship(
        "import",
        file,
        "--launch",
        launch,
        "--variant",
        "always",
        "--map",
        "case=case,output=output,score.correct=correct",
    )
    assert said.code == 3
    assert "`right_answered` reads the score `agreement`, which this file does not have" in " ".join(
        said.err.split()
    )


def test_a_signed_ship_promises_nothing_that_nobody_can_watch(
    folder: Callable[..., Path], ship: Ship, tmp_path: Path
) -> None:
    """Two of three cases are sure and right, and every one is polite: only politeness is promised, and `promise` says why."""
    made = folder(
        "signed",
        launch_yaml=LAUNCH,
        criteria_yaml=f"{surer(of_cases=0.5)}- id: polite\n  bar: {{at_least: 0.9, why: the house}}\n  scorer: {{recorded: polite}}\n",
        evalset__cases_jsonl="".join(
            json.dumps({"id": f"q{i}", "part": "holdout"}) + "\n" for i in range(300)
        ),
    )
    assert ship("lock", made).code == 0
    file = tmp_path / "seen.csv"
    file.write_text(
        "case,correct,agreement,polite\n"
        + "".join(f"q{i},{int(i % 3 > 0)},{(i % 3) / 2},1\n" for i in range(300))
    )
    columns = "case=case,score.correct=correct,score.agreement=agreement,score.polite=polite"
    assert ship("import", file, "--launch", made, "--variant", "always", "--map", columns).code == 0
    said = ship("decide", made, "--yes")
    assert said.code == 0, said.out + said.err
    ship("memo", made)
    sign = ("--by", "Ada", "--reverse-if", "a promise breaks", "--review-on", "2027-04-15")
    assert ship("sign", made, *sign).code == 0
    promised = ship("promise", made, "--owner", "Ada")
    assert promised.code == 0
    told = " ".join((promised.out + promised.err).split())
    assert "not promised: right is asked of answered outputs alone" in told
    assert "not promised: right_answered is asked of answered outputs alone" in told
    assert "polite" in (made / "promises.yaml").read_text()
    assert "right" not in (made / "promises.yaml").read_text()
    (made / "promises.yaml").write_text("- {id: right, criterion: right, rate: 0.8, owner: Ada}\n")
    watched = ship("watch", made)
    assert watched.code == 3
    assert "the criterion `right`, which is asked of answered outputs alone" in " ".join(watched.err.split())
