"""`shipworthy export model-card`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from shipworthy.cli.terminal import out


def export_model_card(
    folder: Path = Path(),
    *,
    format: Literal["markdown", "json"] = "markdown",  # noqa: A002 - the option's name
) -> int:
    """Write the model card: intended and excluded use, data, results by slice in counts, limits, contact.

    From the brief, the failure modes and the verdict as it may be known: a rehearsal says that it is one, and while sealed
    cases were not looked at there are no results. What nobody wrote down is said. Example:

        shipworthy export model-card my-launch > model-card.md

    Args:
        folder: the launch folder; here unless said.
        format: markdown for people, json for machines.
    """
    from shipworthy.services.export import export_model_card as written  # noqa: PLC0415 - the command is called

    out(written(folder, format))
    return 0
