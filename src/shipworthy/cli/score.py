"""`shipworthy score`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from shipworthy.cli.late_text import late_text
from shipworthy.cli.terminal import ask, out, progressing, say
from shipworthy.services.score import Scored
from shipworthy.services.score import score as score_folder
from shipworthy.services.trust_code import ToTrust


def score(
    folder: Path = Path(),
    *,
    criterion: str | None = None,
    variant: str | None = None,
    trust: Annotated[bool, Parameter(negative="")] = False,
    format: Literal["text", "json"] = "text",  # noqa: A002 - the word of the other commands
) -> int:
    """Score answers that have no score yet in the present version of their check.

    Nothing is asked of a variant. A check whose definition changed scores anew, and no other; so does a check whose case was
    corrected in what it reads, that case alone. Of sealed cases it says how
    many were scored, never how they went. Checks in scorers.py are code of the launch folder: it shows the files and asks
    once for each state of them. Examples:

        shipworthy score my-launch
        shipworthy score my-launch --criterion right_total --variant new
        shipworthy score my-launch --trust --format json

    Args:
        folder: the launch folder; here unless said.
        criterion: only under this one.
        variant: only this one's outputs.
        trust: agree to run the folder's code without being asked, for CI.
        format: text or json.
    """

    def agree(code: ToTrust) -> bool:
        say(f"this runs code from {code.folder}: {', '.join(code.files)}")
        say(f"to be called: {', '.join(code.targets)}")
        return trust or ask("run it?")

    with progressing() as progress:
        done = score_folder(folder, variant=variant, criterion=criterion, agree=agree, progress=progress)
    out(json.dumps([asdict(each) for each in done]) if format == "json" else _text(done))
    return 0


def _text(done: list[Scored]) -> str:
    lines = [_line(each, name) for each in done for name in each.criteria]
    lines += filter(None, map(late_text, done))
    return "\n".join(lines) or "nothing to score: no answers are recorded, or no criterion has a check"


def _line(done: Scored, criterion: str) -> str:
    """Say how many were scored; how they went, of open cases alone."""
    sealed = f", {done.sealed:,} of them sealed" if done.sealed else ""
    again = (
        f", {done.again:,} of them again, as what the check reads of the case was corrected"
        if done.again
        else ""
    )
    text = f"{done.variant}: {criterion} by {done.check}: {done.written:,} scored now{again}{sealed}"
    if (n := done.open.get(criterion)) is None:
        return text
    unscored = f", {n.unscored:,} unscored" if n.unscored else ""
    return f"{text}; open cases: {n.passed:,} of {n.outputs:,} passed{unscored}"
