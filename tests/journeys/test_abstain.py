"""From which confidence on a feature may answer: chosen on open cases, and what it does to the verdict on sealed ones."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Said

Ship = Callable[..., Said]

LAUNCH = """
title: Sums in words
candidate: {candidate}
variants:
  always: {{recorded: true}}
  careful: {{recorded: true}}
decision: {{question: "Answer pupils at night?", who: the head of the school, by: 2027-03-01}}
harm: [{{event: a wrong sum, who: pupil, low: 1, high: 9}}]
"""
CRITERIA = """
- id: right
  kind: diagnostic
  question: Is the sum right?
  bar: {at_least: 0.8, why: what pupils were promised}
  scorer: {recorded: correct}
- id: right_answers
  question: Is there an answer, and is it right?
  bar: {at_least: 0.2, why: below that nobody would open it}
  scorer: {recorded: correct}
- id: no_wrong_answer
  kind: guardrail
  question: Is no wrong answer given?
  bar: {at_least: 0.94, why: teachers correct what is wrong by hand}
  scorer: {recorded: not_wrong}
"""
SYSTEMS = ("6b_finetuning", "6b_verification", "175b_finetuning")
ANSWERING = "175b_verification"


def final(solution: dict[str, Any]) -> str | None:
    """Return the number that a solution ends with."""
    _, mark, number = solution["solution"].rpartition("A:")
    return number.strip().replace(",", "") if mark else None


def outcomes(shared: Path, *, hands_over_below: float = 0.0) -> list[dict[str, Any]]:
    """Return what the largest system answered, and how many of three others gave the same number: none saw the key."""
    found = []
    with gzip.open(shared / "data/gsm8k-solutions/example_model_solutions.jsonl.gz", "rt") as file:
        for number, line in enumerate(file):
            row = json.loads(line)
            said = final(row[ANSWERING])
            same = sum(said is not None and final(row[other]) == said for other in SYSTEMS) / len(SYSTEMS)
            answers, right = same >= hands_over_below, row[ANSWERING]["is_correct"]
            found.append(
                {
                    "case": f"q{number}",
                    "output": said if answers else "over to a person",
                    "agreement": round(same, 3),
                    "correct": int(answers and right),
                    "not_wrong": int(right or not answers),
                }
            )
    return found


@pytest.fixture
def sums(folder: Callable[..., Path], tmp_path: Path, ship: Ship, shared: Path) -> Callable[..., Path]:
    """Make a launch of 1,319 sums, every other one sealed, with recorded open outcomes of a variant; locked on request."""

    def make(
        candidate: str, *, hands_over_below: float = 0.0, sealed_too: bool = False, name: str = "launch"
    ) -> Path:
        made = folder(name, launch_yaml=LAUNCH.format(candidate=candidate), criteria_yaml=CRITERIA)
        rows = outcomes(shared, hands_over_below=hands_over_below)
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
            file = tmp_path / f"{name}-{part}.jsonl"
            file.write_text("".join(json.dumps(row) + "\n" for row in rows[part::2]))
            columns = "case=case,output=output,score.correct=correct,score.not_wrong=not_wrong,score.agreement=agreement"
            said = ship("import", file, "--launch", made, "--variant", candidate, "--map", columns)
            assert said.code == 0, said.err
        return made

    return make


def test_a_threshold_chosen_on_open_sums_turns_do_not_ship_into_ship(
    sums: Callable[..., Path], ship: Ship
) -> None:
    """GSM8K: always answering gives too many wrong answers; answering where two of three others agree may ship."""
    always = sums("always", sealed_too=True)
    assert ship("decide", always, "--format", "json").json["verdict"] == "do not ship"
    chosen = threshold(ship, always)
    assert (chosen["threshold"], chosen["answered"], chosen["passed"]) == (0.35, 198, 174)

    careful = sums("careful", hands_over_below=chosen["threshold"], sealed_too=True, name="careful")
    said = ship("decide", careful, "--format", "json").json
    assert said["verdict"] == "ship"
    counts = {claim["criterion"]: claim["passed"] for claim in said["claims"]}
    # Of 659 sealed sums 644 get no wrong answer: 178 a right one, and the rest go to a person.
    assert counts == {"right_answers": 178, "no_wrong_answer": 644, "right": 178}


def test_what_is_said_of_a_threshold(sums: Callable[..., Path], ship: Ship) -> None:
    """The table, the sentence a manager reads, what may be wrong, and the next step: on 660 open sums alone."""
    said = ship("abstain", sums("always"), "--confidence", "agreement", "--criterion", "right")
    assert said.code == 0
    assert said.out.splitlines()[:9] == [
        "right of always, by its confidence `agreement`",
        "On 660 open cases, one a group.",
        "",
        "  from             answers       of these pass",
        "   0.7      88 of 660 (13)       85 of 88 (97)   too few to begin with",
        "  0.35     198 of 660 (30)     174 of 198 (88)   holds",
        "  0.05     348 of 660 (53)     267 of 348 (77)   not shown",
        "     0    660 of 660 (100)     373 of 660 (57)   not asked any more",
        "",
    ]
    flat = " ".join(said.out.split())
    assert (
        "If it answers only from a confidence of 0.35 on, at least 80 of 100 of its answers are good (174 of 198 were); "
        "it then answers 30 of 100 requests, could be as few as 27 of 100." in flat
    )
    assert "Most likely to be wrong: that a confidence means tomorrow what it means today." in flat
    assert "it would have been wrong in 24 of 660, against 287 of 660 when it always answers" in flat
    assert (
        "First let `right` be a goal or a guardrail: a diagnostic decides nothing. Under `right` in" in flat
    )
    assert "answered: {confidence: agreement, at_least: 0.35, of_cases: 0.25}" in flat


def test_sealed_outcomes_move_nothing(sums: Callable[..., Path], ship: Ship) -> None:
    """With the sealed sums recorded, word for word the same is said: they are not read."""
    tokens = ("--confidence", "agreement", "--criterion", "right", "--format", "json")
    before = ship("abstain", sums("always"), *tokens).json
    assert ship("abstain", sums("always", sealed_too=True, name="sealed"), *tokens).json == before


def test_a_higher_bar_has_no_threshold_and_says_why(sums: Callable[..., Path], ship: Ship) -> None:
    """At 85 of 100 the first threshold that a quarter of the sums reach is not shown: no number is made up."""
    made = sums("always")
    text = (made / "criteria.yaml").read_text()
    (made / "criteria.yaml").write_text(text.replace("at_least: 0.8,", "at_least: 0.85,"))
    said = ship("abstain", made, "--confidence", "agreement", "--criterion", "right")
    flat = " ".join(said.out.split())
    assert "the first threshold that 165 cases reach, 0.65, is not shown to reach the bar." in flat
    assert "Next: record more open cases" in flat


def threshold(ship: Ship, launch: Path) -> dict[str, Any]:
    """Return the threshold that `abstain` chooses, as JSON has it."""
    said = ship("abstain", launch, "--confidence", "agreement", "--criterion", "right", "--format", "json")
    assert said.code == 0, said.err
    found: dict[str, Any] = said.json["found"]["chosen"]
    return found


FEW = """
- id: right
  bar: {at_least: 0.5}
  scorer: {recorded: passed}
- id: quick
  estimand: quantile
  of: latency_s
  quantile: 0.9
  bar: {at_most: 3}
"""


@pytest.fixture
def pairs(folder: Callable[..., Path], tmp_path: Path, ship: Ship) -> Callable[..., Path]:
    """Make a launch of 80 groups of two cases each: the first of a group passes and is sure, the second fails and is sure."""

    def make(*, sure: str = "0.9", header: str = "sure") -> Path:
        made = folder(
            "pairs", launch_yaml="candidate: new\nvariants:\n  new: {recorded: true}\n", criteria_yaml=FEW
        )
        (made / "evalset").mkdir()
        (made / "evalset/cases.jsonl").write_text(
            "".join(json.dumps({"id": f"c{i}", "group": f"g{i // 2}"}) + "\n" for i in range(160))
        )
        file = tmp_path / "pairs.csv"
        file.write_text(
            f"case,passed,{header}\n"
            + "".join(f"c{i},{1 - i % 2},{sure if i > 3 else ''}\n" for i in range(160))
        )
        said = ship(
            "import",
            file,
            "--launch",
            made,
            "--variant",
            "new",
            "--map",
            f"case=case,score.passed=passed,score.sure={header}",
        )
        assert said.code == 0, said.err
        return made

    return make


def test_one_case_of_a_group_counts_and_no_confidence_is_no_answer(
    pairs: Callable[..., Path], ship: Ship
) -> None:
    """Of 80 groups of two the first case counts; two groups whose first case carries no confidence are not answered."""
    found = ship("abstain", pairs(), "--confidence", "sure", "--format", "json").json
    assert (found["cases"], found["aside"], found["without"], found["passed"]) == (80, 80, 2, 80)
    assert (found["found"]["chosen"]["answered"], found["found"]["chosen"]["passed"]) == (78, 78)


@pytest.mark.parametrize(
    ("tokens", "why"),
    [
        (("--confidence", "surely"), "there is no recorded score `surely`"),
        (("--confidence", "passed"), "`passed` is what `right` itself reads"),
        (("--confidence", "sure", "--criterion", "quick"), "there is no scored criterion `quick`"),
        (("--confidence", "sure", "--variant", "old"), "there is no variant `old`"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_remedy(
    pairs: Callable[..., Path], ship: Ship, tokens: tuple[str, ...], why: str
) -> None:
    """A score that is not there, the criterion's own, a criterion without a scorer, a variant that is not there."""
    said = ship("abstain", pairs(), *tokens)
    assert said.code == 3
    assert why in said.err
    assert "to mend it:" in said.err


def test_a_confidence_on_another_scale_is_refused(pairs: Callable[..., Path], ship: Ship) -> None:
    """90 is no confidence from 0 to 1."""
    said = ship("abstain", pairs(sure="90"), "--confidence", "sure")
    assert said.code == 3
    assert "`sure` has the value 90, which is outside 0 to 1" in said.err
