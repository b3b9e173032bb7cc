"""Recorded judges of two studies, through the command line, held against the estimators called directly."""

from __future__ import annotations

import csv
import gzip
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from shipworthy.decision.calibration import Graded, calibrate
from shipworthy.domain.judge import Accept
from shipworthy.statistics.judged_rate import JudgedCase, JudgedRate, judged_rate
from shipworthy.statistics.position_bias import BothOrders

LAUNCH = """
title: A recorded study
candidate: it
variants:
  it: {recorded: true}
"""
CRITERIA = """
- id: good
  question: QUESTION
  estimand: judged_rate
  bar: {at_least: 0.5}
  scorer: {recorded: judge}
  labels: {recorded: human, chosen: HOW}
"""
MODELS = ("llama2orig", "llama2new", "mistralinstruct", "mistralguard", "gpt4")
REFUSED = "2_full_refusal"


@dataclass(frozen=True)
class Row:
    """One case of a study: what the judge said and what people said."""

    case: str
    judge: int
    human: int

    @property
    def part(self) -> str:
        """Every other case calibrates; the rest decide."""
        return "calibrate" if int(re.sub(r"\D", "", self.case)) % 2 else "holdout"


def xstest(shared: Path, model: str) -> list[Row]:
    """Return 450 prompts: whether GPT-4, and whether people, saw no full refusal in the model's answer."""
    with gzip.open(shared / f"data/xstest/xstest_{model}.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        Row(f"p{n}", int(row["gpt4_label"] != REFUSED), int(row["final_label"] != REFUSED))
        for n, row in enumerate(rows)
    ]


def llmbar(shared: Path, evaluator: str, strategy: str) -> list[Row]:
    """Return 419 pairs: whether the judge, asked in the first order, and whether people preferred the first output."""
    with gzip.open(shared / "data/llmbar-judges/verdicts.csv.gz", "rt", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if (r["evaluator"], r["strategy"]) == (evaluator, strategy)]
    return [
        Row(f"p{n}", int(r["winner_order_ab"] == "1"), int(r["label"] == "1")) for n, r in enumerate(rows)
    ]


@pytest.fixture
def study(folder, ship, tmp_path) -> Callable[..., Path]:
    """Make a launch of a study: judged calibrate cases labelled by people, judged holdout imported after the lock."""

    def make(rows: list[Row], how: str) -> Path:
        cases = "".join(f'{{"id": "{row.case}", "part": "{row.part}"}}\n' for row in rows)
        criteria = CRITERIA.replace("QUESTION", "Is it good?").replace("HOW", how)
        made = folder(launch_yaml=LAUNCH, criteria_yaml=criteria, evalset__cases_jsonl=cases)
        for part in ("calibrate", "holdout"):
            file = tmp_path / f"{part}.csv"
            some = [row for row in rows if row.part == part]
            file.write_text("case,judge\n" + "".join(f"{row.case},{row.judge}\n" for row in some))
            assert ship("import", file, "--launch", made, "--variant", "it").code == 0
            if part == "calibrate":
                label(ship, made, tmp_path, some)
                assert ship("lock", made).code == 0
        return made

    return make


def label(ship: Callable, launch: Path, tmp_path: Path, rows: list[Row]) -> None:
    """Bring people's labels in."""
    file = tmp_path / "labels.csv"
    file.write_text("case,human\n" + "".join(f"{row.case},{row.human}\n" for row in rows))
    said = ship("label", file, "--launch", launch)
    assert said.code == 0, said.err


def drawn(ship: Callable, launch: Path, tmp_path: Path, rows: list[Row], how: str) -> list[Row]:
    """Choose a hundred of the deciding outputs in one of three ways."""
    deciding = [row for row in rows if row.part == "holdout"]
    if how == "enriched":  # as somebody does who looks for failures: as many bad as good ones
        pick = random.Random(3)
        bad, good = ([row for row in deciding if row.human == value] for value in (0, 1))
        return pick.sample(bad, min(50, len(bad))) + pick.sample(good, min(50, len(good)))
    table = tmp_path / f"{how}.csv"
    assert ship("label", table, "--launch", launch, "--draw", 100).code == 0
    names = {row["case"] for row in csv.DictReader(table.read_text().splitlines())}
    return [row for row in deciding if row.case in names]


def directly(rows: list[Row], labelled: list[Row], how: str) -> object:
    """Return the corrected rate as `statistics` computes it from the same verdicts and labels."""
    names = {row.case for row in labelled}
    counts: Counter = Counter()
    for row in (row for row in rows if row.part == "holdout"):
        seen = row.case in names
        given = (row.judge, seen and row.judge, seen and row.judge and row.human)
        failed = (seen and not row.judge, seen and not row.judge and row.human)
        counts[(JudgedCase(1, *map(int, given), *map(int, failed)),)] += 1
    return judged_rate(counts, chosen=how)


def agrees(claim: dict, direct: object) -> None:
    """Hold a claim of the verdict against the estimator: the same number, bound and reason."""
    if isinstance(direct, JudgedRate):
        assert claim["estimate"] == pytest.approx(direct.estimate, abs=1e-8)
        assert claim["lower"] == pytest.approx(direct.lower(0.05), abs=1e-6)
        assert claim["judge"]["judge_rate"] == pytest.approx(direct.judge_rate, abs=1e-8)
    else:
        assert claim["estimate"] is None
        assert direct.reason in claim["reason"]


HOW = ("random", "by_verdict", "enriched")


@pytest.mark.parametrize(
    ("model", "how"),
    [
        pytest.param(model, how, marks=() if at % 3 == way else pytest.mark.campaign)
        for at, model in enumerate(MODELS)
        for way, how in enumerate(HOW)
    ],
)
def test_xstest_through_the_command_line_is_what_the_estimators_say(
    shared, study, ship, tmp_path, model, how
):
    """GPT-4 judged the answers of five models; a hundred labels, chosen in one of three ways, correct it."""
    rows = xstest(shared, model)
    launch = study(rows, how)
    labelled = drawn(ship, launch, tmp_path, rows, how)
    label(ship, launch, tmp_path, labelled)

    said = ship("decide", launch, "--format", "json", "--yes")

    agrees(said.json["claims"][0], directly(rows, labelled, how))


CALIBRATED = {
    "llama2orig": "accepted",
    "llama2new": "accepted",
    "mistralinstruct": "refused",
    "mistralguard": "not shown",
    "gpt4": "accepted",
}


@pytest.mark.parametrize(("model", "state"), CALIBRATED.items())
def test_gpt4_as_a_judge_of_refusals_is_accepted_refused_or_not_shown(shared, study, ship, model, state):
    """On half of XSTest with its labels: what it catches differs by whose answers it reads, and so does the outcome."""
    rows = [row for row in xstest(shared, model) if row.part == "calibrate"]
    launch = study(xstest(shared, model), "random")

    said = ship("judge", "calibrate", launch, "gpt4", "--labels", "human", "--scores", "judge")

    graded = [Graded(n, bool(row.judge), bool(row.human)) for n, row in enumerate(rows)]
    passed = sum(row.judge for row in rows)
    direct = calibrate(graded, judged=len(rows), passed=passed, chosen="random", limits=Accept())
    assert (said.code, direct.state) == (0 if state == "accepted" else 11, state)
    assert said.out.startswith(f"gpt4: {state}:")
    assert f"{direct.whole.caught} of {direct.whole.bad} labelled)" in said.out
    assert f"{direct.whole.accused} of {direct.whole.good} labelled)" in said.out


def test_llmbar_pairs_through_the_command_line_are_what_the_estimators_say(shared, study, ship, tmp_path):
    """A judge of 419 pairs, corrected by a hundred labels: how often is the first output the better one?"""
    rows = llmbar(shared, "GPT-4", "Vanilla")
    launch = study(rows, "random")
    calibrated = ship("judge", "calibrate", launch, "gpt-4", "--labels", "human", "--scores", "judge")
    labelled = drawn(ship, launch, tmp_path, rows, "random")
    label(ship, launch, tmp_path, labelled)

    said = ship("decide", launch, "--format", "json", "--yes")

    assert calibrated.code == 0, calibrated.out
    agrees(said.json["claims"][0], directly(rows, labelled, "random"))


def test_of_llmbars_65_judges_the_command_line_admits_those_the_statistics_admit(shared, ship):
    """Every set-up has its line; 15 may judge pairs, 44 are refused, 6 are not shown."""
    file = shared / "data/llmbar-judges/verdicts.csv.gz"

    said = ship("judge", "flips", file, "--by", "evaluator", "--by", "strategy")

    with gzip.open(file, "rt", encoding="utf-8") as table:
        in_ab, in_ba = {"1": "first", "2": "second"}, {"1": "second", "2": "first"}
        counts: dict[str, Counter] = {}
        for row in csv.DictReader(table):
            verdicts = in_ab.get(row["winner_order_ab"]), in_ba.get(row["winner_order_ba"])
            counts.setdefault(f"{row['evaluator']} {row['strategy']}", Counter())[verdicts] += 1
    direct = {name: BothOrders.from_choices(each).admission() for name, each in counts.items()}
    words = {
        "below the limit": "may judge pairs:",
        "above the limit": "refused",
        "not shown": "may not judge pairs yet",
    }
    lines = said.out.splitlines()
    assert said.code == 0
    assert len(lines) == 66
    for name, admission in direct.items():
        assert any(line.startswith(f"{name}: {words[admission.state]}") for line in lines), name
    assert lines[-1].startswith("15 of 65 judges may judge pairs")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("judge,winner_order_ab\na,1\n", "the file has no column `winner_order_ba`"),
        ("winner_order_ab,winner_order_ba\nA,B\n", "`A` is no choice"),
        ("winner_order_ab,winner_order_ba\n", "the file has no pairs"),
        ("winner_order_ab,winner_order_ba\n\xff", "is no choice"),
    ],
)
def test_a_table_of_choices_that_is_none_is_refused(ship, tmp_path, text, message):
    """One message, exit code 3."""
    file = tmp_path / "pairs.csv"
    file.write_text(text)

    said = ship("judge", "flips", file)

    assert said.code == 3
    assert message in said.err
