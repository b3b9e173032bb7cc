"""Evidence as JSON, line by line: one case, one event and one output a line, so that millions of them stream."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

FORMAT = "shipworthy evidence 1"


def evidence_lines(
    head: Mapping[str, object],
    *,
    journal: Iterable[Mapping[str, object]],
    cases: Iterable[list[Any]],
    outputs: Iterable[list[Any]],
) -> Iterator[str]:
    """Yield the lines of an export; together they are one JSON object, and its outputs come last.

    Args:
        head: what is small: plan, verdict, memo, decisions, cells, columns.
        journal: its events.
        cases: the sealed cases.
        outputs: what came of each output.
    """
    yield f'{{"format": {_text(FORMAT)},\n'
    for name, value in head.items():
        yield f"{_text(name)}: {_text(value)},\n"
    for name, rows in (("journal", journal), ("cases", cases)):
        yield from _list(name, rows)
        yield ",\n"
    yield from _list("outputs", outputs)
    yield "\n}\n"


def _list(name: str, rows: Iterable[Any]) -> Iterator[str]:
    yield f"{_text(name)}: [\n"
    comma = ""
    for row in rows:
        yield f"{comma}{_text(row)}"
        comma = ",\n"
    yield "\n]"


def _text(value: object) -> str:
    """Return a value on one line; text in ASCII with escapes, so that no name in it can disturb a terminal."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False)
