"""`shipworthy decide`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from shipworthy.cli.opening import confirming, cost
from shipworthy.cli.terminal import out
from shipworthy.domain.errors import Refused
from shipworthy.services.decide import AboutToLook, Decided
from shipworthy.services.decide import decide as decide_launch


def decide(
    folder: Path = Path(),
    *,
    format: Literal["text", "json", "markdown", "junit"] = "text",  # noqa: A002 - the option's name
    variant: str | None = None,
    canonical: Annotated[bool, Parameter(negative="")] = False,
    missing_as_no_answer: Annotated[bool, Parameter(negative="")] = False,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative="")] = False,
) -> int:
    """Compute the verdict, with its reasons and its price.

    With a locked plan this opens the sealed holdout: a look, written down and paid for once; asking again is free.
    Without one it rehearses on the open cases, and the verdict is *not yet* with what it would be. Open challenges that
    block (`pressure-test`) hold a ship back. Exit code: 0 ship · 10 ship narrower · 11 not yet, or a ship held back ·
    12 do not ship · 3 problems. Examples:

        shipworthy decide my-launch
        shipworthy decide my-launch --format json --canonical
        shipworthy decide my-launch --format junit > decide.xml
        shipworthy decide my-launch --dry-run

    Args:
        folder: the launch folder; here unless said.
        format: text for people, json for machines (the contract shipworthy.verdict/1), markdown for a pull request,
            junit for test reports: a test for each claim.
        variant: another variant than the plan's candidate; its verdict can only explore.
        canonical: JSON without its envelope: the same bytes for the same evidence.
        missing_as_no_answer: count planned outputs that were never recorded as no answer, instead of refusing.
        dry_run: say what a look would cost, and take none.
        yes: take the look without being asked.
    """
    told: list[AboutToLook] = []

    def tell(look: AboutToLook) -> bool:
        told.append(look)
        out(f"this would be {cost(look)}; nothing was opened")
        return False

    try:
        decided = decide_launch(
            folder,
            variant=variant,
            missing_as_no_answer=missing_as_no_answer,
            confirm=tell if dry_run else confirming(yes=yes),
        )
    except Refused:
        if told:
            return 0  # it was asked what a look would cost, and that was said
        raise
    out(_rendered(decided, format, canonical=canonical))
    return decided.verdict.exit_code


def _rendered(decided: Decided, style: str, *, canonical: bool) -> str:
    envelope, criteria = decided.envelope, decided.reading.criteria
    if style == "json" or canonical:
        from shipworthy.exporters import verdict_json  # noqa: PLC0415 - one format is asked for

        verdict = decided.verdict
        return (
            verdict_json.canonical(verdict) if canonical else verdict_json.as_json(verdict, envelope)
        ).decode()
    if style == "markdown":
        from shipworthy.exporters.verdict_markdown import verdict_markdown  # noqa: PLC0415 - one format is asked for

        return verdict_markdown(decided.verdict, criteria, envelope)
    if style == "junit":
        from shipworthy.exporters.verdict_junit import verdict_junit  # noqa: PLC0415 - one format is asked for

        return verdict_junit(decided.verdict, criteria, envelope)
    from shipworthy.exporters.verdict_text import verdict_text  # noqa: PLC0415 - one format is asked for

    return verdict_text(decided.verdict, criteria, envelope, colour=sys.stdout.isatty())
