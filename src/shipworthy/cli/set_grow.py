"""`shipworthy set grow`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say


def set_grow(
    folder: Path = Path(),
    *,
    write: Annotated[bool, Parameter(negative="")] = False,
    take: Path | None = None,
) -> int:
    """Say which slice needs how many more groups and cases, and at what price, by the sizes of `plan`.

    What changes the verdict most comes first: the share of the traffic times the chance that is won. `--write` makes
    worksheets of empty cases in evalset/todo/, which nothing reads as cases; fill in `input`, and `--take` brings
    them into the eval set. They explore until `set split` gives them a part. Examples:

        shipworthy set grow my-launch
        shipworthy set grow my-launch --write
        shipworthy set grow my-launch --take my-launch/evalset/todo/grow-all.jsonl

    Args:
        folder: the launch folder; here unless said.
        write: write a worksheet for each slice that needs cases.
        take: a worksheet with inputs filled in, to be brought in.
    """
    if take is not None:
        from shipworthy.cli.set_taken import bring_in  # noqa: PLC0415 - only when a worksheet is taken

        return bring_in(folder, take)
    from shipworthy.exporters.set_text import grow_text  # noqa: PLC0415 - only for its output
    from shipworthy.services.set_grow import grow  # noqa: PLC0415

    found = grow(folder, write=write)
    out(
        grow_text(
            found.needs, found.bill, currency=found.currency, locked=found.locked, written=found.written
        )
    )
    if found.written:
        say(f"next: fill in `input`, then shipworthy set grow {folder} --take {found.written[0][0]}")
    elif any(need.more for need in found.needs):
        say(f"next: shipworthy set grow {folder} --write, or claim less in criteria.yaml")
    return 0
