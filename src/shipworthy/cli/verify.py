"""`shipworthy verify`."""

from __future__ import annotations

from pathlib import Path

from shipworthy.cli.terminal import out
from shipworthy.domain.verdict import ExitCode
from shipworthy.services.verify import verify as verify_ledger


def verify(folder: Path = Path()) -> int:
    """Check the ledger: every event carries the seal of its content, every digest follows from the rows.

    Exit code 3 when something does not fit. Example:

        shipworthy verify my-launch

    Args:
        folder: the launch folder; here unless said.
    """
    found = verify_ledger(folder)
    for fault in found.faults:
        out(f"does not fit: {fault}")
    if found.faults:
        return ExitCode.PROBLEMS
    labels = f", {found.labels} labels" if found.labels else ""
    out(
        f"whole: {found.events} events, {found.runs} runs, {found.series} check series{labels}; "
        f"journal head {found.head}"
    )
    return 0
