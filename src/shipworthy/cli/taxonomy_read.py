"""`shipworthy taxonomy`: show, suggest, priority, matrix, history."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say

Format = Literal["text", "json"]


def taxonomy_show(
    folder: Path = Path(),
    *,
    variant: str | None = None,
    format: Format = "text",  # noqa: A002 - the word of the other commands
) -> int:
    """Show failure modes with their counts, rates and bounds, the most pressing first.

    Counted on labelled outputs of open cases; outputs of sealed cases are never counted here. Rates rest on outputs that
    were drawn at random, each group counting once; the bound is what the rate could be at most. Examples:

        shipworthy taxonomy show my-launch
        shipworthy taxonomy show my-launch --variant retrieval --format json

    Args:
        folder: the launch folder; here unless said.
        variant: whose outputs; those of every variant unless said.
        format: text or json.
    """
    from shipworthy.cli.taxonomy_text import state_json, state_text  # noqa: PLC0415 - one command is called
    from shipworthy.services.desk import desk_at  # noqa: PLC0415
    from shipworthy.services.taxonomy_state import taxonomy_state  # noqa: PLC0415

    with desk_at(folder) as desk:
        state = taxonomy_state(desk, variant=variant)
    out(json.dumps(state_json(state)) if format == "json" else state_text(state))
    if not state.modes:
        say(f"next: shipworthy taxonomy suggest {folder}")
    return 0


def taxonomy_suggest(
    folder: Path = Path(),
    *,
    everything: Annotated[bool, Parameter(negative="")] = False,
    format: Format = "text",  # noqa: A002 - the word of the other commands
) -> int:
    """Suggest groups of notes that may be one failure mode each; nothing is written.

    Notes are put together by the words and letters they share: it finds "link" and "Links!", and does not find that "be
    brief" and "too long" are one thing. Read the notes and decide. Example:

        shipworthy taxonomy suggest my-launch

    Args:
        folder: the launch folder; here unless said.
        everything: also notes of outputs that have a failure mode already.
        format: text or json.
    """
    from shipworthy.cli.taxonomy_text import suggestions_json, suggestions_text  # noqa: PLC0415 - one is called
    from shipworthy.services.desk import desk_at  # noqa: PLC0415
    from shipworthy.services.taxonomy_suggest import suggest_modes  # noqa: PLC0415

    with desk_at(folder) as desk:
        found = suggest_modes(desk, everything=everything)
    out(json.dumps(suggestions_json(found)) if format == "json" else suggestions_text(found, folder))
    return 0


def taxonomy_priority(folder: Path = Path()) -> int:
    """Say why each failure mode is as pressing as it is: severity first, and nothing is multiplied.

    What stands against each is listed below it; what nobody said is taken at its worst. Example:

        shipworthy taxonomy priority my-launch

    Args:
        folder: the launch folder; here unless said.
    """
    from shipworthy.cli.taxonomy_text import priority_text  # noqa: PLC0415 - one command is called
    from shipworthy.services.desk import desk_at  # noqa: PLC0415
    from shipworthy.services.taxonomy_state import taxonomy_state  # noqa: PLC0415

    with desk_at(folder) as desk:
        out(priority_text(taxonomy_state(desk)))
    return 0


def taxonomy_matrix(
    folder: Path = Path(),
    mode: str | None = None,
    *,
    format: Format = "text",  # noqa: A002 - the word of the other commands
) -> int:
    """Show where outputs of several steps go wrong first: the last step that was right, and the one that was not.

    Counted on failing outputs of open cases on which somebody marked the first wrong step. Example:

        shipworthy taxonomy matrix my-launch

    Args:
        folder: the launch folder; here unless said.
        mode: only outputs with this failure mode.
        format: text or json.
    """
    from shipworthy.cli.taxonomy_text import matrix_text  # noqa: PLC0415 - one command is called
    from shipworthy.services.desk import desk_at  # noqa: PLC0415
    from shipworthy.services.taxonomy_matrix import failure_matrix  # noqa: PLC0415

    with desk_at(folder) as desk:
        found = failure_matrix(desk, mode=mode)
    cells = [{"last_right": a, "first_wrong": b, "outputs": c} for (a, b), c in found.cells.items()]
    whole: dict[str, Any] = {"cells": cells, "beyond": found.beyond}
    out(json.dumps(whole) if format == "json" else matrix_text(found))
    return 0


def taxonomy_history(
    folder: Path = Path(),
    *,
    format: Format = "text",  # noqa: A002 - the word of the other commands
) -> int:
    """List what was changed, by whom, the latest first; what was typed into the file by hand is in git instead.

    Changes by commands and in the browser are listed. Example:

        shipworthy taxonomy history my-launch

    Args:
        folder: the launch folder; here unless said.
        format: text or json.
    """
    from shipworthy.cli.taxonomy_text import history_text  # noqa: PLC0415 - one command is called
    from shipworthy.services.desk import desk_at  # noqa: PLC0415
    from shipworthy.services.taxonomy_history import taxonomy_history as history  # noqa: PLC0415

    with desk_at(folder) as desk:
        found = history(desk)
    out(json.dumps([asdict(event) for event in found]) if format == "json" else history_text(found))
    return 0
