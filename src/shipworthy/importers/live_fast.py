"""Large streams through DuckDB: the same numbers as row by row, many times as fast.

Everything that is not plainly what it should be is *odd*: a cell that is no score, an id with a strange letter, a row
that is cut short. Then nothing is taken from here, and the file is read row by row, which accepts it or says what is
wrong and on which line.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from shipworthy.importers import cells
from shipworthy.importers.columns import lay_out
from shipworthy.importers.live import NO_DAY, Batch, Mixes, Wanted
from shipworthy.importers.names import MAX_NAME_CHARS
from shipworthy.importers.registry import choose
from shipworthy.importers.rows import TableImporter
from shipworthy.importers.sources import DelimitedSource

if TYPE_CHECKING:
    from shipworthy.importers.sources import Source

LARGE = 1_000_000
"""Bytes from which on it is worth while."""
LARGE_PACKED = 100_000
"""The same for Parquet, which is packed, and for which DuckDB is loaded in any case."""
SMALL = 20_000_000
"""Bytes up to which the table of numbers stays in memory."""
NUMBERS = 3_000_000
"""How many are fetched at once, of all columns together."""
FORMATS = ("csv", "tsv", "jsonl", "parquet")
_SETTINGS = {
    "threads": "2",
    "memory_limit": "200MB",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
_PLAIN_ID = "[!-~]([ -~]*[!-~])?"
_ODD = "-9.0"


class Odd(Exception):  # noqa: N818 - reads as a noun wherever it is raised
    """The file has something that only reading row by row can judge."""


def is_for(path: Path) -> bool:
    """Say whether a file is large, of a format that DuckDB reads, and DuckDB is there."""
    size = path.stat().st_size
    if size < min(LARGE, LARGE_PACKED) or path.name.endswith(".gz"):
        return False
    from importlib.util import find_spec  # noqa: PLC0415 - only large files ask

    name = choose(path).name
    return (
        find_spec("duckdb") is not None
        and name in FORMATS
        and size >= (LARGE_PACKED if name == "parquet" else LARGE)
    )


def fast_batches(path: Path, wanted: Wanted, mixes: Mixes, room: Path) -> Iterator[Batch]:
    """Yield the rows of a large file.

    Args:
        path: the file.
        wanted: what is read of it.
        mixes: the sets of tags; those of this file are added.
        room: a folder for what does not fit into memory; the caller removes it.

    Raises:
        Odd: before the first batch, if anything in the file is odd.
        BadInput: the file has no header, no row, or no id.
    """
    importer = choose(path)
    if not isinstance(importer, TableImporter):
        raise Odd
    source = importer.source(path)
    roles = lay_out(path, source.columns, wanted.columns).roles
    if importer.name == "jsonl" and any("." in name for name in roles.values()):
        raise Odd
    inner = _inner(source, roles) if importer.name == "jsonl" else []
    with _connected(room, on_disk=path.stat().st_size > SMALL) as (connection, errors):
        plain = room / f"rows.{importer.name}"
        plain.symlink_to(path.resolve())
        tags = [role for role in roles if role.startswith("tag.")]
        try:
            connection.execute(
                _table(
                    importer.name, _read(importer.name, source, roles), roles, wanted, _twice(inner, roles)
                ),
                [wanted.salt, str(plain)],
            )
            n, odd = connection.execute("SELECT count(*), count(*) FILTER (WHERE odd) FROM t").fetchone()
        except errors as error:
            raise Odd from error
        if odd or not n:
            raise Odd
        numbers = _numbers(connection, [role[4:] for role in tags], mixes)
        step = NUMBERS // (3 + len(wanted.series))
        for begin in range(0, n, step):
            yield _batch(connection, slice(begin, begin + step), numbers, wanted)


@contextmanager
def _connected(room: Path, *, on_disk: bool) -> Iterator[tuple[Any, type[Exception]]]:
    import duckdb  # noqa: PLC0415 - an optional extra, and slow to load

    place = str(room / "rows.duckdb") if on_disk else ":memory:"
    connection = duckdb.connect(place, config={**_SETTINGS, "temp_directory": str(room)})
    try:
        connection.execute("SET enable_progress_bar = false")
        yield connection, duckdb.Error
    finally:
        connection.close()


def _read(name: str, source: Source, roles: dict[str, str]) -> str:
    """Return what reads the file as text, by its format."""
    if name == "parquet":
        return "read_parquet(?, hive_partitioning=false)"
    if name == "jsonl":
        columns = ", ".join(f"{_text(column)}: 'VARCHAR'" for column in _inner(source, roles))
        return f"read_json(?, format='newline_delimited', columns={{{columns}}})"
    if not isinstance(source, DelimitedSource):
        raise Odd
    columns = ", ".join(f"{_text(column)}: 'VARCHAR'" for column in source.columns)
    return (
        f"read_csv(?, auto_detect=false, header=true, delim={_text(source.delimiter)}, quote='\"', escape='\"', "
        f"strict_mode=true, columns={{{columns}}})"
    )


def _inner(source: Source, roles: dict[str, str]) -> list[str]:
    """Return the columns of JSON lines that are read: those with a role, and those that were seen to hold objects."""
    nested = (name.partition(".")[0] for name in source.columns if "." in name)
    return list(dict.fromkeys((*roles.values(), *nested)))


def _twice(columns: list[str], roles: dict[str, str]) -> list[str]:
    """Return what says that a key may stand twice in an object: DuckDB refuses that of every column that it reads.

    So each is read. Within an inner object it would not see it: one that names a column is left to whoever reads row by row.
    """
    marks = [_text(f'"{name}"') for name in dict.fromkeys(roles.values())]
    found = []
    for column in map(_name, columns):
        named = " OR ".join(f"contains({column}, {mark})" for mark in marks)
        begins = f"starts_with({column}, '{{') OR starts_with({column}, '[')"
        found.append(f"CASE WHEN {begins} THEN {named} ELSE false END")
    return found


def _table(name: str, read: str, roles: dict[str, str], wanted: Wanted, strange: list[str]) -> str:
    """Return the statement that makes a table of numbers: id, tags, day, one value a series, and whether it is odd."""
    cell = {role: f"CAST({_name(column)} AS VARCHAR)" for role, column in roles.items()}
    tags = [role for role in roles if role.startswith("tag.")]
    case = cell["case"]
    odd = [
        *strange,
        f"{case} IS NULL OR length({case}) > {MAX_NAME_CHARS} OR NOT regexp_full_match({case}, '{_PLAIN_ID}')",
    ]
    if name in ("jsonl", "parquet"):  # a number with a fraction names a row by its whole part, or not at all
        odd.append(f"regexp_matches({case}, '^[0-9]+[.eE]')")
    silent = _silent(cell, odd)
    values = [
        *(_score(cell, names, silent) for names in wanted.scores.values()),
        *(_bound(cell, *bound, silent, mean=False) for bound in wanted.bounds.values()),
        *(_bound(cell, *bound, silent, mean=True) for bound in wanted.means.values()),
    ]
    named = [f"coalesce({cell[role]}, '')" for role in tags]
    columns = [
        f"(md5_number(? || {case}) >> 64)::UBIGINT AS h",  # the same as md5_number_lower, in a quarter of the time
        f"{f'hash({chr(44).join(named)})' if tags else '0::UBIGINT'} AS k",
        f"{_day(cell.get('time'))} AS d",
        *(f"{value} AS v{number}" for number, value in enumerate(values)),
        *(f"{text} AS s{number}" for number, text in enumerate(named)),
        f"coalesce({' OR '.join(f'({each})' for each in odd)}, true) AS strange",
    ]
    is_odd = " OR ".join(["strange", *(f"v{number} = {_ODD}" for number in range(len(values)))])
    day = f"(CASE WHEN d BETWEEN 0 AND 999999 THEN d ELSE {NO_DAY} END)::INTEGER AS d"
    # What is used twice is worked out within, once.
    within = f"SELECT {', '.join(columns)} FROM {read}"  # noqa: S608 - names and texts are quoted
    return f"CREATE TABLE t AS SELECT * EXCLUDE strange REPLACE ({day}), {is_odd} AS odd FROM ({within})"  # noqa: S608 - as above


def _silent(cell: dict[str, str], odd: list[str]) -> str:
    """Return what says that a row has no answer."""
    parts = []
    if "error" in cell:
        parts.append(f"coalesce(lower(trim({cell['error']})), '') NOT IN {_texts(cells.NO_ERROR)}")
    if "status" in cell:
        word = f"coalesce(lower(trim({cell['status']})), '')"
        parts.append(f"{word} IN {_texts(cells.NO_ANSWER)}")
        odd.append(f"{word} NOT IN {_texts([*cells.NO_ANSWER, *cells.ANSWERED, ''])}")
    return " OR ".join(f"({part})" for part in parts)


def _score(cell: dict[str, str], names: tuple[str, ...], silent: str) -> str:
    """Return what a row is worth: 0 to 1, -1 where it has no score, -2 where that is out of range, or odd."""
    found = "-1.0"
    for name in reversed(names):
        if (text := cell.get(f"score.{name}")) is None:
            continue
        word = f"lower(trim({text}))"
        number = f"TRY_CAST({word} AS DOUBLE)"
        found = (
            f"CASE WHEN {text} = '1' THEN 1.0 WHEN {text} = '0' THEN 0.0 WHEN {text} IS NULL OR {word} = '' THEN {found} "
            f"WHEN {word} IN {_texts(cells.PASS)} THEN 1.0 WHEN {word} IN {_texts(cells.FAIL)} THEN 0.0 "
            f"WHEN {number} IS NULL OR NOT isfinite({number}) OR contains({word}, '_') THEN {_ODD} "
            f"WHEN {number} BETWEEN 0 AND 1 THEN {number} ELSE -2.0 END"
        )
    return f"CASE WHEN {silent} THEN 0.0 ELSE {found} END" if silent else found


def _bound(cell: dict[str, str], measure: str, most: float, silent: str, *, mean: bool) -> str:
    """Return 1 where the measure is kept, 0 where it is not, for a mean the share that is left; -1 where unknown, or odd."""
    scales = {"latency_s": "", "latency_ms": " / 1000"} if measure == "latency_s" else {"cost_usd": ""}
    found = "-1.0"
    for role, scale in reversed(scales.items()):
        if (text := cell.get(role)) is None:
            continue
        number = f"TRY_CAST({text} AS DOUBLE)"
        kept = f"1.0::DOUBLE - {number}{scale} / {most!r}::DOUBLE" if mean else "1.0"
        found = (
            f"CASE WHEN {text} IS NULL OR {text} = '' THEN {found} WHEN contains({text}, '_') THEN {_ODD} "
            f"WHEN {number} >= 0 AND {number}{scale} <= {most!r}::DOUBLE THEN {kept} "
            f"WHEN {number} >= 0 AND isfinite({number}) THEN 0.0 ELSE {_ODD} END"
        )
    return f"CASE WHEN {silent} THEN 0.0 ELSE {found} END" if silent and measure == "latency_s" else found


def _day(text: str | None) -> str:
    """Return the days since 1970-01-01 of a time; nothing, or a number that is no day, where it cannot be read."""
    if text is None:
        return "NULL::BIGINT"
    when, seconds = f"trim({text})", f"TRY_CAST(trim({text}) AS DOUBLE)"
    clock = f"substr({when}, 12)"
    return (
        f"coalesce(CASE WHEN ends_with({text}, 'Z') THEN epoch_ms(TRY_CAST({text} AS TIMESTAMP)) // 86400000 "
        f"WHEN contains({clock}, '+') OR contains({clock}, '-') "
        f"THEN epoch_ms(TRY_CAST({when} AS TIMESTAMPTZ)) // 86400000 "
        f"ELSE epoch_ms(TRY_CAST({when} AS TIMESTAMP)) // 86400000 END, "
        f"floor(CASE WHEN {seconds} > 1e11 THEN {seconds} / 1000 ELSE {seconds} END / 86400))"
    )


def _numbers(connection: Any, tags: list[str], mixes: Mixes) -> tuple[Any, Any]:
    """Return the hashes of the sets of tags, sorted, and the number of each."""
    texts = "".join(f", any_value(s{i})" for i in range(len(tags)))
    rows = connection.execute(
        f"SELECT k, count(*){texts} FROM t GROUP BY k ORDER BY min(rowid)"  # noqa: S608 - counted names
    ).fetchall()
    found = {}
    for key, n, *values in rows:
        said = {name: value.strip() for name, value in zip(tags, values, strict=True) if value}
        found[key] = mixes.number(said, rows=n)
    keys = sorted(found)
    return np.array(keys, dtype=np.uint64), np.array([found[key] for key in keys], dtype=np.uint32)


def _batch(connection: Any, part: slice, numbers: tuple[Any, Any], wanted: Wanted) -> Batch:
    values = "".join(f", v{i}" for i in range(len(wanted.series)))
    found = connection.execute(
        f"SELECT h, k, d{values} FROM t WHERE rowid >= {part.start} AND rowid < {part.stop}"  # noqa: S608 - numbers
    ).fetchnumpy()
    return Batch(
        np.asarray(found["h"], dtype=np.uint64),
        numbers[1][np.searchsorted(numbers[0], np.asarray(found["k"], dtype=np.uint64))],
        np.asarray(found["d"], dtype=np.int32),
        {name: np.asarray(found[f"v{i}"], dtype=np.float64) for i, name in enumerate(wanted.series)},
    )


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _texts(words: Any) -> str:
    return f"({', '.join(_text(word) for word in sorted(words))})"
