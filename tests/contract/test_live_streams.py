"""Large streams are read by DuckDB, small ones row by row: both must say the same of every row."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shipworthy.domain.errors import BadInput
from shipworthy.importers import live_fast
from shipworthy.importers.interface import ColumnMap
from shipworthy.importers.live import Batch, Mixes, Wanted, row_batches
from shipworthy.importers.live_fast import Odd, fast_batches

duckdb = pytest.importorskip("duckdb", reason="the optional extra `tables` is not installed")
COLUMNS = ColumnMap({}, ("topic", "lang"), ("passed", "other"), stream=True)
WANTED = Wanted(
    COLUMNS,
    "salt",
    {"right": ("passed", "other"), "kind": ("other",)},
    {"latency_s<=3.0": ("latency_s", 3.0), "cost_usd<=0.5": ("cost_usd", 0.5)},
)
SCORES = ["1", "0", "", "true", "Fail", "YES", "0.25", "1.0", "7", "-3", " 1 "]
TIMES = [
    "2026-03-01T10:00:00Z", "2026-03-01", "2026-03-01 23:59:59.5", "2026-03-01T00:30:00+02:00", "1790000000",
    "1790000000123", "yesterday", "", "2026-02-30", "3026-01-01",
]  # fmt: skip


def made_up(n: int, seed: int) -> list[dict[str, str]]:
    """Return rows with everything that a stream may hold and still be read."""
    rng = random.Random(seed)
    return [
        {
            "id": f"o{rng.randrange(n)}",
            "time": rng.choice(TIMES),
            "topic": rng.choice(["a", "b", "", "x'y", 'quo"te', "ünï", " padded "]),
            "lang": rng.choice(["en", "es"]),
            "passed": rng.choice(SCORES),
            "other": rng.choice(SCORES),
            "latency_s": rng.choice(["", "0.5", "3", "3.0000001", "1e1"]),
            "latency_ms": rng.choice(["", "2999", "3001"]),
            "cost_usd": rng.choice(["", "0.5", "0.51", "0"]),
            "status": rng.choice(["", "answered", "timeout", "error"]),
            "error": rng.choice(["", "", "none", "boom"]),
        }
        for _ in range(n)
    ]


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows in the format that the file's name says."""
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps({k: v for k, v in row.items() if v != ""}) + "\n" for row in rows))
        return path
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    sep = "\t" if path.suffix == ".tsv" else ","
    quoted = (
        sep.join('"' + cell.replace('"', '""') + '"' if '"' in cell else cell for cell in line)
        for line in lines
    )
    path.write_text("".join(f"{line}\n" for line in quoted))
    if path.suffix == ".parquet":
        made = duckdb.sql(f"SELECT * FROM read_csv('{path}', all_varchar=true, header=true)")
        text = made.fetchall(), made.columns
        path.unlink()
        assert text[0]
        duckdb.sql(
            f"SELECT * FROM (VALUES {', '.join(map(str, text[0]))}) t({', '.join(text[1])})"
        ).write_parquet(str(path))
    return path


def columns(batches: list[Batch], mixes: Mixes) -> dict[str, Any]:
    """Return what was read, with the tags themselves instead of their numbers."""
    tags = {number: said for said, number in mixes.known.items()}
    return {
        "ids": np.concatenate([each.ids for each in batches]).tolist(),
        "tags": [tags[number] for each in batches for number in each.mixes.tolist()],
        "days": np.concatenate([each.days for each in batches]).tolist(),
    } | {name: np.concatenate([each.values[name] for each in batches]).tolist() for name in WANTED.series}


def fast(path: Path, room: Path) -> dict[str, Any]:
    """Read a file through DuckDB."""
    mixes = Mixes()
    room.mkdir(exist_ok=True)
    return columns(list(fast_batches(path, WANTED, mixes, room)), mixes)


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl"])
def test_both_ways_say_the_same(tmp_path: Path, suffix: str) -> None:
    """Three thousand rows with words, numbers, gaps, late errors, odd tags and times of every form."""
    path = written(tmp_path / f"live.{suffix}", made_up(3000, 1))
    mixes = Mixes()
    slow = columns(list(row_batches(path, WANTED, mixes)), mixes)
    quick = fast(path, tmp_path / "room")

    assert {name: values for name, values in quick.items() if values != slow[name]} == {}
    assert len(set(slow["right"])) >= 5


def test_parquet_with_types_of_its_own_says_the_same(tmp_path: Path) -> None:
    """Whole numbers, truth values, decimals and times with their own types."""
    path = tmp_path / "live.parquet"
    duckdb.sql(
        "SELECT i AS id, i % 3 = 0 AS passed, (i % 7) / 7.0 AS other, TIMESTAMP '2026-01-01' + INTERVAL 1 HOUR * i AS time, "
        "(i % 5)::DECIMAL(5, 2) AS latency_s, 'ab'[1 + (i % 2)::INTEGER] AS topic FROM range(2000) t(i)"
    ).write_parquet(str(path))
    mixes = Mixes()
    assert fast(path, tmp_path / "room") == columns(list(row_batches(path, WANTED, mixes)), mixes)


ODD = {
    "no id": {"id": ""},
    "an id with a letter from elsewhere": {"id": "ö1"},
    "an id in blanks": {"id": " o1 "},
    "a score that is no score": {"passed": "maybe"},
    "a score with an underscore": {"passed": "1_0"},
    "a score without end": {"passed": "inf"},
    "a negative latency": {"latency_s": "-1"},
    "a cost with an underscore": {"cost_usd": "1_0"},
    "a status that says neither": {"status": "who knows"},
}


@pytest.mark.parametrize("change", ODD.values(), ids=ODD)
@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_one_odd_cell_is_left_to_whoever_reads_row_by_row(
    tmp_path: Path, suffix: str, change: dict[str, str]
) -> None:
    """Nothing is taken of a file with a cell that is not plainly what it should be."""
    rows = [{**row, "status": "", "error": ""} for row in made_up(50, 2)]
    rows[30] |= change
    path = written(tmp_path / f"live.{suffix}", rows)
    with pytest.raises(Odd):
        fast(path, tmp_path / "room")


def test_a_row_that_is_cut_short_is_odd_and_then_refused_with_its_line(tmp_path: Path) -> None:
    """The fast way stops, and the slow one names the line."""
    path = written(tmp_path / "live.csv", made_up(50, 3))
    path.write_text(path.read_text() + "o99,2026-03-01,a")
    with pytest.raises(Odd):
        fast(path, tmp_path / "room")
    with pytest.raises(BadInput) as refused:
        list(row_batches(path, WANTED, Mixes()))
    assert refused.value.where.endswith("live.csv:52")


def test_a_file_may_have_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with stars, brackets, quotes and a statement in it is a name."""
    monkeypatch.setattr(live_fast, "LARGE", 1)
    path = written(tmp_path / "li*ve[1]'; DROP TABLE t; --.csv", made_up(50, 4))
    assert live_fast.is_for(path)
    assert len(fast(path, tmp_path / "room")["ids"]) == 50


def test_a_few_thousand_rows_of_parquet_are_worth_the_fast_way(tmp_path: Path) -> None:
    """Parquet is packed, and DuckDB is loaded for it in any case: a tenth of the bytes is enough."""
    path = tmp_path / "day.parquet"
    duckdb.sql("SELECT md5(i::VARCHAR) AS id, 1 AS passed FROM range(10000) t(i)").write_parquet(str(path))
    assert path.stat().st_size < live_fast.LARGE
    assert live_fast.is_for(path)


PLAIN = '{"id": "o1", "time": "2026-03-01T10:00:00Z", "topic": "a", "passed": 1, "output": "text", "meta": {"by": "x"}}\n'
TWICE = {
    "a key that is counted": '{"id": "o2", "topic": "a", "passed": 1, "passed": 0}',
    "a key that nothing is counted of": '{"id": "o2", "passed": 1, "output": "a", "output": "b"}',
    "with a blank before the colon": '{"id": "o2", "passed" : 1, "passed": 0}',
    "with more blanks before the colon": '{"id": "o2", "passed"  : 1, "passed": 0}',
    "once without a value": '{"id": "o2", "passed": null, "passed": 0}',
    "once written with an escape": '{"id": "o2", "passed": 1, "pass\\u0065d": 0}',
    "within another object": '{"id": "o2", "passed": 1, "meta": {"topic": "a", "topic": "b"}}',
    "within an output": '{"id": "o2", "passed": 1, "output": [{"id": 1, "id": 2}]}',
}


@pytest.mark.parametrize("line", TWICE.values(), ids=TWICE)
def test_a_key_that_stands_twice_is_refused_both_ways(tmp_path: Path, line: str) -> None:
    """Readers disagree on which of the two counts: the fast way stops, the slow one names the line."""
    path = tmp_path / "live.jsonl"
    path.write_text(PLAIN * 3 + line + "\n" + PLAIN)
    with pytest.raises(Odd):
        fast(path, tmp_path / "room")
    with pytest.raises(BadInput, match="twice") as refused:
        list(row_batches(path, WANTED, Mixes()))
    assert refused.value.where.endswith("live.jsonl:4")


NOT_TWICE = {
    "a text that speaks of keys": '{"id": "o2", "passed": 1, "output": "say \\"id\\": 1, \\"id\\": 2"}',
    "an object within": '{"id": "o2", "passed": 1, "meta": {"by": "y", "at": "z"}}',
    "a list within": '{"id": "o2", "passed": 1, "output": [{"role": "user"}, {"role": "bot"}]}',
    "an escape in a text": '{"id": "o2", "passed": 1, "output": "caf\\u00e9: \\"x\\": 1"}',
}


@pytest.mark.parametrize("line", NOT_TWICE.values(), ids=NOT_TWICE)
def test_what_only_looks_like_a_key_twice_is_read_both_ways(tmp_path: Path, line: str) -> None:
    """Texts that quote JSON, and objects within objects, are no reason to stop."""
    path = tmp_path / "live.jsonl"
    path.write_text(PLAIN * 3 + line + "\n" + PLAIN)
    mixes = Mixes()
    assert fast(path, tmp_path / "room") == columns(list(row_batches(path, WANTED, mixes)), mixes)
