"""`shipworthy look export`."""

from __future__ import annotations

from pathlib import Path

from shipworthy.cli.terminal import out


def look_export(folder: Path, file: Path, *, criterion: str | None = None) -> int:
    """Write the labels that hold, a JSON object a line; those of sealed outputs stay.

    A file of sealed labels could be summed up, and nothing sealed is summed up before a look. Example:
        shipworthy look export my-launch labels.jsonl

    Args:
        folder: the launch folder.
        file: the file to write; it must not exist.
        criterion: only labels under this criterion; all unless said.
    """
    from shipworthy.services.carry_labels import export_labels  # noqa: PLC0415 - one command is called
    from shipworthy.services.desk import desk_at  # noqa: PLC0415

    with desk_at(folder) as desk:
        made = export_labels(desk, file, criterion=criterion)
    out(f"{made.labels:,} labels: {made.path}")
    if made.sealed:
        out(f"{made.sealed:,} on sealed outputs stay here")
    return 0
