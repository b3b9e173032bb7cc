"""`shipworthy doctor`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from shipworthy.cli.terminal import out
from shipworthy.domain.errors import Misused
from shipworthy.domain.verdict import ExitCode

SIGN = {"fine": "ok   ", "note": "note ", "wrong": "WRONG"}


def doctor(
    folder: Path = Path(),
    *,
    aa: Annotated[bool, Parameter(name="--aa", negative="")] = False,
    trials: int = 500,
    format: Literal["text", "json"] = "text",  # noqa: A002 - the option's name
) -> int:
    """Say whether the machine, the folder and the ledger are fit for work.

    The version of SQLite and how it keeps what was acknowledged, free disk, optional parts, problems of the folder, and
    whether the ledger is whole. Reads only and takes no look. Exit code 3 when something is wrong. Examples:

        shipworthy doctor my-launch
        shipworthy doctor my-launch --aa --trials 1000

    Args:
        folder: the launch folder; here unless said.
        aa: try the gate of changes on changes that change nothing, made from your open cases, and say how often it stopped.
        trials: with --aa, how often.
        format: text for people, json for machines (shipworthy.doctor/1).
    """
    from shipworthy.services.doctor import doctor as examine  # noqa: PLC0415 - the command is called

    if not 1 <= trials <= 100_000:
        raise Misused(f"--trials {trials}", remedy="try it 1 to 100,000 times")
    done = examine(folder, trials=trials if aa else 0)
    if format == "json":
        made = {"format": "shipworthy.doctor/1", "findings": [asdict(found) for found in done.findings]}
        out(json.dumps(made, ensure_ascii=False, indent=1))
    else:
        for found in done.findings:
            out(f"{SIGN[found.state]} {found.about}: {found.text}")
            if found.remedy:
                out(f"      {found.remedy}")
    return ExitCode.PROBLEMS if done.wrong else 0
