"""`shipworthy export crosswalk`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from shipworthy.cli.terminal import out


def export_crosswalk(
    folder: Path = Path(),
    *,
    format: Literal["markdown", "json"] = "markdown",  # noqa: A002 - the option's name
) -> int:
    """Write which record of the launch speaks to which heading of three public frameworks.

    The functions of the NIST AI RMF, headings of the EU AI Act, clauses of ISO/IEC 42001. Not legal advice, their text was
    not checked, and it is no badge: a record that is here is a place to begin reading. Example:

        shipworthy export crosswalk my-launch

    Args:
        folder: the launch folder; here unless said.
        format: markdown for people, json for machines.
    """
    from shipworthy.services.export import export_crosswalk as written  # noqa: PLC0415 - the command is called

    out(written(folder, format))
    return 0
