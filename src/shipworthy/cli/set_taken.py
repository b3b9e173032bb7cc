"""What is said when a worksheet is taken."""

from __future__ import annotations

from pathlib import Path

from shipworthy.cli.terminal import out, say
from shipworthy.services.set_take import take


def bring_in(folder: Path, worksheet: Path) -> int:
    """Take a worksheet, and say what came of it."""
    taken = take(folder, worksheet)
    out(f"{taken.cases:,} cases written to {taken.path}; {taken.empty:,} rows are still empty")
    if taken.grouped:
        out(f"{taken.grouped:,} cases were given a group, so that what comes from them stands with them")
    say(f"next: shipworthy set doctor {folder}")
    return 0
