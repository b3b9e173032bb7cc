"""What every importer promises, tried on each one in the registry."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from shipworthy.domain.errors import BadInput, Misused
from shipworthy.importers.interface import Reading, Row
from shipworthy.importers.registry import IMPORTERS, choose, open_file

RECORDS = [
    {"case": f"c{i // 2}", "repeat": i % 2 + 1, "passed": i % 3 == 0, "output": "x"} for i in range(20)
]


def csv_of(separator: str) -> bytes:
    """Return the records as text with a separator."""
    lines = [separator.join(RECORDS[0]), *(separator.join(map(str, r.values())) for r in RECORDS)]
    return ("\n".join(lines) + "\n").encode()


def parquet() -> bytes:
    """Return the records as Parquet."""
    duckdb = pytest.importorskip("duckdb")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "rows.jsonl").write_bytes(jsonl())
        duckdb.sql(f"COPY (FROM '{folder}/rows.jsonl') TO '{folder}/rows.parquet' (FORMAT parquet)")
        return Path(folder, "rows.parquet").read_bytes()


def jsonl() -> bytes:
    """Return the records as JSON Lines."""
    return b"".join(json.dumps(r).encode() + b"\n" for r in RECORDS)


def inspect_log() -> bytes:
    """Return the records as an Inspect archive."""
    header = {
        "version": 2,
        "status": "success",
        "eval": {
            "task": "t",
            "model": "m",
            "dataset": {"sample_ids": [f"c{i}" for i in range(10)]},
            "config": {"epochs": 2},
        },
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for r in RECORDS:
            sample = {
                "id": r["case"],
                "epoch": r["repeat"],
                "scores": {"passed": {"value": "C" if r["passed"] else "I"}},
            }
            sample["output"] = {"completion": "x"}
            archive.writestr(f"samples/{r['case']}_epoch_{r['repeat']}.json", json.dumps(sample))
        archive.writestr("header.json", json.dumps(header))
    return buffer.getvalue()


def promptfoo() -> bytes:
    """Return the records as promptfoo results."""
    results = [
        {
            "provider": {"id": "m"},
            "success": r["passed"],
            "failureReason": 0 if r["passed"] else 1,
            "vars": {"id": r["case"]},
            "response": {"output": "x"},
            "gradingResult": {
                "componentResults": [
                    {"pass": r["passed"], "assertion": {"type": "python", "metric": "passed"}}
                ]
            },
        }
        for r in RECORDS
    ]
    return json.dumps({"evalId": "e", "results": {"version": 3, "results": results}}).encode()


def otlp() -> bytes:
    """Return the records as an export of spans: one trace with one call each, scored by an event."""
    spans = []
    for number, r in enumerate(RECORDS, 1):
        given = {"gen_ai.operation.name": "chat", "shipworthy.case": r["case"], "shipworthy.repeat": r["repeat"],
                 "gen_ai.output.messages": '[{"role": "assistant", "parts": [{"type": "text", "content": "x"}]}]'}  # fmt: skip
        scored = {
            "gen_ai.evaluation.name": "passed",
            "gen_ai.evaluation.score.value": float(bool(r["passed"])),
        }
        spans.append(
            {"traceId": f"{number:032x}", "spanId": f"{number:016x}", "startTimeUnixNano": "1795403795000000000",
             "endTimeUnixNano": "1795403796000000000", "attributes": pairs(given),
             "events": [{"name": "gen_ai.evaluation.result", "attributes": pairs(scored)}]}
        )  # fmt: skip
    return json.dumps({"resourceSpans": [{"resource": {}, "scopeSpans": [{"spans": spans}]}]}).encode()


def pairs(given: dict[str, object]) -> list[dict[str, object]]:
    """Return attributes as OTLP writes them."""
    kinds = {str: "stringValue", int: "intValue", float: "doubleValue"}
    return [{"key": key, "value": {kinds[type(value)]: value}} for key, value in given.items()]


def langfuse() -> bytes:
    """Return the records as traces with a column of scores."""
    traces = [
        {"id": f"t{n}", "timestamp": "2026-11-23T03:16:35Z", "bookmarked": False, "output": r["output"],
         "metadata": {"case_id": r["case"], "repeat": r["repeat"]}, "passed": [int(bool(r["passed"]))]}
        for n, r in enumerate(RECORDS)
    ]  # fmt: skip
    return json.dumps(traces).encode()


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "inspect": ("log.eval", inspect_log),
    "promptfoo": ("results.json", promptfoo),
    "langfuse": ("traces.json", langfuse),
    "otlp": ("spans.json", otlp),
    "parquet": ("rows.parquet", parquet),
    "json": ("rows.json", lambda: json.dumps(RECORDS).encode()),
    "jsonl": ("rows.jsonl", jsonl),
    "tsv": ("rows.tsv", lambda: csv_of("\t")),
    "csv": ("rows.csv", lambda: csv_of(",")),
}
READ_BY_SEEKING = ("inspect", "parquet")
every_format = pytest.mark.parametrize("name", [importer.name for importer in IMPORTERS])


@pytest.fixture
def sample(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes the small sample of a format."""

    def write(name: str) -> Path:
        """Write the sample of one format."""
        file_name, make = FILES[name]
        (tmp_path / file_name).write_bytes(make())
        return tmp_path / file_name

    return write


def rows_of(reading: Reading) -> list[Row]:
    """Return all rows of a reading."""
    return [row for batch in reading.batches() for row in batch]


@every_format
def test_is_chosen_by_content(name: str, sample: Callable[[str], Path]) -> None:
    """Each importer recognises its own sample before any other does."""
    assert choose(sample(name)).name == name


@every_format
def test_keeps_every_row_failed_or_not(name: str, sample: Callable[[str], Path]) -> None:
    """Twenty outputs of ten cases, seven passed: all are there, in order, with their repeats."""
    rows = rows_of(open_file(sample(name)))
    assert [(r.case, r.repeat, (r.scores or {})["passed"], r.output) for r in rows] == [
        (r["case"], r["repeat"], float(bool(r["passed"])), "x") for r in RECORDS
    ]


@every_format
def test_says_the_same_twice(name: str, sample: Callable[[str], Path]) -> None:
    """A file read twice, and a reading walked through twice, give equal rows and equal counts of what was left out."""
    path = sample(name)
    reading = open_file(path)
    first, dropped = rows_of(reading), reading.dropped.copy()
    assert first == rows_of(reading) == rows_of(open_file(path))
    assert reading.dropped == dropped


@every_format
def test_header_names_its_format_and_notes_are_sentences(name: str, sample: Callable[[str], Path]) -> None:
    """The header is known before the first row, and what it notes can be printed as it stands."""
    header = open_file(sample(name)).header
    assert header.format == name
    assert all(note.endswith(".") for note in header.notes)


@pytest.mark.parametrize("name", [name for name in FILES if name not in READ_BY_SEEKING])
def test_reads_through_gzip(name: str, sample: Callable[[str], Path]) -> None:
    """A gzip file gives the rows of the plain one, whatever it is called."""
    path = sample(name)
    packed = path.with_name(path.name + ".gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert rows_of(open_file(packed)) == rows_of(open_file(path))


@every_format
def test_refuses_an_empty_file(name: str, tmp_path: Path) -> None:
    """An empty file is refused with its place and a remedy, also where its format is named."""
    path = tmp_path / FILES[name][0]
    path.write_bytes(b"")
    with pytest.raises(BadInput, match="empty") as caught:
        open_file(path, format=name)
    assert caught.value.where.startswith(str(path))
    assert caught.value.remedy


@pytest.mark.parametrize("name", [name for name in FILES if name not in ("csv", "tsv")])
def test_refuses_a_file_cut_short(name: str, sample: Callable[[str], Path]) -> None:
    """A file cut in its middle yields an error with place and remedy, at the latest when its rows are read."""
    path = sample(name)
    path.write_bytes(path.read_bytes()[: len(path.read_bytes()) // 2 + 3])
    with pytest.raises(BadInput) as caught:
        rows_of(open_file(path, format=name))
    assert caught.value.where.startswith(str(path))
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_refuses_a_gzip_file_cut_short(name: str, sample: Callable[[str], Path]) -> None:
    """A gzip file that ends early is not mistaken for a shorter one."""
    path = sample(name)
    packed = path.with_name(path.name + ".gz")
    packed.write_bytes(gzip.compress(path.read_bytes())[:-12])
    with pytest.raises(BadInput, match="cut short"):
        rows_of(open_file(packed))


@every_format
def test_refuses_what_is_of_another_format(name: str, tmp_path: Path) -> None:
    """A poem is refused by every importer that is told to read it."""
    path = tmp_path / "poem"
    path.write_text("Shall I compare thee, \"to a summer's day?\n")
    with pytest.raises(BadInput) as caught:
        rows_of(open_file(path, format=name))
    assert caught.value.where
    assert caught.value.remedy


def test_batches_are_bounded(tmp_path: Path) -> None:
    """Ten thousand rows come in batches of a few thousand."""
    path = tmp_path / "rows.csv"
    path.write_text("case,passed\n" + "".join(f"c{i},1\n" for i in range(10_000)))
    sizes = [len(batch) for batch in open_file(path).batches()]
    assert sum(sizes) == 10_000
    assert max(sizes) <= 4096


def test_unknown_content_lists_the_formats(tmp_path: Path) -> None:
    """A file that no importer knows is refused with the formats there are and the option that names one."""
    path = tmp_path / "notes.docx"
    path.write_text("minutes of a meeting")
    with pytest.raises(BadInput, match="inspect, promptfoo") as caught:
        choose(path)
    assert "--format" in caught.value.remedy


def test_unknown_format_name_is_a_misuse(tmp_path: Path) -> None:
    """A format that does not exist is the caller's mistake, not the file's."""
    (tmp_path / "a.csv").write_text("case\n1\n")
    with pytest.raises(Misused, match="no format 'excel'"):
        choose(tmp_path / "a.csv", format="excel")


@pytest.mark.parametrize("place", ["missing.csv", "."])
def test_missing_file_and_folder_are_bad_input(place: str, tmp_path: Path) -> None:
    """A path that leads to no file says so."""
    with pytest.raises(BadInput, match="no such file"):
        choose(tmp_path / place)
