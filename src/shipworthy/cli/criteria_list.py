"""`shipworthy criteria list`."""

from __future__ import annotations

import sys
from pathlib import Path

from shipworthy.cli.terminal import out, say


def criteria_list(folder: Path = Path()) -> int:
    """Print the criteria: bars, reasons, vague words, and failure modes that nothing asks about yet.

    A vague word comes with the question that makes it observable. In a question it is left alone where an example that
    passes and one that fails say what is meant. Examples:

        shipworthy criteria list my-launch

    Args:
        folder: the launch folder; here unless said.
    """
    from shipworthy.exporters.criteria_text import criteria_text  # noqa: PLC0415 - only for its output
    from shipworthy.services.read_criteria import read_criteria  # noqa: PLC0415

    found = read_criteria(folder)
    asked = [(each.criterion, each.words) for each in found.asked]
    out(criteria_text(asked, found.unasked, colour=sys.stdout.isatty()))
    if found.problems:
        say(f"{len(found.problems)} things to mend: shipworthy check {folder}")
    if found.unasked:
        say(f"next: shipworthy criteria new {folder} --mode {found.unasked[0].id}")
    return 0
