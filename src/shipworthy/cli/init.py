"""`shipworthy init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say
from shipworthy.services.start import start


def init(
    folder: Path, *, from_: Annotated[Literal["blank", "sample"], Parameter(name="--from")] = "blank"
) -> int:
    """Make a launch folder that loads without problems, with comments that teach.

    Nothing that exists is overwritten. Examples:

        shipworthy init my-launch
        shipworthy init inbox --from sample

    Args:
        folder: where to make it.
        from_: a blank launch, or the sample launch of a support inbox.
    """
    files = start(folder, template=from_)
    out(f"made {folder} with {len(files)} files")
    if from_ == "sample":
        say(f"next: shipworthy run {folder}   (its variants are Python functions in feature.py)")
    else:
        say(f"next: write {folder}/launch.yaml and criteria.yaml, then shipworthy check {folder}")
    return 0
