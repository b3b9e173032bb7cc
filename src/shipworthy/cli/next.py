"""`shipworthy next`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from shipworthy.cli.terminal import out
from shipworthy.services.library import article_of_step
from shipworthy.services.next_step import next_step


def next(folder: Path = Path(), *, format: Literal["text", "json"] = "text") -> int:  # noqa: A001, A002 - the command's and the option's names
    """Say the one next step: what, why, how long, and the command.

    Read first; then the goal, how it stands, what else could be done, and what is done next. Under it the five parts of
    readiness in counts, the weakest first: a launch is as ready as its weakest part. Takes no look and writes nothing.
    Exit code: 0. Example:

        shipworthy next my-launch

    Args:
        folder: the launch folder; here unless said.
        format: text for people, json for machines (shipworthy.next/1).
    """
    found = next_step(folder)
    article = article_of_step(found.step.rule, found.step.command)
    if format == "json":
        from shipworthy.exporters.challenges_json import step_json  # noqa: PLC0415 - one format is asked for

        out(step_json(found.step, found.readiness, article=article).decode())
        return 0
    from shipworthy.exporters.challenges_text import step_text  # noqa: PLC0415 - one format is asked for

    out(step_text(found.step, found.readiness, article=article, colour=sys.stdout.isatty()))
    return 0
