"""`shipworthy plan`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from shipworthy.cli.terminal import out
from shipworthy.domain.errors import BadInput
from shipworthy.services.plan import Planned
from shipworthy.services.plan import plan as plan_launch


def plan(
    folder: Path = Path(),
    *,
    power: float | None = None,
    hoped: Annotated[list[str] | None, Parameter(negative="")] = None,
    format: Literal["text", "json"] = "text",  # noqa: A002 - the option's name
) -> int:
    """Say what the sealed cases can show, how likely, and what it costs, before anything is looked at.

    For each claim in each slice: groups now, the fewest that could show it, the chance of showing it if what is hoped
    for is true, and the groups for 80 and 90 of 100. Open outcomes tell how groups scatter and what repeats are worth.
    Reads counts of sealed cases and nothing else of them; takes no look, writes nothing. Examples:

        shipworthy plan my-launch
        shipworthy plan my-launch --power 0.95 --hoped right_answer=0.93
        shipworthy plan my-launch --format json

    Args:
        folder: the launch folder; here unless said.
        power: price this chance in the place of 0.8 and 0.9.
        hoped: a rate or gain to hope for, as CRITERION=0.93; may be given several times.
        format: text for people, json for machines (the contract shipworthy.plan/1).
    """
    if power is not None and not 0.5 <= power <= 0.999:
        raise BadInput(f"a chance of {power:g}", where="--power", remedy="write one from 0.5 to 0.999")
    planned = plan_launch(folder, power=power, hoped=_hopes(hoped or []))
    out(_json(planned) if format == "json" else _text(planned, folder))
    return 0


def _hopes(given: list[str]) -> dict[str, float]:
    found = {}
    for pair in given:
        name, _, value = pair.partition("=")
        try:
            found[name] = float(value)
        except ValueError:
            raise BadInput(
                f"`{pair}` is no hope", where="--hoped", remedy="write --hoped right_answer=0.93"
            ) from None
    return found


def _json(planned: Planned) -> str:
    from shipworthy.exporters.plan_json import plan_json  # noqa: PLC0415 - one format is asked for

    plan = planned.plan
    return plan_json(
        planned.outlook,
        plan=plan.sha,
        error=plan.error,
        locked=planned.locked,
        open_groups=planned.open_groups,
    )


def _text(planned: Planned, folder: Path) -> str:
    from shipworthy.exporters.plan_text import plan_text  # noqa: PLC0415 - one format is asked for
    from shipworthy.narrative import wording  # noqa: PLC0415
    from shipworthy.narrative.outlook import looks_words  # noqa: PLC0415

    plan = planned.plan
    head = (
        f"{planned.title or 'untitled'}: what the plan can show, before anything is looked at. Candidate "
        f"{plan.candidate}, {wording.plural(planned.groups, 'sealed group')}, error {wording.chance(plan.error)}, "
        f"{looks_words(plan.looks)}."
    )
    return plan_text(
        planned.outlook,
        plan.asked,
        head=head,
        folder=str(folder),
        open_groups=planned.open_groups,
        locked=planned.locked,
        colour=sys.stdout.isatty(),
    )
