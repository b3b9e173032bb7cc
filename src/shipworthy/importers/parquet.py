"""Parquet through DuckDB, an optional extra: read a few thousand rows at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shipworthy.domain.errors import BadInput, Unavailable
from shipworthy.importers.opened import MAX_TOTAL_BYTES

MAGIC = b"PAR1"
FETCH_ROWS = 4096
MAX_ROWS = 200_000_000


class ParquetSource:
    """A Parquet file: columns, and rows in the file's order."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._row = 0
        _check_magic(path)
        self._duckdb = _load()
        with self._connected() as (connection, plain):
            found = connection.execute(
                "DESCRIBE SELECT * FROM read_parquet(?, hive_partitioning=false)", [plain]
            )
            self.columns = tuple(str(row[0]) for row in found.fetchall())
            n_bytes, n_rows = (int(connection.execute(query, [plain]).fetchone()[0]) for query in _SIZES)
        self._check(n_bytes, n_rows)

    def _check(self, n_bytes: int, n_rows: int) -> None:
        if n_bytes > MAX_TOTAL_BYTES or n_rows > MAX_ROWS:
            raise BadInput(
                f"the file says it holds {n_bytes:,} bytes in {n_rows:,} rows",
                where=f"{self._path}:1",
                remedy="split it; at most 2 GB are read at once",
            )
        if n_rows == 0:
            raise BadInput(
                "there is no row", where=f"{self._path}:1", remedy="export it again; nothing was read"
            )

    def cells(self, wanted: Sequence[str]) -> Iterator[Sequence[Any]]:
        """Yield the wanted cells of each row; only those columns are read."""
        self._row = 0
        names = ", ".join('"' + name.replace('"', '""') + '"' for name in wanted)
        with self._connected() as (connection, plain):
            query = f"SELECT {names}, NULL FROM read_parquet(?, hive_partitioning=false)"  # noqa: S608 - names are quoted
            found = connection.execute(query, [plain])
            while batch := found.fetchmany(FETCH_ROWS):
                for cells in batch:
                    self._row += 1
                    yield cells

    def where(self) -> str:
        """Return file and number of the row last read."""
        return f"{self._path}: row {self._row}"

    @contextmanager
    def _connected(self) -> Iterator[tuple[Any, str]]:
        """Yield one connection and a name for the file; what DuckDB throws is said in our words."""
        # DuckDB reads `*`, `?` and `[` in a name as a pattern: it sees the file under a plain name.
        with tempfile.TemporaryDirectory() as folder:
            plain = Path(folder) / "rows.parquet"
            plain.symlink_to(self._path.resolve())
            connection = self._duckdb.connect(":memory:", config=_QUIET)
            try:
                connection.execute("SET enable_progress_bar = false")
                yield connection, str(plain)
            except self._duckdb.Error as error:
                raise BadInput(
                    f"the Parquet file is damaged: {str(error).splitlines()[0][:200]}",
                    where=f"{self._path}:1",
                    remedy="export it again; nothing of it is kept",
                ) from error
            finally:
                connection.close()


_SIZES = (
    "SELECT coalesce(sum(total_uncompressed_size), 0) FROM parquet_metadata(?)",
    "SELECT coalesce(sum(num_rows), 0) FROM parquet_file_metadata(?)",
)
_QUIET = {
    "threads": "1",
    "memory_limit": "1GB",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def _load() -> Any:
    try:
        import duckdb  # noqa: PLC0415 - an optional extra, and slow to load
    except ImportError as error:
        raise Unavailable(
            "Parquet needs DuckDB, which is not installed", remedy="pip install 'shipworthy[tables]'"
        ) from error
    return duckdb


def _check_magic(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(max(0, path.stat().st_size - 4))
        end = file.read(4)
    if start != MAGIC or end != MAGIC:
        cut = "is cut short" if start == MAGIC else "is not Parquet, whatever it is called"
        raise BadInput(
            f"the file {cut}", where=f"{path}:1", remedy="export it again, or name its format with --format"
        )
