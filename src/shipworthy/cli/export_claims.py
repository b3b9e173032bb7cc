"""`shipworthy export claims`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from shipworthy.cli.terminal import out


def export_claims(
    folder: Path = Path(),
    *,
    format: Literal["markdown", "json"] = "markdown",  # noqa: A002 - the option's name
) -> int:
    """Write the argument as a tree: claims, strategy, evidence, assumptions, what speaks against them, gaps.

    Every criterion is a claim, slice by slice. Counter-arguments are yours, under `argument:` in launch.yaml; where you
    wrote none, the hardest open challenge stands for it. What is undeveloped is marked and counted. Example:

        shipworthy export claims my-launch > argument.md

    Args:
        folder: the launch folder; here unless said.
        format: markdown for people, json for machines.
    """
    from shipworthy.services.export import export_claims as written  # noqa: PLC0415 - the command is called

    out(written(folder, format))
    return 0
