"""`shipworthy export-evidence`."""

from __future__ import annotations

import sys
from pathlib import Path

from shipworthy.cli.terminal import out, say
from shipworthy.services.export_evidence import export_evidence as export
from shipworthy.services.export_evidence import export_to


def export_evidence(folder: Path = Path(), *, to: Path | None = None, variant: str | None = None) -> int:
    """Write out what a verdict rests on, as one JSON file that anybody can check with `shipworthy verifier`.

    The plan as it was locked, every sealed output as it was scored, the journal, the looks, signed decisions, the verdict
    and the memo. No inputs and no answers are in it; ids of cases, tags, scores, times and costs are. It is refused before a
    look, when all of this is sealed. Examples:

        shipworthy export-evidence my-launch --to evidence.json
        shipworthy export-evidence my-launch > evidence.json

    Args:
        folder: the launch folder; here unless said.
        to: the file; the output of the command unless said.
        variant: another variant than the plan's candidate, once it was looked at.
    """
    if to is None:
        done = export(folder, sys.stdout.write, variant=variant)
    else:
        done = export_to(folder, to, variant=variant)
        out(f"{to}: {done.outputs:,} outputs, journal head {done.head}")
    if not done.memo:
        say("no memo was written as JSON: the export has the one that `shipworthy memo` would write now")
    say(
        f"sha256 {done.sha}; check it elsewhere: python verifier.py {to or 'evidence.json'} --head {done.head}"
    )
    return 0
