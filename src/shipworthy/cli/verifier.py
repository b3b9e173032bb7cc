"""`shipworthy verifier`."""

from __future__ import annotations

from pathlib import Path

from shipworthy.cli.terminal import out
from shipworthy.services.hand_out import hand_out


def verifier(*, to: Path = Path("verifier.py")) -> int:
    """Hand out the program that checks an export of evidence: one file that needs Python and nothing else.

    It shares no code with Shipworthy. Read it, or give it to somebody who does, and run it where you like. Examples:

        shipworthy verifier
        shipworthy verifier --to checks/verifier.py
        python verifier.py evidence.json --head 3f1c…

    Args:
        to: the file to write; it must not exist.
    """
    out(f"{to}: sha256 {hand_out(to)}")
    return 0
