"""Exports of Langfuse: three tables in three encodings, judges apart from people, times in two units."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from shipworthy.domain.errors import BadInput
from shipworthy.importers.interface import ColumnMap, Reading, Row
from shipworthy.importers.registry import choose, open_file

SHARED = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "import-fixtures" / "langfuse"
real = pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded traces lie beside the project, not in it")
TRACE = {
    "id": "t1", "timestamp": "2026-11-23T03:16:35.000Z", "name": "answer", "environment": "production",
    "bookmarked": False, "sessionId": "s1", "tags": ["spanish"], "input": "when?", "output": "today",
    "metadata": {"topic": "orders", "case_id": "c7", "scope": {"attributes": {"public_key": "pk-1"}}},
    "latency": 1.5, "totalCost": 0.002, "right": [1],
}  # fmt: skip
OBSERVED = {
    "id": "o1", "traceId": "t1", "parentObservationId": None, "type": "GENERATION", "level": "DEFAULT",
    "startTime": "2026-11-23T03:16:35.000Z", "endTime": "2026-11-23T03:16:36.500Z", "latency": 1500,
    "input": [{"role": "system", "content": "be kind"}, {"role": "user", "content": "when?"}],
    "output": {"role": "assistant", "content": "today"}, "totalCost": 0.002,
}  # fmt: skip
SCORE = {
    "id": "x", "traceId": "t1", "observationId": None, "timestamp": "2026-11-23T04:00:00Z", "source": "ANNOTATION",
    "name": "right", "dataType": "BOOLEAN", "value": 1, "stringValue": "True", "comment": "", "datasetRunId": None,
    "environment": "production",
}  # fmt: skip
TABLES = {"traces": TRACE, "observations": OBSERVED, "scores": SCORE}


def written(tmp_path: Path, encoding: str, *records: dict[str, Any]) -> Path:
    """Write an export as Langfuse does: in CSV every field is quoted, and objects are JSON text."""
    path = tmp_path / f"export.{encoding}"
    if encoding == "csv":
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_ALL)
        writer.writerow(records[0])
        for record in records:
            cells = (record[key] for key in records[0])
            writer.writerow(["" if c is None else c if isinstance(c, str) else json.dumps(c) for c in cells])
        path.write_text(text.getvalue())
    elif encoding == "jsonl":
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
    else:
        path.write_text(json.dumps(list(records)))
    return path


def rows_of(reading: Reading) -> list[Row]:
    """Return all rows."""
    return [row for batch in reading.batches() for row in batch]


def read(tmp_path: Path, *records: dict[str, Any], columns: ColumnMap | None = None) -> list[Row]:
    """Write an export in JSON and return its rows."""
    return rows_of(open_file(written(tmp_path, "json", *records), columns=columns))


@pytest.mark.parametrize("encoding", ["csv", "jsonl", "json"])
@pytest.mark.parametrize("table", list(TABLES))
def test_every_table_is_known_in_every_encoding(table: str, encoding: str, tmp_path: Path) -> None:
    """It is recognised, and gives the row that its JSON gives."""
    path = written(tmp_path, encoding, TABLES[table], {**TABLES[table], "id": "t2", "traceId": "t2"})
    assert choose(path).name == "langfuse"
    assert rows_of(open_file(path)) == read(
        tmp_path, TABLES[table], {**TABLES[table], "id": "t2", "traceId": "t2"}
    )


def test_a_trace_is_an_output(tmp_path: Path) -> None:
    """Words, times, costs, session, tags, scores: each in its place; keys inside the metadata are no tags."""
    (row,) = read(tmp_path, TRACE)
    assert row == Row(
        case="c7", input="when?", output="today", group="s1", time="2026-11-23T03:16:35.000Z", latency_s=1.5,
        cost_usd=0.002, scores={"right": 1.0},
        tags={"topic": "orders", "case_id": "c7", "spanish": "true", "trace": "answer", "environment": "production"},
    )  # fmt: skip


def test_in_a_stream_the_trace_names_its_row(tmp_path: Path) -> None:
    """Two requests about one case are two outputs of the live traffic."""
    rows = read(tmp_path, TRACE, {**TRACE, "id": "t2"}, columns=ColumnMap({}, stream=True))
    assert [row.case for row in rows] == ["t1", "t2"]


def test_the_observations_of_a_trace_are_one_output(tmp_path: Path) -> None:
    """Its time runs by their times: `latency` of an observation has been in seconds and in milliseconds."""
    (row,) = read(tmp_path, OBSERVED, {**OBSERVED, "id": "o2", "endTime": "2026-11-23T03:16:38.000Z"})
    assert (row.case, row.input, row.output, row.latency_s, row.cost_usd) == (
        "t1",
        "when?",
        "today",
        3.0,
        0.004,
    )


def test_what_a_judge_gave_is_no_label_of_a_person(tmp_path: Path) -> None:
    """The same name from a person and from a model are two scores, to be held against each other."""
    (row,) = read(tmp_path, SCORE, {**SCORE, "source": "EVAL", "value": 0, "comment": "too short"})
    assert row.scores == {"right": 1.0, "right.judge": 0.0}
    assert row.explanations == {"right.judge": "too short"}


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ({"dataType": "CATEGORICAL", "value": 0, "stringValue": "pass"}, 1.0),
        ({"dataType": "CATEGORICAL", "value": 0, "stringValue": "so-so"}, None),
        ({"dataType": "NUMERIC", "value": "0.25"}, 0.25),
        ({"dataType": "NUMERIC", "value": None}, None),
        ({"dataType": "TEXT", "value": 1, "stringValue": "kind"}, None),
    ],
)
def test_a_label_in_words_is_no_number(change: dict[str, Any], value: float | None, tmp_path: Path) -> None:
    """Langfuse writes a mere 0 beside a category: the category counts, where it is a word for pass or fail."""
    (row,) = read(tmp_path, {**SCORE, **change})
    assert row.scores == {"right": value}


def test_two_people_who_differ_are_no_score(tmp_path: Path) -> None:
    """One says 1, one says 0: unscored with the reason, not one half."""
    (row,) = read(tmp_path, SCORE, {**SCORE, "value": 0})
    assert (row.scores, row.explanations) == (
        {"right": None},
        {"right": "unscored: two scores of this name differ"},
    )


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Rate limit", "error: Rate limit"),
        ("Request timeout", "timeout"),
        (None, "error: the export says no more"),
    ],
)
def test_an_error_is_no_answer(words: str | None, reason: str, tmp_path: Path) -> None:
    """The observation at the top ended in an error: no answer, and its score does not count."""
    path = tmp_path / "trace.json"
    path.write_text(
        json.dumps({"trace": TRACE, "observations": [{**OBSERVED, "level": "ERROR", "statusMessage": words}]})
    )
    (row,) = rows_of(open_file(path))
    assert (row.status, row.reason, row.scores) == ("no answer", reason, None)


def test_a_cost_of_nothing_is_unknown(tmp_path: Path) -> None:
    """Langfuse writes 0 where it knows no price."""
    assert read(tmp_path, {**TRACE, "totalCost": 0})[0].cost_usd is None


def test_a_trace_that_stands_twice_and_one_without_id(tmp_path: Path) -> None:
    """Both are counted with their reason."""
    reading = open_file(written(tmp_path, "json", TRACE, TRACE, {**TRACE, "id": ""}))
    assert len(rows_of(reading)) == 1
    assert dict(reading.dropped) == {"a trace that stands twice: counted once": 1, "it names no trace": 1}


@pytest.mark.parametrize(
    ("depth", "kept"), [(90, "[" * 90 + "]" * 90), (300, "(nested too deep to be kept)"), (5000, "[" * 5000)]
)
def test_lists_nested_deep_cost_no_more_than_themselves(depth: int, kept: str, tmp_path: Path) -> None:
    """A hundred levels are kept; below that it says so; what no reader takes stays text. The output counts each time."""
    nested = "[" * depth + "]" * depth
    (row,) = read(tmp_path, {**TRACE, "output": nested, "input": nested})
    assert (row.status, kept in (row.output or "")) == ("answered", True)


def test_another_table_is_refused(tmp_path: Path) -> None:
    """Users, said to be an export of Langfuse."""
    path = written(tmp_path, "json", {"userId": "u", "email": "x@example.com"})
    with pytest.raises(BadInput, match="neither traces nor observations nor scores"):
        open_file(path, format="langfuse")


@real
def test_real_traces_of_five_frameworks() -> None:
    """Each is one output with its time and its cost; four were scored, by judges alone."""
    rows = {path.name.split("-20")[0]: rows_of(open_file(path))[0] for path in sorted(SHARED.iterdir())}
    assert {name: row.latency_s for name, row in rows.items()} == {
        "crewai": 3.75, "langgraph-python": 2.61, "openai-agents": 2.19, "pydantic-ai-tools": 7.424, "vertex-ai": 10.722,
    }  # fmt: skip
    assert all(row.cost_usd and row.output and row.status == "answered" for row in rows.values())
    assert {name for row in rows.values() for name in row.scores or ()} == {
        "toxicity.judge",
        "hallucination.judge",
    }
    assert (rows["openai-agents"].output or "").startswith("The weather in Tokyo is currently sunny.")
    assert rows["vertex-ai"].input == "What is Langfuse?"
    assert not any("pk-lf" in value for row in rows.values() for value in (row.tags or {}).values())
