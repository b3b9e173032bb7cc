"""Files that the tools themselves wrote, with the figures their makers published."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from math import comb
from pathlib import Path

import pytest

from shipworthy.domain.errors import BadInput
from shipworthy.importers.interface import Reading, Row
from shipworthy.importers.registry import open_file

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
SAMPLES = SHARED / "samples"
FIXTURES = SHARED / "data" / "import-fixtures"
INSPECT, REPLAY, PROMPTFOO = FIXTURES / "inspect", FIXTURES / "inspect-replay", FIXTURES / "promptfoo-replay"
TAU = ("tau-airline-4epochs.eval", "tau-airline-4epochs.json.gz")

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the recorded files lie beside the project, not in it"
)


def rows_of(reading: Reading) -> list[Row]:
    """Return all rows, by case and repeat."""
    rows = [row for batch in reading.batches() for row in batch]
    return sorted(rows, key=lambda row: (row.variant or "", row.case, row.repeat or 0))


def passed_by_case(rows: list[Row], score: str) -> dict[str, list[float | None]]:
    """Return the values of one score for each case."""
    cases = defaultdict(list)
    for row in rows:
        cases[row.case].append((row.scores or {}).get(score))
    return cases


def recomputed(rows: list[Row], score: str) -> float:
    """Return the mean over cases of the mean over scored repeats, as Inspect reports it."""
    given = [[v for v in values if v is not None] for values in passed_by_case(rows, score).values()]
    means = [sum(values) / len(values) for values in given if values]
    return sum(means) / len(means)


@pytest.mark.parametrize("name", TAU)
def test_airline_agent_over_four_repeats(name: str) -> None:
    """50 cases x 4 repeats, 84 passed; all of k pass in .420, .273, .220, .200, as tau-bench published."""
    cases = passed_by_case(rows_of(open_file(REPLAY / name)), "reward")
    passes = [int(sum(values)) for values in cases.values()]
    assert {len(values) for values in cases.values()} == {4}
    assert (len(cases), sum(passes)) == (50, 84)
    all_of_k = [sum(comb(p, k) / comb(4, k) for p in passes) / 50 for k in (1, 2, 3, 4)]
    assert [f"{rate:.3f}" for rate in all_of_k] == ["0.420", "0.273", "0.220", "0.200"]


def test_airline_agent_agrees_with_the_record_it_was_made_from() -> None:
    """Every reward of the 200 rows is the one in tau-bench's own file."""
    with gzip.open(SHARED / "data" / "tau-bench-airline" / "gpt-4o-airline.json.gz") as file:
        record = Counter((f"airline-{r['task_id']}", float(r["reward"])) for r in json.load(file))
    rows = rows_of(open_file(REPLAY / TAU[0]))
    assert Counter((row.case, (row.scores or {})["reward"]) for row in rows) == record


@pytest.mark.parametrize(
    ("archive", "document"),
    [
        (REPLAY / TAU[0], REPLAY / TAU[1]),
        (SAMPLES / "inspect_demo_zstd.eval", SAMPLES / "inspect_demo.json"),
        (INSPECT / "log_formats.eval", INSPECT / "log_formats.json"),
    ],
)
def test_archive_and_json_of_one_run_are_equal(archive: Path, document: Path) -> None:
    """The same run gives the same outputs and scores from both forms of its log."""
    first, second = rows_of(open_file(archive)), rows_of(open_file(document))
    if archive.parent == REPLAY:  # two runs of one replay: only the clock differs
        for row in (*first, *second):
            row.latency_s = None
    assert first == second


@pytest.mark.parametrize(
    "path",
    [
        *(REPLAY / name for name in (*TAU, "gsm8k-175b_verification.eval")),
        *(SAMPLES / name for name in ("inspect_demo_zstd.eval", "inspect_demo.json")),
        INSPECT / "2025-02-11T15-18-04-05-00_popularity_mj7khqpMM4GBCfVQozKgzB.eval",
        INSPECT / "2025-05-12T20-28-26-04-00_security-guide.json",
        *(INSPECT / name for name in ("log_formats.eval", "log_formats.json")),
    ],
    ids=lambda path: path.name,
)
def test_inspect_headlines_are_recomputed(path: Path) -> None:
    """The mean that each log reports for each score is the mean of its rows, and all planned outputs are there."""
    reading = open_file(path)
    rows, header = rows_of(reading), reading.header
    assert header.headline
    assert {
        name: pytest.approx(recomputed(rows, name), abs=1e-9) for name in header.headline
    } == header.headline
    assert not reading.dropped
    if header.planned_cases is not None:
        planned = Counter(
            {(case, k): 1 for case in header.planned_cases for k in range(1, (header.repeats or 1) + 1)}
        )
        assert Counter((row.case, row.repeat) for row in rows) == planned


def test_scores_that_were_declined_stay_unscored() -> None:
    """In the demo log the judge declined one case in each of three repeats: unscored, with its words."""
    rows = [row for row in rows_of(open_file(SAMPLES / "inspect_demo.json")) if row.case == "c3"]
    assert [row.scores for row in rows] == [{"includes": 1.0, "multi.tone": None, "multi.safe": None}] * 3
    assert {(row.explanations or {})["multi.tone"] for row in rows} == {"unscored: refusal: judge declined"}


def test_log_without_scores_brings_outputs_alone() -> None:
    """A log whose samples were never scored gives answered rows without scores."""
    path = INSPECT / "2025-02-11T15-17-00-05-00_popularity_dPiJifoWeEQBrfWsAopzWr.eval"
    assert {(row.status, row.scores is None, bool(row.output)) for row in rows_of(open_file(path))} == {
        ("answered", True, True)
    }


def test_cancelled_log_is_refused_though_it_reports_an_accuracy() -> None:
    """The cancelled run prints .667 over three samples; it is read only where that is accepted."""
    path = INSPECT / "2025-05-12T20-28-13-04-00_popularity.json"
    with pytest.raises(BadInput, match="cancelled"):
        open_file(path)
    assert len(rows_of(open_file(path, partial=True))) == 3


@pytest.mark.parametrize("name", ["xstest-150.json.gz", "xstest-150.jsonl.gz"])
def test_xstest_two_variants(name: str) -> None:
    """150 cases x 2 variants; by the human label 141 and 98 of 150 pass."""
    rows = rows_of(open_file(PROMPTFOO / name))
    assert Counter(row.variant for row in rows) == {"gpt4": 150, "llama2orig": 150}
    assert len({row.case for row in rows}) == 150
    passed = Counter(row.variant for row in rows if (row.scores or {})["helpful_when_safe"] == 1.0)
    assert passed == {"gpt4": 141, "llama2orig": 98}
    assert {row.status for row in rows} == {"answered"}
    assert {row.cost_usd for row in rows} == {None}


@pytest.mark.parametrize(
    "path",
    [PROMPTFOO / "xstest-150.json.gz", SAMPLES / "promptfoo_results_v3.json"],
    ids=lambda path: path.name,
)
def test_promptfoo_headlines_are_recomputed(path: Path) -> None:
    """The rates that the file reports for each variant are those of its rows."""
    reading = open_file(path)
    values = defaultdict(list)
    for row in rows_of(reading):
        for name, value in (row.scores or {}).items():
            values[name if reading.header.variant else f"{name} of {row.variant}"].append(value)
    assert {name: pytest.approx(sum(v) / len(v)) for name, v in values.items()} == reading.header.headline


@pytest.mark.parametrize(
    ("document", "lines"),
    [
        (PROMPTFOO / "xstest-150.json.gz", PROMPTFOO / "xstest-150.jsonl.gz"),
        (SAMPLES / "promptfoo_results_v3.json", SAMPLES / "promptfoo_results.jsonl"),
    ],
)
def test_json_and_lines_of_one_evaluation_are_equal(document: Path, lines: Path) -> None:
    """promptfoo's two exports of one evaluation give the same rows."""
    assert rows_of(open_file(document)) == rows_of(open_file(lines))


def test_repeats_without_an_index_are_found() -> None:
    """Four results of the sample are two cases, twice each, as its options say."""
    reading = open_file(SAMPLES / "promptfoo_results_v3.json")
    assert [(row.case, row.repeat) for row in rows_of(reading)] == [
        ("login", 1),
        ("login", 2),
        ("refund", 1),
        ("refund", 2),
    ]
    assert reading.header.repeats == 2


def test_rows_of_a_harness_are_found_by_name() -> None:
    """A sample file of lm-evaluation-harness is JSON Lines: two documents, named by their hash, neither right."""
    rows = rows_of(open_file(SAMPLES / "lmeval_samples_mini.jsonl"))
    assert [row.scores for row in rows] == [{"exact_match": 0.0}] * 2
    assert {len(row.case) for row in rows} == {64}


@pytest.mark.parametrize(
    "path",
    [
        SAMPLES / "lmeval_results.json",
        SAMPLES / "promptfoo_results.csv",
    ],
    ids=lambda path: path.name,
)
def test_files_without_outputs_are_refused(path: Path) -> None:
    """Totals, a table that lost its errors and an unknown binary are refused with a remedy."""
    with pytest.raises(BadInput) as caught:
        open_file(path)
    assert caught.value.remedy
