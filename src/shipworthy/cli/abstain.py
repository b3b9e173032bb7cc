"""`shipworthy abstain`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from shipworthy.cli.terminal import out


def abstain(
    folder: Path = Path(),
    *,
    confidence: str,
    criterion: str | None = None,
    variant: str | None = None,
    format: Literal["text", "json"] = "text",  # noqa: A002 - the word of the other commands
) -> int:
    """Say from which confidence on a variant may answer, so that what it answers is good often enough.

    Reads open cases only, takes no look and writes nothing. The confidence is a score that came with the outputs, from
    0 to 1. What it says chooses a threshold, and ends with the lines for criteria.yaml; whether the feature with that
    threshold may ship is then decided on the sealed cases. Examples:

        shipworthy abstain my-launch --confidence agreement
        shipworthy abstain my-launch --confidence certainty --criterion right_answer --format json

    Args:
        folder: the launch folder; here unless said.
        confidence: the recorded score that says how sure the variant was.
        criterion: which says whether an answer is good; the first that has a scorer unless said.
        variant: whose outputs; the candidate's unless said.
        format: text or json.
    """
    from shipworthy.services.abstain import abstain as choose  # noqa: PLC0415 - one command is called

    made = choose(folder, confidence=confidence, criterion=criterion, variant=variant)
    if format == "json":
        out(json.dumps(asdict(made)))
        return 0
    from shipworthy.exporters.abstain_text import abstain_text  # noqa: PLC0415 - one format is asked for
    from shipworthy.narrative.abstaining import lines  # noqa: PLC0415

    out(
        abstain_text(
            made.steps,
            made.found,
            head=f"{made.criterion} of {made.variant}, by its confidence `{made.confidence}`",
            counts=(made.cases, made.aside, made.without, made.passed),
            wanted=(made.bar, made.error),
            folder=str(folder),
            written=lines(made.answered, criterion=made.criterion, first=made.first),
            colour=sys.stdout.isatty(),
        )
    )
    return 0
