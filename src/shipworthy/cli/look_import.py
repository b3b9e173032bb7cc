"""`shipworthy look import`."""

from __future__ import annotations

from pathlib import Path

from shipworthy.cli.terminal import out


def look_import(folder: Path, file: Path) -> int:
    """Bring labels in, a JSON object a line, with `case`, `reviewer` and `state` (pass, fail or defer).

    Also `repeat`, `variant`, `criterion`, `note`, `modes`, `step`. The same file again brings nothing new; a file that
    contradicts what the same person said here is refused whole. Example:

        shipworthy look import my-launch labels.jsonl

    Args:
        folder: the launch folder.
        file: the file of labels.
    """
    from shipworthy.services.carry_labels import import_labels  # noqa: PLC0415 - one command is called
    from shipworthy.services.desk import desk_at  # noqa: PLC0415

    with desk_at(folder) as desk:
        found = import_labels(desk, file)
    out(f"{found.labels:,} labels brought in")
    if found.known:
        out(f"{found.known:,} were there already")
    return 0
