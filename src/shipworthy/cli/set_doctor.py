"""`shipworthy set doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say
from shipworthy.domain.verdict import ExitCode


def set_doctor(
    folder: Path = Path(),
    *,
    near: float = 0.85,
    all: Annotated[bool, Parameter(negative="")] = False,  # noqa: A002 - the option's name
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Find what makes an eval set lie: twins, leaks into prompts, conflicts, thin slices, one source.

    Twins are cases with the same words, or nearly; leaks are cases that stand in a prompt, a judge's example or the
    code of the feature. Each finding has its place, why it matters and a remedy. Takes no look: outcomes on the
    holdout are not read. Exit code 3 when something must be mended before a lock. Examples:

        shipworthy set doctor my-launch
        shipworthy set doctor my-launch --near 1
        shipworthy set doctor my-launch --json

    Args:
        folder: the launch folder; here unless said.
        near: from which likeness on two cases are near twins; 1 for equal texts alone.
        all: list every finding, not the first five of a kind.
        json: for machines (the contract shipworthy.doctor/1).
    """
    from shipworthy.exporters.doctor_text import doctor_json, doctor_text  # noqa: PLC0415 - only for its output
    from shipworthy.services.set_doctor import doctor  # noqa: PLC0415

    found = doctor(folder, near=near)
    out(doctor_json(found) if json else doctor_text(found, everything=all))
    if found.must_mend:
        say(f"mend what is marked with ! before shipworthy lock {folder}")
        return ExitCode.PROBLEMS
    return 0
