"""The receipt of an import: what became of every row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from shipworthy.importers.interface import Header, Row


@dataclass
class Receipt:
    """What an import did, row by row accounted for: read = kept + known + dropped."""

    file: str
    sha: str
    format: str = ""
    header: Header = field(default_factory=lambda: Header(""))
    read: int = 0
    kept: int = 0
    known: int = 0
    """Rows that an interrupted import had written already."""
    later_attempts: int = 0
    no_answer: Counter[str] = field(default_factory=Counter)
    unscored: int = 0
    n_cases: int = 0
    repeats: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    variants: Counter[str] = field(default_factory=Counter)
    sums: dict[str, tuple[float, int]] = field(default_factory=dict)
    """Score name to the sum and number of values, to set beside the file's own headline; never shown of sealed cases."""
    sealed: int = 0
    """Outputs of holdout cases: they are in, and nothing is said about how they went before a look."""
    new_cases: int = 0
    nothing_new: bool = False
    dry_run: bool = False
    notes: list[str] = field(default_factory=list)

    def account(self, shown: list[Row]) -> None:
        """Count the reasons for no answer and the scores of those rows that may be shown.

        What was dropped, or is sealed, or belongs to no case yet, may be a holdout: how it went is not shown.
        """
        for row in shown:
            if row.status != "answered":
                self.no_answer[(row.reason or "no answer").split(":")[0]] += 1
            elif row.scores:
                for name, value in row.scores.items():
                    if value is None:
                        self.unscored += 1
                    else:
                        total, n = self.sums.get(name, (0.0, 0))
                        self.sums[name] = (total + value, n + 1)
