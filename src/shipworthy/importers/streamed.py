"""A reading made of a header and a function that starts the rows from the beginning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from shipworthy.importers.interface import Header, Row

BATCH_ROWS = 4096


@dataclass
class Streamed:
    """An opened file whose rows are made as they are asked for."""

    header: Header
    rows: Callable[[Counter[str]], Iterator[Row]]
    """Starts the rows; is handed the counter of what is left out."""
    dropped: Counter[str] = field(default_factory=Counter)

    def batches(self) -> Iterator[list[Row]]:
        """Yield rows in file order, at most 4,096 at a time."""
        self.dropped.clear()
        rows = self.rows(self.dropped)
        while batch := list(islice(rows, BATCH_ROWS)):
            yield batch
