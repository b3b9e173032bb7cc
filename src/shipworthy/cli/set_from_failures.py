"""`shipworthy set from-failures`."""

from __future__ import annotations

from pathlib import Path

from shipworthy.cli.terminal import out, say
from shipworthy.domain.errors import Misused


def set_from_failures(
    folder: Path = Path(),
    *,
    variant: str | None = None,
    criterion: str | None = None,
    parts: str = "explore,tune",
    take: Path | None = None,
) -> int:
    """Make fresh cases to write from what failed, on open parts alone.

    Writes a worksheet in evalset/todo/: for each case that failed its input, the output, the explanation, the failure
    modes, and an empty case to fill in. That case stands in the group and part of the one it comes from, and says so in
    `source`. `--take` brings the filled-in ones into the eval set. Sealed parts are refused. Examples:

        shipworthy set from-failures my-launch --variant new
        shipworthy set from-failures my-launch --variant new --criterion right_answer --parts explore
        shipworthy set from-failures my-launch --take my-launch/evalset/todo/from-failures-new.jsonl

    Args:
        folder: the launch folder; here unless said.
        variant: whose failures.
        criterion: failures of this criterion alone.
        parts: open parts, with commas: explore, tune or both.
        take: a worksheet with inputs filled in, to be brought in.
    """
    if take is not None:
        from shipworthy.cli.set_taken import bring_in  # noqa: PLC0415 - only when a worksheet is taken

        return bring_in(folder, take)
    if variant is None:
        raise Misused("nobody said whose failures", where="--variant", remedy="write --variant NAME")
    from shipworthy.services.set_from_failures import from_failures  # noqa: PLC0415 - the one called

    named = [part.strip() for part in parts.split(",") if part.strip()]
    made = from_failures(folder, variant, criterion=criterion, parts=named)
    for name, number in made.cases.items():
        out(f"{name}: {number:,} open cases failed")
    if made.there:
        out(f"{made.there:,} have fresh cases already")
    if made.path is None:
        out("nothing to write")
        return 0
    out(f"{made.rows:,} cases to write: {made.path}")
    say(
        f"next: fill in `input` and `expected` under `new`, then shipworthy set from-failures {folder} --take {made.path}"
    )
    return 0
