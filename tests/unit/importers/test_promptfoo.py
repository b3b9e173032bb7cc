"""promptfoo results: errors apart from failures, assertions as scores, repeats without an index."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shipworthy.domain.errors import BadInput
from shipworthy.importers.interface import Reading, Row
from shipworthy.importers.promptfoo import CACHED_REPEAT
from shipworthy.importers.registry import open_file


def check(passed: bool, *, score: float | None = None, **assertion: Any) -> dict[str, Any]:
    """Return the outcome of one assertion."""
    return {
        "pass": passed,
        "score": passed if score is None else score,
        "reason": "because",
        "assertion": assertion,
    }


def result(*checks: dict[str, Any], q: str = "hi", **more: Any) -> dict[str, Any]:
    """Return one result with its assertions."""
    success = all(c["pass"] for c in checks)
    return {
        "provider": {"id": "openai:gpt", "label": "small"},
        "prompt": {"raw": q, "label": "{{q}}"},
        "promptIdx": 0,
        "vars": {"q": q},
        "success": success,
        "failureReason": 0 if success else 1,
        "gradingResult": {"componentResults": list(checks)},
        "response": {"output": "hello"},
        **more,
    }


def document(*results: dict[str, Any], repeat: int = 1, **summary: Any) -> dict[str, Any]:
    """Return a results file."""
    return {
        "evalId": "e",
        "results": {"version": 3, "results": list(results), **summary},
        "runtimeOptions": {"repeat": repeat},
        "metadata": {"promptfooVersion": "0.121"},
    }


def read(tmp_path: Path, *results: dict[str, Any], **more: Any) -> Reading:
    """Open a results file."""
    path = tmp_path / "results.json"
    path.write_text(json.dumps(document(*results, **more)))
    return open_file(path)


def rows_of(reading: Reading) -> list[Row]:
    """Return all rows of a reading."""
    return [row for batch in reading.batches() for row in batch]


def test_error_text_on_a_failed_assertion_is_no_error(tmp_path: Path) -> None:
    """Only failure reason 2 is no answer; promptfoo fills `error` on failures too."""
    failed = result(check(False, type="equals"), error="expected 4")
    broken = result(q="b", failureReason=2, error="503", success=False, gradingResult=None)
    slow = result(q="c", failureReason=2, error="Evaluation timed out after 5ms", success=False)
    rows = rows_of(read(tmp_path, failed, broken, slow))
    assert [(r.status, r.reason, r.scores) for r in rows] == [
        ("answered", None, {"equals": 0.0, "success": 0.0}),
        ("no answer", "error: 503", None),
        ("no answer", "timeout", None),
    ]


def test_assertions_are_scores_by_metric_or_type(tmp_path: Path) -> None:
    """A score is named by its metric, else its type; of several under one name the lowest counts."""
    one = result(
        check(True, type="llm-rubric", metric="tone"),
        check(False, type="contains"),
        check(True, type="contains"),
    )
    [row] = rows_of(read(tmp_path, one))
    assert row.scores == {"tone": 1.0, "contains": 0.0, "success": 0.0}
    assert row.explanations == {"tone": "because", "contains": "because\nbecause"}


def test_graded_scores_stand_beside_pass_and_fail(tmp_path: Path) -> None:
    """A rubric that gives 0.8 and passes is a pass, with its grade as a score of its own on every row."""
    rows = rows_of(
        read(
            tmp_path,
            result(check(True, score=0.8, metric="tone")),
            result(check(False, metric="tone"), q="b"),
        )
    )
    assert [row.scores for row in rows] == [
        {"tone": 1.0, "tone.score": 0.8, "success": 1.0},
        {"tone": 0.0, "tone.score": 0.0, "success": 0.0},
    ]


def test_success_without_assertions_is_unscored(tmp_path: Path) -> None:
    """promptfoo calls an output without assertions a success; nothing was checked, so nothing is scored."""
    [row] = rows_of(read(tmp_path, result()))
    assert row.scores == {"success": None}


def test_human_verdict_overrides_success(tmp_path: Path) -> None:
    """A person's rating is a score of its own, its comment kept, and the overall success follows it."""
    rated = result(check(True, type="equals"), check(False, type="human"))
    rated["gradingResult"]["comment"] = "rude"
    [row] = rows_of(read(tmp_path, rated))
    assert row.scores == {"equals": 1.0, "human": 0.0, "success": 0.0}
    assert row.explanations["success"] == "rude"


def test_equal_variables_are_repeats_of_one_case(tmp_path: Path) -> None:
    """Results with equal variables are one case, numbered in order; a note says whether the options agree."""
    results = [
        result(check(passed, type="equals"), q=q) for q, passed in [("a", True), ("b", True), ("a", False)]
    ]
    reading = read(tmp_path, *results)
    rows = rows_of(reading)
    assert [(r.repeat, (r.scores or {})["success"]) for r in rows] == [(1, 1.0), (1, 1.0), (2, 0.0)]
    assert rows[0].case == rows[2].case != rows[1].case
    assert any("which its options do not say" in note for note in reading.header.notes)
    assert any("(repeat 2)" in note for note in read(tmp_path, *results, repeat=2).header.notes)


def test_cached_repeat_is_a_copy(tmp_path: Path) -> None:
    """A repeat served from the cache is not another try: left out and counted, its number stays empty."""
    fresh, cached = (
        result(check(True, type="x")),
        result(check(True, type="x"), response={"output": "hello", "cached": True}),
    )
    reading = read(tmp_path, fresh, cached, fresh)
    assert [row.repeat for row in rows_of(reading)] == [1, 3]
    assert reading.dropped == {CACHED_REPEAT: 1}


@pytest.mark.parametrize(
    ("more", "cases"),
    [
        ([{"vars": {"id": 7}}, {"vars": {"id": "x"}}], ["7", "x"]),
        (
            [{"testCase": {"description": "refund"}}, {"testCase": {"description": "login"}}],
            ["refund", "login"],
        ),
    ],
)
def test_case_names_are_taken_from_the_file(
    more: list[dict[str, Any]], cases: list[str], tmp_path: Path
) -> None:
    """A case is called by the id among its variables, else by its description."""
    rows = rows_of(read(tmp_path, *(result(check(True, type="x"), q=str(i)) | m for i, m in enumerate(more))))
    assert [row.case for row in rows] == cases


def test_case_names_do_not_depend_on_the_place(tmp_path: Path) -> None:
    """Without id or description a case is named by its variables, so it keeps its name in another order."""
    one, two = (result(check(True, type="x"), q=q) for q in "ab")
    first, second = ({"testCase": {"description": f"Row #{number}"}} for number in (1, 2))
    there = rows_of(read(tmp_path, one | first, two | second))
    back = rows_of(read(tmp_path, two | first, one | second))
    assert there[0].case != there[1].case
    assert there[0].input == back[1].input == {"q": "a"}
    assert there[0].case == back[1].case


def test_variants_are_named_by_as_little_as_tells_them_apart(tmp_path: Path) -> None:
    """One prompt: the provider's label. Two prompts: label and prompt. Two of the same: their number too."""
    other = result(check(True, type="x"), promptIdx=1, provider={"id": "p", "label": "large"})
    assert {r.variant for r in rows_of(read(tmp_path, result(), other))} == {"small", "large"}
    second = result(promptIdx=1, prompt={"label": "Be brief. {{q}}"})
    assert {r.variant for r in rows_of(read(tmp_path, result(), second))} == {
        "small | {{q}}",
        "small | Be brief. {{q}}",
    }
    assert {r.variant for r in rows_of(read(tmp_path, result(), result(promptIdx=1)))} == {
        "small | {{q}} | 0",
        "small | {{q}} | 1",
    }


@pytest.mark.parametrize(
    ("finish", "reason"),
    [
        ("length", "cut off: the model's token limit"),
        ("content_filter", "blocked by the provider"),
        ("stop", None),
    ],
)
def test_cut_off_and_blocked_are_no_answer(finish: str, reason: str | None, tmp_path: Path) -> None:
    """An answer that was cut off or blocked counts as none, whatever the assertions made of it."""
    [row] = rows_of(
        read(tmp_path, result(check(True, type="x"), response={"output": "he", "finishReason": finish}))
    )
    assert row.reason == reason


def test_cost_of_zero_is_unknown(tmp_path: Path) -> None:
    """promptfoo writes 0 for a price it does not know."""
    rows = rows_of(
        read(
            tmp_path,
            result(cost=0, latencyMs=1500, response={"output": "x", "cost": 0}),
            result(q="b", cost=0.02),
        )
    )
    assert [(row.cost_usd, row.latency_s) for row in rows] == [(None, 1.5), (0.02, None)]


def test_totals_are_shown_and_checked_not_believed(tmp_path: Path) -> None:
    """The file's own totals become its headline, and a note where they speak of other rows than there are."""
    metrics = {
        "testPassCount": 9,
        "testFailCount": 1,
        "namedScores": {"tone": 8},
        "namedScoresCount": {"tone": 10},
    }
    header = read(tmp_path, result(check(True, metric="tone")), prompts=[{"metrics": metrics}]).header
    assert header.headline == {"success": 0.9, "tone": 0.8}
    assert "The file's own totals speak of 10 results; it holds 1." in header.notes


def test_lines_give_the_same_rows(tmp_path: Path) -> None:
    """The JSONL file of the same results gives the same rows."""
    results = [result(check(i % 2 == 0, score=i / 4, metric="tone"), q=str(i % 3)) for i in range(5)]
    lines = tmp_path / "results.jsonl"
    lines.write_text("\n".join(map(json.dumps, results)))
    assert rows_of(open_file(lines)) == rows_of(read(tmp_path, *results))


def test_csv_is_refused_with_the_way_to_export(tmp_path: Path) -> None:
    """promptfoo's CSV leaves out what matters; the remedy is its JSON."""
    path = tmp_path / "results.csv"
    path.write_text("Description,q,[small] {{q}},Status,Score,Named Scores,Comment\nr,hi,hello,PASS,1,{},\n")
    with pytest.raises(BadInput, match="CSV") as caught:
        open_file(path)
    assert "results.json" in caught.value.remedy


@pytest.mark.parametrize("content", [document(), document(result(), version=9)])
def test_empty_and_unknown_results_are_refused(content: dict[str, Any], tmp_path: Path) -> None:
    """A file without a result, or of a version that is not known, is refused."""
    path = tmp_path / "results.json"
    path.write_text(json.dumps(content))
    with pytest.raises(BadInput):
        open_file(path)
