"""`shipworthy set split`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say


def set_split(  # noqa: PLR0913 - each is an option
    folder: Path = Path(),
    *,
    holdout: float = 0.5,
    calibrate: float = 0.0,
    tune: float = 0.0,
    seed: int = 1,
    near: float = 0.85,
    again: Annotated[bool, Parameter(negative="")] = False,
    new_plan: Annotated[bool, Parameter(negative="")] = False,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Give cases their parts: by whole groups, in every slice of the scope alike, by a seed.

    Only cases that explore get another part; the rest keeps its own, and counts towards the shares, so that a second
    time nothing moves. A group is never divided, and twins go together. A case with recorded outcomes never goes
    into the holdout, and none leaves a locked holdout. Lines that do not change keep their bytes. Examples:

        shipworthy set split my-launch --holdout 0.5 --calibrate 0.1 --dry-run
        shipworthy set split my-launch --holdout 0.5 --tune 0.1 --seed 7

    Args:
        folder: the launch folder; here unless said.
        holdout: share of the groups that decide.
        calibrate: share of the groups whose labels admit a judge.
        tune: share of the groups that prompts are tuned on.
        seed: another seed is another split.
        near: from which likeness on twins go together; 1 for equal texts alone.
        again: also move cases that have another part than explore already.
        new_plan: also add to a locked holdout; the lock holds no longer then.
        dry_run: only say what would come of it.
    """
    from shipworthy.exporters.set_text import split_text  # noqa: PLC0415 - only for its output
    from shipworthy.services.set_split import Wanted, split  # noqa: PLC0415

    shares = {"holdout": holdout, "calibrate": calibrate, "tune": tune}
    wanted = Wanted(shares, seed=seed, again=again, new_plan=new_plan, near=near)  # type: ignore[arg-type]
    made = split(folder, wanted, dry_run=dry_run)
    out(split_text(made, seed=seed, dry_run=dry_run))
    if dry_run:
        say("nothing was written: leave --dry-run out to write it")
    else:
        say(f"next: shipworthy set doctor {folder}, then shipworthy lock {folder} --dry-run")
    return 0
