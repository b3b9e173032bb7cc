"""`shipworthy compare`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from shipworthy.cli.terminal import out
from shipworthy.decision.worth import Measuring
from shipworthy.domain.errors import Misused
from shipworthy.services.compare import Asked
from shipworthy.services.compare import compare as compare_launch


def compare(
    folder: Path = Path(),
    *,
    format: Literal["text", "json"] = "text",  # noqa: A002 - the option's name
    without: Annotated[list[str] | None, Parameter(negative="")] = None,
    margin: float = 0.0,
    week_cases: int | None = None,
    week_cost: float | None = None,
    weeks: float = 26.0,
) -> int:
    """Hold the variants against each other on the open cases: quality, harm, time and cost, and what that is worth.

    Reads open cases only and is never a look; nothing it says is a verdict. Says which variants are dominated and how
    sure that is, what each is worth more than the baseline in a week, and whether one more week of measuring is worth
    its price. Examples:

        shipworthy compare my-launch
        shipworthy compare my-launch --week-cases 60 --week-cost 900
        shipworthy compare my-launch --format json

    Args:
        folder: the launch folder; here unless said.
        format: text for people, json for machines (shipworthy.compare/1).
        without: a variant to leave out; may be given several times.
        margin: a share that is worse by no more than this counts as equal, such as 0.02 for 2 in 100.
        week_cases: how many more groups of cases one more week of measuring brings.
        week_cost: what that week costs, in the money of launch.yaml.
        weeks: for how many weeks the decision will stand.
    """
    asked = Asked(tuple(without or ()), _checked(margin), _measuring(week_cases, week_cost, weeks))
    compared = compare_launch(folder, asked)
    if format == "json":
        from shipworthy.exporters.compare_json import compare_json  # noqa: PLC0415 - one format is asked for

        out(compare_json(compared, folder=str(folder)).decode())
        return 0
    from shipworthy.exporters.compare_text import compare_text  # noqa: PLC0415 - one format is asked for

    out(compare_text(compared, folder=str(folder), colour=sys.stdout.isatty()))
    return 0


def _checked(margin: float) -> float:
    if not 0 <= margin < 1:
        raise Misused(f"a margin of {margin:g} is no share", where="--margin", remedy="give one such as 0.02")
    return margin


def _measuring(cases: int | None, cost: float | None, weeks: float) -> Measuring | None:
    """Return the week that is to be weighed, None when nobody said what it brings and costs."""
    if cases is None and cost is None:
        return None
    if (
        cases is None
        or cost is None
        or cases < 1
        or not 0 <= cost < float("inf")
        or not 1 < weeks < float("inf")
    ):
        raise Misused(
            "a week of measuring takes the groups it brings, its cost, and more than one week for the decision to stand",
            where="--week-cases, --week-cost, --weeks",
            remedy="for example: --week-cases 60 --week-cost 900 --weeks 26",
        )
    return Measuring(cases, cost, weeks)
