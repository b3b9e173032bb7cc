"""Any bytes, and good files damaged at random: each is read or refused, never another exception."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.spans import chat, protobuf, span

from shipworthy.domain.errors import ShipworthyError
from shipworthy.importers.registry import open_file

HEADER = {"version": 2, "status": "success", "eval": {"task": "t", "model": "m"}}
SAMPLE = {"id": 1, "epoch": 1, "scores": {"match": {"value": "C"}}}

SPAN = {
    "traceId": "1" * 32, "spanId": "2" * 16, "startTimeUnixNano": "1795403795000000000",
    "endTimeUnixNano": 1795403796000000000, "attributes": [
        {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
        {"key": "gen_ai.completion", "value": {"stringValue": "hello"}},
        {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "3"}},
    ],
}  # fmt: skip
TRACE = {"id": "t", "timestamp": "2026-11-23T03:16:35Z", "latency": 1.5, "tags": ["a"], "metadata": {"case_id": "c"},
         "scores": [{"name": "right", "value": 1, "source": "API", "dataType": "BOOLEAN"}]}  # fmt: skip
OBSERVED = {
    "id": "o",
    "traceId": "t",
    "type": "GENERATION",
    "startTime": "2026-11-23T03:16:35Z",
    "output": "yes",
}


def zipped(method: int) -> bytes:
    """Return a small Inspect archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        file.writestr("samples/1_epoch_1.json", json.dumps(SAMPLE))
        file.writestr("header.json", json.dumps(HEADER))
    return buffer.getvalue()


def seeds() -> list[tuple[str, bytes]]:
    """Return small good files to be damaged."""
    plain = b"case,variant,repeat,passed,error\na,m,1,1,\nb,m,1,no,down\n"
    lines = b'{"case":"a","score":0.5,"input":{"q":[1,null]}}\n{"case":"b","error":"x"}\n'
    result = {"provider": "p", "success": True, "vars": {"q": "x"}, "gradingResult": {"componentResults": []}}
    return [
        ("a.csv", plain),
        ("a.csv.gz", gzip.compress(plain)),
        ("a.jsonl", lines),
        ("a.json", b"[" + lines.strip().replace(b"\n", b",") + b"]"),
        ("a.json", json.dumps(HEADER | {"samples": [SAMPLE]}).encode()),
        ("a.json", json.dumps({"evalId": "e", "results": {"results": [result]}}).encode()),
        ("a.json", json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [SPAN]}]}]}).encode()),
        ("a.jsonl", json.dumps({**SPAN, "resource": {"attributes": {"service.name": "x"}}}).encode()),
        ("a.pb", protobuf(chat(1, 2, 1), span(1, 1, app__case_id="c", gen_ai__usage__input_tokens=3))),
        ("a.json", json.dumps({"trace": TRACE, "observations": [OBSERVED]}).encode()),
        ("a.eval", zipped(zipfile.ZIP_STORED)),
        ("a.eval", zipped(zipfile.ZIP_DEFLATED)),
    ]


def read_or_refused(path: Path, data: bytes, **options: str) -> None:
    """Read the bytes; an error of ours is fine, any other ends the test."""
    path.write_bytes(data)
    try:
        sum(len(batch) for batch in open_file(path, **options).batches())
    except ShipworthyError as error:
        assert error.what  # noqa: PT017 - either outcome is good; a third is the failure
        assert error.remedy  # noqa: PT017 - the same


fuzz = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


@fuzz
@given(
    data=st.binary(max_size=300),
    format_=st.sampled_from(
        ["csv", "tsv", "jsonl", "json", "parquet", "inspect", "promptfoo", "langfuse", "otlp"]
    ),
)
def test_any_bytes_are_read_or_refused(data: bytes, format_: str, tmp_path: Path) -> None:
    """Whatever the bytes and whatever they are said to be, they give rows or an error of ours."""
    read_or_refused(tmp_path / "fuzz", data, format=format_)


@fuzz
@given(
    seed=st.sampled_from(seeds()), cut=st.integers(0, 400), at=st.integers(0, 400), new=st.binary(max_size=6)
)
def test_damaged_files_are_read_or_refused(
    seed: tuple[str, bytes], cut: int, at: int, new: bytes, tmp_path: Path
) -> None:
    """A good file with some bytes replaced or cut gives rows or an error of ours."""
    name, data = seed
    read_or_refused(tmp_path / name, data[:at] + new + data[at + min(len(new), cut) :])


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)
sample_keys = st.sampled_from(
    ["id", "epoch", "scores", "output", "input", "target", "metadata", "model_usage", "error", "limit"]
)
result_keys = st.sampled_from(
    ["provider", "vars", "testCase", "response", "gradingResult", "failureReason", "cost", "promptIdx"]
)


@fuzz
@given(change=st.dictionaries(sample_keys, values, max_size=3), score=values)
def test_odd_inspect_values_are_read_or_refused(
    change: dict[str, object], score: object, tmp_path: Path
) -> None:
    """An Inspect sample with values of other kinds gives rows or an error of ours."""
    sample = SAMPLE | {"scores": {"match": {"value": score}}} | change
    read_or_refused(tmp_path / "a.json", json.dumps(HEADER | {"samples": [sample]}).encode())


@fuzz
@given(
    change=st.dictionaries(result_keys, values, max_size=3),
    variables=st.dictionaries(st.text(max_size=4), values, max_size=3),
)
def test_odd_promptfoo_values_are_read_or_refused(
    change: dict[str, object], variables: dict[str, object], tmp_path: Path
) -> None:
    """A promptfoo result with values of other kinds gives rows or an error of ours."""
    result = {"provider": "p", "success": True, "vars": variables} | change
    read_or_refused(
        tmp_path / "a.json", json.dumps({"evalId": "e", "results": {"results": [result]}}).encode()
    )


@fuzz
@given(
    record=st.dictionaries(
        st.sampled_from(
            ["case", "score", "repeat", "error", "status", "output", "latency_s", "tag.x", "group"]
        ),
        values,
    )
)
def test_odd_row_values_are_read_or_refused(record: dict[str, object], tmp_path: Path) -> None:
    """A JSON row with values of other kinds gives rows or an error of ours."""
    read_or_refused(tmp_path / "a.jsonl", json.dumps(record).encode())
