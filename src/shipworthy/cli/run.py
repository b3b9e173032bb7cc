"""`shipworthy run`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import ask, out, progressing, say
from shipworthy.services.record import Recorded, ToTrust, record


def run(
    folder: Path = Path(),
    *,
    variant: str | None = None,
    trust: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Let variants answer the cases, write every answer down, and score what has no score yet.

    Goes on where it was stopped; what has an answer is not asked again. Runs code of the launch folder, so it shows
    which and asks once for each state of that code. Holdout cases are run only under a locked plan. Examples:

        shipworthy run my-launch
        shipworthy run my-launch --variant retrieval --trust

    Args:
        folder: the launch folder; here unless said.
        variant: only this one.
        trust: agree to run the folder's code without being asked, for CI.
    """

    def agree(code: ToTrust) -> bool:
        say(f"this runs code from {code.folder}: {', '.join(code.files)}")
        say(f"to be called: {', '.join(code.targets)}")
        return trust or ask("run it?")

    with progressing() as progress:
        done = record(folder, only=variant, agree=agree, progress=progress)
    out(_text(done))
    return 0


def _text(done: Recorded) -> str:
    lines = []
    for name, answered in done.answered.items():
        before = f", {done.already[name]:,} there already" if done.already[name] else ""
        lines.append(f"{name}: {answered:,} answered, {done.no_answer[name]:,} no answer{before}")
    lines += [f"{name}: {n:,} outputs of sealed cases recorded" for name, n in done.sealed.items()]
    lines += [f"{name}: {n:,} scores written" for name, n in done.scored.items() if n]
    lines += [f"{name}: nothing to run; import its outcomes" for name in done.nothing_to_run]
    if done.sealed_cases:
        lines.append(f"{done.sealed_cases:,} holdout cases left sealed: lock the plan first")
    return "\n".join(lines) or "nothing to do"
