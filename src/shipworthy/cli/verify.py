"""`shipworthy verify`."""

from __future__ import annotations

from pathlib import Path

from shipworthy.cli.terminal import out, say
from shipworthy.domain.verdict import ExitCode
from shipworthy.services.verify import verify as verify_ledger


def verify(folder: Path = Path(), *, head: str = "") -> int:
    """Check the ledger and the decisions: seals, digests, signatures, and the memo that each was signed over.

    A chain that was cut and sealed anew from there on is only seen against a head that somebody kept elsewhere: give it
    with --head. Exit code 3 when something does not fit. Examples:

        shipworthy verify my-launch
        shipworthy verify my-launch --head 3f1c…

    Args:
        folder: the launch folder; here unless said.
        head: a journal head that was kept, as a memo or `sign` printed it.
    """
    found = verify_ledger(folder, head=head)
    for fault in found.faults:
        out(f"does not fit: {fault}")
    if found.faults:
        return ExitCode.PROBLEMS
    labels = f", {found.labels} labels" if found.labels else ""
    out(
        f"whole: {found.events} events, {found.runs} runs, {found.series} check series{labels}; "
        f"journal head {found.head}"
    )
    if found.decisions:
        noun = "decision" if found.decisions == 1 else "decisions"
        out(
            f"{found.decisions} signed {noun}, by key {', '.join(found.keys)}; whose key it is only its owner can say"
        )
    if not head:
        say(
            "not seen without a kept head: events that were cut off the end, or a ledger that was made anew (--head)"
        )
    return 0
