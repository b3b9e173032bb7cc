"""Tables: which column holds what, and what a cell may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.domain.errors import BadInput, Unavailable
from shipworthy.importers.interface import ColumnMap, Reading, Row
from shipworthy.importers.registry import open_file


def write(tmp_path: Path, text: str | bytes, name: str = "rows.csv") -> Path:
    """Write a file and return its path."""
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def rows_of(reading: Reading) -> list[Row]:
    """Return all rows of a reading."""
    return [row for batch in reading.batches() for row in batch]


def read(tmp_path: Path, text: str | bytes, name: str = "rows.csv", **columns: str) -> list[Row]:
    """Return all rows of a table, by a map where columns are given."""
    given = ColumnMap({k.replace("__", "."): v for k, v in columns.items()}) if columns else None
    return rows_of(open_file(write(tmp_path, text, name), columns=given))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *((word, 1.0) for word in ("true", "True", "PASS", "passed", "yes", "1", " 1 ", "1.0")),
        *((word, 0.0) for word in ("false", "FAIL", "failed", "no", "0", "-0")),
        *(("", None), ("  ", None), ("0.25", 0.25), ("4", 4.0), ("-1.5e2", -150.0)),
    ],
)
def test_score_cells(cell: str, value: float | None, tmp_path: Path) -> None:
    """A score is a word for pass or fail, or a number; an empty cell is unscored, not zero."""
    [row] = read(tmp_path, f"case,passed\nc1,{cell}\n")
    assert row.scores == {"passed": value}


@pytest.mark.parametrize(
    "cell", ["maybe", "nan", "NaN", "inf", "-Infinity", "1e999", "1_0", "0,5", "٣", "A+"]
)
def test_other_score_cells_are_refused_with_line_and_column(cell: str, tmp_path: Path) -> None:
    """What is neither is refused, naming line and column: never read as a failure or left out."""
    with pytest.raises(BadInput, match="column 'passed'") as caught:
        read(tmp_path, f'case,passed\nc1,1\nc2,"{cell}"\n')
    assert caught.value.where.endswith("rows.csv:3")


def test_guess_is_said_aloud(tmp_path: Path) -> None:
    """Guessed columns, and those not used, stand in the header's notes."""
    path = write(
        tmp_path, "questionId,Model,trial,is_correct,latency_ms,score.tone,topic\nq1,m,1,1,250,4,billing\n"
    )
    reading = open_file(path)
    [row] = rows_of(reading)
    assert (row.case, row.variant, row.repeat, row.latency_s) == ("q1", "m", 1, 0.25)
    assert row.scores == {"is_correct": 1.0, "tone": 4.0}
    assert "case from 'questionId'" in reading.header.notes[0]
    assert reading.header.notes[1] == "Columns not used: 'topic'."


def test_row_id_beside_a_question_id_is_no_case(tmp_path: Path) -> None:
    """Where rows have ids of their own, the question names the case: three tries at one are one case."""
    rows = read(tmp_path, "id,question_id,passed\n1,q,1\n2,q,0\n3,q,1\n")
    assert {row.case for row in rows} == {"q"}


def test_ambiguous_units_are_not_guessed(tmp_path: Path) -> None:
    """A column `latency` or `cost` without a unit is left alone."""
    [row] = read(tmp_path, "case,passed,latency,cost\nc1,1,250,3\n")
    assert (row.latency_s, row.cost_usd) == (None, None)


def test_map_is_followed_and_nothing_else_is_guessed(tmp_path: Path) -> None:
    """With a map only its columns are read, under the names it gives them."""
    text = "ref,model,ok,kind\nc1,m,1,orders\n"
    [row] = read(tmp_path, text, case="ref", score__right="ok", tag__topic="kind")
    assert (row.case, row.variant, row.scores, row.tags) == ("c1", None, {"right": 1.0}, {"topic": "orders"})


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"case": "nowhere"}, "not there; the columns are 'ref', 'ok'"),
        ({"case": "ref", "judge": "ok"}, "'judge', which is no role"),
        ({"score.right": "ok"}, "no column names the case"),
    ],
)
def test_map_that_does_not_fit(columns: dict[str, str], says: str, tmp_path: Path) -> None:
    """A map that names what does not exist is refused with what does."""
    with pytest.raises(BadInput, match=says):
        open_file(write(tmp_path, "ref,ok\nc1,1\n"), columns=ColumnMap(columns))


def test_no_case_column_lists_the_columns_and_shows_the_map(tmp_path: Path) -> None:
    """Without a column that names the case nothing is guessed further."""
    with pytest.raises(BadInput, match="'colour', 'shape'") as caught:
        read(tmp_path, "colour,shape\nred,round\n")
    assert "--map case=COLUMN" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("case,passed,passed\nc1,1,0\n", "two columns are named 'passed'", 1),
        ("case,passed\n", "a header but no row", 1),
        ("case,passed\nc1,1\nc2\n", "the row has 1 cells, the header 2", 3),
        ("case,passed\nc1,1\nc2,1,1\n", "the row has 3 cells", 3),
        ("case,passed\nc1,1\n,1\n", "names no case", 3),
        ('case,output\nc1,"a\nb"\nc2,"never closed\n', "cannot be read", 4),
        ("case,repeat\nc1,1.5\n", "no repeat", 2),
        ("case,repeat\nc1,99999999999999999999\n", "no repeat", 2),
        ("case,latency_s\nc1,-1\n", "no amount", 2),
        ("case,status\nc1,shipped\n", "neither answered nor no answer", 2),
        ("case\nc\x07\n", "cannot name a case", 2),
        ("case\nc1\nc\x00\n", "NUL", 3),
    ],
)
def test_broken_tables(text: str, says: str, line: int, tmp_path: Path) -> None:
    """Each way a table can be broken is said, with the line it is on."""
    with pytest.raises(BadInput, match=says) as caught:
        read(tmp_path, text)
    assert caught.value.where.endswith(f":{line}")
    assert caught.value.remedy


def test_error_is_no_answer_and_a_refusal_is_an_answer(tmp_path: Path) -> None:
    """A row whose error is filled has no answer and no score; a refusal the model wrote is scored like any."""
    text = "case,status,error,passed\na,ok,,1\nb,,rate limit,0\nc,timeout,,\nd,refused,,0\ne,ok,None,0\n"
    rows = read(tmp_path, text)
    assert [(r.status, r.reason, (r.scores or {}).get("passed")) for r in rows] == [
        ("answered", None, 1.0),
        ("no answer", "error: rate limit", None),
        ("no answer", "timeout", None),
        ("answered", None, 0.0),
        ("answered", None, 0.0),
    ]


def test_late_error_key_in_json_lines_is_seen(tmp_path: Path) -> None:
    """A key `error` that first appears in the last of 500 objects still makes that output no answer."""
    lines = [f'{{"case":"c{i}","passed":true}}' for i in range(499)]
    rows = read(tmp_path, "\n".join([*lines, '{"case":"last","error":"down"}']), "rows.jsonl")
    assert (rows[-1].status, rows[-1].reason) == ("no answer", "error: down")


def test_repeats_from_zero_become_repeats_from_one(tmp_path: Path) -> None:
    """Trials 0, 1, 2 are repeats 1, 2, 3, also where the zero comes last."""
    rows = read(tmp_path, "case,trial\na,2\na,1\na,0\n")
    assert [row.repeat for row in rows] == [3, 2, 1]


def test_nested_json_is_read_by_path(tmp_path: Path) -> None:
    """A dotted path reaches into objects, by map or in `scores`; null is unscored and parts stay JSON."""
    line = '{"id": 7, "scores": {"tone": 0.5, "safe": null}, "meta": {"topic": "orders"}, "output": {"b": 1, "a": 2}}'
    [row] = read(tmp_path, line, "rows.jsonl")
    assert (row.case, row.scores, row.output) == ("7", {"tone": 0.5, "safe": None}, '{"a":2,"b":1}')
    [row] = read(tmp_path, line, "rows.jsonl", case="id", tag__topic="meta.topic")
    assert row.tags == {"topic": "orders"}


def test_score_with_parts_is_read_by_its_parts(tmp_path: Path) -> None:
    """Where `score` is an object each of its keys is a score, and the object itself is none."""
    [row] = read(tmp_path, '{"id": 1, "score": {"tone": 1, "safe": false}}', "rows.jsonl")
    assert row.scores == {"tone": 1.0, "safe": 0.0}


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ('{"case":"a","score":1}\n{"case":"b","score":NaN}\n', "NaN and Infinity", 2),
        ('{"case":"a","score":1}\n{"case":"b","score":0,"score":1}\n', "gives 'score' twice", 2),
        ('{"case":"a","score":1}\n[1]\n', "cannot be read", 2),
        ('{"case":"a","score":1}\n{"score":1}\n', "names no case", 2),
        ('{"case":"a","score":1}\n{"case":"b","score":[1]}\n', "no score", 2),
        ('{"case":"a","score":"\\ud800"}\n', "cannot be read", 1),
    ],
)
def test_broken_json_lines(text: str, says: str, line: int, tmp_path: Path) -> None:
    """Each way a line of JSON can be broken is said, with the line it is on."""
    with pytest.raises(BadInput, match=says) as caught:
        read(tmp_path, text, "rows.jsonl")
    assert caught.value.where.endswith(f":{line}")


def test_array_names_the_row(tmp_path: Path) -> None:
    """In an array the place of a mistake is the number of the row."""
    with pytest.raises(BadInput, match="no score") as caught:
        read(tmp_path, '[{"case":"a","score":1},\n{"case":"b","score":"?"}]', "rows.json")
    assert caught.value.where.endswith("rows.json: row 2")


def test_spreadsheet_dialects(tmp_path: Path) -> None:
    """A byte order mark, Windows line ends, semicolons and line breaks in cells are all read."""
    [row] = read(tmp_path, b'\xef\xbb\xbfcase;output\r\nc1;"one\r\ntwo"\r\n\r\n')
    assert (row.case, row.output) == ("c1", "one\r\ntwo")


@pytest.mark.parametrize("bad", [b"case\nok\n\xff\xfe\n", "case\nok\nmüll\n".encode("latin-1")])
def test_not_utf8_names_the_line(bad: bytes, tmp_path: Path) -> None:
    """Text that is not UTF-8 is refused at its line."""
    with pytest.raises(BadInput, match="not UTF-8") as caught:
        read(tmp_path, bad)
    assert caught.value.where.endswith(":3")


@pytest.mark.parametrize("name", ["x*.parquet", "x[y].parquet"])
def test_parquet_under_an_odd_name(name: str, tmp_path: Path) -> None:
    """A star or bracket in a file's name does not let in its neighbour, nor does `a=b` make a column."""
    duckdb = pytest.importorskip("duckdb")
    folder = tmp_path / "day=1"
    folder.mkdir()
    for case in ("mine", "xy"):
        query = f"SELECT '{case}' AS \"case\", 0.5 AS score, [1, 2] AS input"
        duckdb.sql(f"COPY ({query}) TO '{folder}/{case}.parquet'")
    reading = open_file((folder / "mine.parquet").rename(folder / name))
    assert rows_of(reading) == [Row(case="mine", scores={"score": 0.5}, input=[1, 2])]
    assert "day" not in " ".join(reading.header.notes)


def test_parquet_with_nan_is_refused(tmp_path: Path) -> None:
    """A NaN in a score column is refused with the number of the row."""
    duckdb = pytest.importorskip("duckdb")
    duckdb.sql(
        f"COPY (SELECT 'c' || i AS \"case\", CASE i WHEN 1 THEN 'NaN'::DOUBLE ELSE 1 END AS score FROM range(2) t(i)) TO '{tmp_path}/x.parquet'"
    )
    with pytest.raises(BadInput, match="no score") as caught:
        rows_of(open_file(tmp_path / "x.parquet"))
    assert caught.value.where.endswith("row 2")


def test_parquet_without_duckdb_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parquet is optional: without DuckDB the remedy is the extra to install."""
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(Unavailable) as caught:
        open_file(write(tmp_path, b"PAR1PAR1", "x.parquet"))
    assert caught.value.remedy == "pip install 'shipworthy[tables]'"
