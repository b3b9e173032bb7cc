"""What every importer promises, and the values it hands over.

An importer reads one file of one format and yields rows in the file's order, a batch at a time,
without holding the file in memory where the format allows it. It never decides anything: it does
not drop a failed row, count a repeat as a case, or trust an aggregate of the file. What it cannot
use it counts under a reason. A file that cannot be read at all raises `BadInput` before or while
rows are read; the caller then leaves nothing behind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec

MAX_LINE_BYTES = 64 * 1024 * 1024
"""The longest line, member or value an importer reads; a longer one is refused, not loaded."""


class Row(msgspec.Struct, kw_only=True, gc=False):
    """One output as another tool recorded it: one variant, one case, one repeat."""

    case: str
    variant: str | None = None
    repeat: int | None = None
    """1-based; None when the file does not say: the ledger then numbers repeats in file order."""
    input: Any = None
    expected: Any = None
    group: str | None = None
    tags: dict[str, str] | None = None
    status: Literal["answered", "no answer"] = "answered"
    reason: str | None = None
    """Why there is no answer ("error: …", "timeout", "cut off: …", "blocked by the provider")."""
    output: str | None = None
    scores: dict[str, float | None] | None = None
    """Score name to value (pass 1.0, fail 0.0, or graded); None is unscored."""
    explanations: dict[str, str] | None = None
    """Score name to the scorer's words, or to the reason it is unscored."""
    latency_s: float | None = None
    cost_usd: float | None = None
    time: str | None = None
    """When it was, as the file says it; read of streams only."""
    steps: str | None = None
    """Turns and tool calls as a JSON list, where there was more than one step."""


@dataclass(frozen=True)
class Header:
    """What the file says about itself. Nothing in it is believed: it is shown, and checked against rows."""

    format: str
    tool: str = ""
    created: str = ""
    variant: str | None = None
    planned_cases: tuple[str, ...] | None = None
    """Ids of the cases the file was meant to cover, when it says so."""
    repeats: int | None = None
    headline: dict[str, float] = field(default_factory=dict)
    """Score name to the mean the file itself reports."""
    notes: tuple[str, ...] = ()
    """Sentences for the receipt: latencies include queueing, duplicate members, …"""


@dataclass(frozen=True)
class ColumnMap:
    """Which column (dotted path for nested JSON) holds what; saved with the launch as `maps/NAME.yaml`.

    `columns` keys: case, variant, repeat, input, expected, group, output, status, error, latency_s,
    latency_ms, cost_usd, time (of streams), `score.NAME`, `tag.NAME`. A row whose `error` column is filled is *no answer*.
    """

    columns: dict[str, str]
    """Empty: guess from well-known names."""
    tags: tuple[str, ...] = ()
    """Tags that the launch's slices use: a column of that name is read as the tag when columns are guessed."""
    scores: tuple[str, ...] = ()
    """Scores that the launch's criteria read: a column of that name is read as the score when columns are guessed."""
    stream: bool = False
    """A stream of live outputs: a column with the time is read, and the id of an output names its row."""


class Reading(Protocol):
    """An opened file: its header, then its rows, then what was left out."""

    @property
    def header(self) -> Header:
        """What the file says about itself (known before the first row)."""
        ...

    @property
    def dropped(self) -> Counter[str]:
        """Reason to number of rows left out; complete once `batches` is exhausted."""
        ...

    def batches(self) -> Iterator[list[Row]]:
        """Yield rows in file order, at most a few thousand at a time."""
        ...


class Importer(Protocol):
    """Reads one format."""

    name: str
    description: str
    """One line for `--help` and the reference: what it reads."""

    def recognises(self, path: Path, head: bytes) -> bool:
        """Say whether the file looks like this format; `head` is its first 4 KiB after gunzip."""
        ...

    def open(self, path: Path, *, columns: ColumnMap | None, partial: bool) -> Reading:
        """Open the file.

        Args:
            path: an existing file; `.gz` is read through gzip.
            columns: the column map, or None to guess from well-known names.
            partial: accept a run its own tool marked as unfinished.

        Raises:
            BadInput: the file is empty, damaged, hostile or not of this format.
        """
        ...
