"""Inspect logs: letters, errors, limits, several scorers, tries recorded twice."""

from __future__ import annotations

import json
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest

from shipworthy.domain.errors import BadInput
from shipworthy.importers.inspect_ai import FIRST_ANSWER_COUNTS, NO_ANSWER_REPLACED
from shipworthy.importers.interface import Reading, Row
from shipworthy.importers.registry import open_file


def log(*samples: dict[str, Any], status: str = "success", **more: Any) -> dict[str, Any]:
    """Return a log as Inspect writes it."""
    evaluation = {
        "task": "t",
        "model": "openai/gpt",
        "packages": {"inspect_ai": "0.3"},
        **more.pop("eval", {}),
    }
    return {"version": 2, "status": status, "eval": evaluation, "samples": list(samples), **more}


def sample(case: str = "c1", value: Any = "C", **more: Any) -> dict[str, Any]:
    """Return a sample with one score."""
    output = {"choices": [{"message": {"content": "hello"}, "stop_reason": "stop"}]}
    return {"id": case, "epoch": 1, "scores": {"match": {"value": value}}, "output": output, **more}


def rows_of(reading: Reading) -> list[Row]:
    """Return all rows of a reading."""
    return [row for batch in reading.batches() for row in batch]


def read(tmp_path: Path, content: dict[str, Any], *, partial: bool = False) -> Reading:
    """Open a log in its JSON form."""
    path = tmp_path / "log.json"
    path.write_text(json.dumps(content))
    return open_file(path, partial=partial)


def archive(tmp_path: Path, *members: tuple[str, Any]) -> Path:
    """Write an archive with these members."""
    path = tmp_path / "log.eval"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a name is written twice is what some tests are about
        for name, content in members:
            file.writestr(name, json.dumps(content))
    return path


@pytest.mark.parametrize(
    ("value", "score"),
    [
        *(("C", 1.0), ("P", 0.5), ("I", 0.0), ("N", 0.0), (True, 1.0), (False, 0.0), (0.25, 0.25), (4, 4.0)),
        *(
            ("yes", 1.0),
            ("0.75", 0.75),
            (None, None),
            (float("nan"), None),
            (float("inf"), None),
            ("blue", None),
        ),
        *(("nan", None), (10**400, None)),
    ],
)
def test_score_values(value: Any, score: float | None, tmp_path: Path) -> None:
    """Inspect's letters and numbers become numbers; what is none is unscored, with words for why."""
    [row] = rows_of(read(tmp_path, log(sample(value=value))))
    assert row.scores == {"match": score}
    assert score is not None or row.explanations["match"].startswith("unscored: ")


def test_parts_of_a_score_are_scores_of_their_own(tmp_path: Path) -> None:
    """A scorer that returns several values gives one score each, and a NaN for all leaves each unscored."""
    named = [{"name": key, "scorer": "match", "metrics": {"mean": {"value": 1}}} for key in ("tone", "safe")]
    content = log(
        sample(value={"tone": 4, "safe": "C"}), sample("c2", float("nan")), results={"scores": named}
    )
    reading = read(tmp_path, content)
    assert [row.scores for row in rows_of(reading)] == [
        {"match.tone": 4.0, "match.safe": 1.0},
        {"match.tone": None, "match.safe": None},
    ]
    assert reading.header.headline == {"match.tone": 1.0, "match.safe": 1.0}


def test_scorer_that_left_nothing_is_unscored(tmp_path: Path) -> None:
    """A score that the results report and a sample lacks is unscored there, not absent."""
    results = {"scores": [{"name": "match", "scorer": "match"}]}
    [row] = rows_of(read(tmp_path, log(sample(scores={}), results=results)))
    assert row.scores == {"match": None}


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"error": {"message": "boom"}}, "error: boom"),
        ({"limit": {"type": "time", "limit": 5}}, "timeout"),
        ({"limit": {"type": "token", "limit": 5}}, "cut off: token limit"),
        ({"output": {"choices": [{"stop_reason": "content_filter"}]}}, "blocked by the provider"),
        ({"output": {"choices": [{"stop_reason": "max_tokens"}]}}, "cut off: the model's token limit"),
        ({"invalidation": {"reason": "typo"}}, "invalidated in the log: typo"),
    ],
)
def test_no_answer_is_apart_from_failure(more: dict[str, Any], reason: str, tmp_path: Path) -> None:
    """Errors, limits, blocks and invalidated samples are no answer, whatever score was left beside them."""
    [row] = rows_of(read(tmp_path, log(sample(**more))))
    assert (row.status, row.reason, row.scores) == ("no answer", reason, None)


def test_model_that_refuses_has_answered(tmp_path: Path) -> None:
    """A refusal that the model wrote is an answer and keeps its score."""
    output = {
        "choices": [
            {"message": {"content": [{"type": "text", "text": "I can't help."}]}, "stop_reason": "stop"}
        ]
    }
    [row] = rows_of(read(tmp_path, log(sample(value="I", output=output))))
    assert (row.status, row.output, row.scores) == ("answered", "I can't help.", {"match": 0.0})


def test_headline_is_the_mean_and_no_other_reducer(tmp_path: Path) -> None:
    """Of several reducers over repeats the plain mean is the figure to check, in whatever order they stand."""
    scores = [
        {"name": "match", "scorer": "match", "reducer": reducer, "metrics": {"accuracy": {"value": value}}}
        for reducer, value in (("pass_k_2", 0.9), ("mean", 0.5), ("max", 1.0))
    ]
    assert read(tmp_path, log(sample(), results={"scores": scores})).header.headline == {"match": 0.5}


def test_header_says_what_was_planned(tmp_path: Path) -> None:
    """Planned cases and repeats come from the header, so that what is missing can be seen."""
    header = read(
        tmp_path, log(sample(), eval={"dataset": {"sample_ids": ["c1", 2]}, "config": {"epochs": 3}})
    ).header
    assert (header.planned_cases, header.repeats, header.variant) == (("c1", "2"), 3, "openai/gpt")
    assert "The log plans 2 cases x 3 repeats and holds 1 outputs." in header.notes


@pytest.mark.parametrize("status", ["cancelled", "error", "started"])
def test_unfinished_run_needs_partial(status: str, tmp_path: Path) -> None:
    """A log that calls its own run unfinished is refused, and read with a note where that is accepted."""
    with pytest.raises(BadInput, match=status) as caught:
        read(tmp_path, log(sample(), status=status))
    assert "--partial" in caught.value.remedy
    reading = read(tmp_path, log(sample(), status=status), partial=True)
    assert len(rows_of(reading)) == 1
    assert any(status in note for note in reading.header.notes)


def test_interrupted_archive_is_read_from_its_journal(tmp_path: Path) -> None:
    """An archive without its header was interrupted: refused, or read as partial from its journal."""
    start = {key: value for key, value in log().items() if key in ("version", "eval")}
    path = archive(tmp_path, ("_journal/start.json", start), ("samples/c1_epoch_1.json", sample()))
    with pytest.raises(BadInput, match="started"):
        open_file(path)
    assert [row.case for row in rows_of(open_file(path, partial=True))] == ["c1"]


@pytest.mark.parametrize(
    ("tries", "score", "reason"),
    [
        ([sample(error="crash"), sample(value="I")], 0.0, NO_ANSWER_REPLACED),
        ([sample(value="I"), sample(value="C")], 0.0, FIRST_ANSWER_COUNTS),
        ([sample(value="C"), sample(error="crash")], 1.0, FIRST_ANSWER_COUNTS),
    ],
)
def test_sample_recorded_twice_counts_once(
    tries: list[Any], score: float, reason: str, tmp_path: Path
) -> None:
    """A retry replaces a try without an answer; it never re-rolls an answer, in the archive and in JSON."""
    path = archive(tmp_path, *(("samples/c1_epoch_1.json", t) for t in tries), ("header.json", log()))
    for reading in (open_file(path), read(tmp_path, log(*tries))):
        assert [row.scores for row in rows_of(reading)] == [{"match": score}]
        assert [row.scores for row in rows_of(reading)] == [{"match": score}]  # a second walk counts anew
        assert reading.dropped == {reason: 1}
        assert any("more than once" in note for note in reading.header.notes)


def test_log_without_samples_is_read_from_summaries(tmp_path: Path) -> None:
    """Where samples were not kept the summaries carry scores; their shortened input is not taken for the input."""
    summary = {"id": 1, "epoch": 1, "input": "Is the follow…", "scores": {"match": {"value": "C"}}}
    path = archive(tmp_path, ("summaries.json", [summary]), ("header.json", log()))
    [row] = rows_of(open_file(path))
    assert (row.case, row.scores, row.input) == ("1", {"match": 1.0}, None)


@pytest.mark.parametrize("members", [[("header.json", log())], [("notes.txt", "hello")]])
def test_totals_alone_are_no_evidence(members: list[Any], tmp_path: Path) -> None:
    """An archive with results but no samples, or with nothing of Inspect's, is refused."""
    with pytest.raises(BadInput):
        open_file(archive(tmp_path, *members))


def test_price_that_is_not_known_is_not_zero(tmp_path: Path) -> None:
    """Costs add up over models; one model without a price leaves the cost unknown."""
    usage = [
        {"a": {"total_cost": 0.1}, "b": {"total_cost": 0.2}},
        {"a": {"total_cost": 0.1}, "b": {"total_tokens": 9}},
        {"a": {"total_cost": 0}},
    ]
    rows = rows_of(read(tmp_path, log(*(sample(f"c{i}", model_usage=u) for i, u in enumerate(usage)))))
    assert [row.cost_usd for row in rows] == [pytest.approx(0.3), None, None]


def test_input_is_free_of_what_differs_between_runs(tmp_path: Path) -> None:
    """Messages keep who speaks and what, attachments resolved; ids and sources go."""
    message = {"id": "r4nd0m", "source": "input", "role": "user", "content": "attachment://abc"}
    metadata = {"topic": "orders", "hard": True, "level": 2, "confidence": 0.27, "trace": {"a": 1}}
    [row] = rows_of(
        read(tmp_path, log(sample(input=[message], attachments={"abc": "Hi?"}, metadata=metadata)))
    )
    assert row.input == [{"role": "user", "content": "Hi?"}]
    assert row.tags == {"topic": "orders", "hard": "true", "level": "2"}


@pytest.mark.parametrize("bad", [{"id": "a\nb"}, {"epoch": 0}, {"epoch": 10**6}])
def test_ids_and_epochs_that_cannot_be_kept(bad: dict[str, Any], tmp_path: Path) -> None:
    """An id over two lines, or an epoch that no ledger numbers, is refused."""
    with pytest.raises(BadInput):
        rows_of(read(tmp_path, log(sample(case="x") | bad)))
