"""`shipworthy show`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from shipworthy.cli.terminal import out, say
from shipworthy.exporters.outputs_text import failures_text, output_text
from shipworthy.services.show import show_failures, show_output


def show(
    folder: Path = Path(),
    case: str | None = None,
    *,
    variant: str | None = None,
    criterion: str | None = None,
    repeat: int = 1,
    first: int = 20,
    format: Literal["text", "json"] = "text",  # noqa: A002 - the word of the other commands
) -> int:
    """Read outputs of open cases: how many passed, slice by slice, the first failures, or one output whole.

    Nothing sealed is shown. Examples:

        shipworthy show my-launch --criterion right_answer --first 50
        shipworthy show my-launch case-17
        shipworthy show my-launch --variant rules --format json

    Args:
        folder: the launch folder; here unless said.
        case: one case, whose output is shown whole.
        variant: whose outputs; the candidate's unless said.
        criterion: under which criterion; the first that has a scorer unless said.
        repeat: which repeat of the case.
        first: how many failures at most.
        format: text or json.
    """
    if case is None:
        found = show_failures(folder, variant=variant, criterion=criterion, first=first)
        title = f"{found.criterion} of {found.variant}"
        text = failures_text(title, found.question, found.all, found.by_slice, found.failed)
        as_json = json.dumps(asdict(found))
        if found.stale:
            say(
                f"{found.stale:,} of these scores rest on values of cases that were corrected since, and decide nothing; "
                "`shipworthy score` or `shipworthy judge run` says how they stand now"
            )
    else:
        one = show_output(folder, case, variant=variant, repeat=repeat)
        text, as_json = output_text(one.seen, one.part, one.scores), json.dumps(asdict(one))
    out(as_json if format == "json" else text)
    return 0
