"""Recorded choices of judges on pairs, from a table: which judge follows the order of the outputs."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shipworthy.domain.errors import BadInput, Unavailable
from shipworthy.services.judge_pairs import TURNED, Paired
from shipworthy.statistics.position_bias import LIMIT, BothOrders

MOST_BYTES = 64 * 1024 * 1024
SIDES = {"1": "first", "2": "second", "first": "first", "second": "second", "tie": "tie"}


def pairs_recorded(file: Path, *, by: tuple[str, ...] = (), limit: float = LIMIT) -> list[Paired]:
    """Return what a table of recorded choices shows of each judge in it.

    Args:
        file: a CSV, gzipped or not, one row a pair, with the better output (1, 2, tie, or empty) in each order under
            `winner_order_ab` and `winner_order_ba`.
        by: columns that tell judges apart.
        limit: the flip rate that is allowed.

    Raises:
        BadInput: the file is no such table.
    """
    found: defaultdict[str, Counter[Any]] = defaultdict(Counter)
    for row in _table(file, by):
        ab, ba = (_side(file, row[f"winner_order_{order}"]) for order in ("ab", "ba"))
        found[" ".join(row[column] for column in by) or "judge"][ab, TURNED.get(ba or "")] += 1
    if not found:
        raise BadInput("the file has no pairs", where=str(file), remedy="one row a pair below the head")
    made = {name: BothOrders.from_choices(counts) for name, counts in found.items()}
    return [Paired(name, both, both.admission(limit=limit)) for name, both in sorted(made.items())]


def _table(file: Path, by: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Yield the rows of the table; a file that is none is refused."""
    try:
        with file.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            data = (gzip.GzipFile(fileobj=raw) if packed else raw).read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise BadInput("there is no such file", where=str(file), remedy="check the path") from error
    except (gzip.BadGzipFile, EOFError) as error:
        raise BadInput("the file is damaged", where=str(file), remedy="pack it again") from error
    except OSError as error:
        raise Unavailable(f"the file cannot be read: {error.strerror}", where=str(file)) from error
    if len(data) > MOST_BYTES:
        raise BadInput(f"the file has more than {MOST_BYTES:,} bytes", where=str(file), remedy="split it")
    try:
        table = csv.DictReader(io.StringIO(data.decode("utf-8-sig")), strict=True)
        head = table.fieldnames or []
        for column in ("winner_order_ab", "winner_order_ba", *by):
            if column not in head:
                raise BadInput(
                    f"the file has no column `{column}`",
                    where=str(file),
                    remedy=f"its columns are {', '.join(head)[:300]}",
                )
        yield from ({key: value or "" for key, value in row.items() if key} for row in table)
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(
            f"the file is no CSV table: {error}", where=str(file), remedy="save it as UTF-8 CSV"
        ) from error


def _side(file: Path, value: str) -> str | None:
    """Return which output won: the first, the second, a tie; None where nothing could be read."""
    text = value.strip().lower()
    if text and text not in SIDES:
        raise BadInput(
            f"`{value[:40]}` is no choice",
            where=str(file),
            remedy="write 1 or 2 for the better output, tie, or nothing where there was no answer",
        )
    return SIDES.get(text)
