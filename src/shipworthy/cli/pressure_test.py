"""`shipworthy pressure-test`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from shipworthy.cli.terminal import out
from shipworthy.coach.voices import Voice
from shipworthy.domain.errors import BadInput
from shipworthy.services.pressure_test import pressure_test as test_launch


def pressure_test(
    folder: Path = Path(),
    *,
    all: Annotated[bool, Parameter(negative="")] = False,  # noqa: A002 - the option's name
    voice: Voice | None = None,
    format: Literal["text", "json"] = "text",  # noqa: A002 - the option's name
    explain: str | None = None,
) -> int:
    """Ask what a sceptic would ask, before the meeting does.

    Rules over the launch and its evidence: what each saw, why it matters, one remedy. What blocks holds a ship back in
    `decide` until it is mended or accepted by name. Takes no look and writes nothing. A rule that needs what is not
    recorded is silent, and counted. Exit code: 0, or 3 for problems in the folder. Examples:

        shipworthy pressure-test my-launch
        shipworthy pressure-test my-launch --voice cfo
        shipworthy pressure-test my-launch --explain SET-04

    Args:
        folder: the launch folder; here unless said.
        all: every challenge, and what could not be asked; five at a time unless said.
        voice: who asks: the same findings in another order, in other words.
        format: text for people, json for machines (shipworthy.challenges/1), which always has all of them.
        explain: the id of a rule: say all that it says of itself, of no launch.
    """
    if explain is not None:
        out(_explained(explain))
        return 0
    from shipworthy.services.library import article_by_rule  # noqa: PLC0415 - `--explain` reads no article

    tested = test_launch(folder)
    articles = article_by_rule(found.rule.id for found in tested.challenged.findings)
    if format == "json":
        from shipworthy.exporters.challenges_json import challenges_json  # noqa: PLC0415 - one format is asked for

        out(
            challenges_json(
                tested.challenged, tested.facts, tested.readiness, voice=voice, articles=articles
            ).decode()
        )
        return 0
    from shipworthy.exporters.challenges_text import challenges_text  # noqa: PLC0415 - one format is asked for

    colour = sys.stdout.isatty()
    out(
        challenges_text(
            tested.challenged,
            tested.facts,
            tested.readiness,
            everything=all,
            voice=voice,
            articles=articles,
            colour=colour,
        )
    )
    return 0


def _explained(name: str) -> str:
    from shipworthy.coach.catalogue import BY_ID  # noqa: PLC0415 - only when asked
    from shipworthy.exporters.challenges_text import rule_text  # noqa: PLC0415 - only when asked

    rule = BY_ID.get(name.upper())
    if rule is None:
        raise BadInput(
            f"there is no rule `{name}`",
            where="--explain",
            remedy=f"ids run from {next(iter(BY_ID))} to {list(BY_ID)[-1]}",
        )
    return rule_text(rule)
