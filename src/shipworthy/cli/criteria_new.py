"""`shipworthy criteria new`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say
from shipworthy.domain.errors import Misused

EXAMPLES = ("pass", "fail", "borderline")
MORE = ("id", "kind", "question", "hoped_for", "slices", "severity")


def criteria_new(
    folder: Path,
    *,
    mode: str,
    at_least: str,
    why: str,
    scorer: str,
    example: Annotated[list[str] | None, Parameter(negative="")] = None,
    set: Annotated[list[str] | None, Parameter(negative="")] = None,  # noqa: A002 - the option's name
    dry_run: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Write a criterion from a failure mode, with one example each of pass, fail and hard to judge.

    What is not said follows from the failure mode: the name, the question, a guardrail where it is harmful. Examples are
    your own words, or outputs that `criteria examples` names. Prints what the plan takes with it. Examples:

        shipworthy criteria new my-launch --mode invented-policy --at-least 0.95 --why "the lawyer accepts one in twenty" --scorer check:invents_nothing
        shipworthy criteria new my-launch --mode invented-policy --at-least "19 of 20" --why "as agreed" --scorer recorded:policy --example fail=@q17 --example "pass=It quotes the rule." --set hoped_for=0.98

    Args:
        folder: the launch folder.
        mode: the failure mode, an id from taxonomy.yaml.
        at_least: the line, as 0.95, 95% or 19 of 20.
        why: who draws the line there, and what happens below it.
        scorer: who says whether an output passes: check:NAME for a function in scorers.py, recorded:NAME for an imported score, labels:NAME for people.
        example: pass, fail or borderline, as KIND=TEXT, or KIND=@CASE/REPEAT for a recorded output of an open case; may be given several times.
        set: id, kind, question, hoped_for, slices or severity, as FIELD=VALUE; may be given several times.
        dry_run: only say what the plan would take; nothing is written.
    """
    who, colon, name = scorer.partition(":")
    if not colon:
        raise Misused(
            f"`{scorer[:80]}` scores nothing",
            where="--scorer",
            remedy="write check:NAME, recorded:NAME or labels:NAME",
        )
    typed = {"at_least": at_least, "why": why, "scorer": who, "scored_by": name}
    typed |= _pairs(set or (), MORE, "--set")
    return _write(folder, mode, typed, _pairs(example or (), EXAMPLES, "--example"), dry_run=dry_run)


def _pairs(given: Iterable[str], known: tuple[str, ...], where: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or name.strip() not in known:
            raise Misused(
                f"`{pair[:80]}` is none of these",
                where=where,
                remedy=f"write one of {', '.join(known)}, then = and a value",
            )
        found[name.strip()] = value
    return found


def _write(folder: Path, mode: str, typed: dict[str, str], shown: dict[str, str], *, dry_run: bool) -> int:
    from shipworthy.domain.draft import proposed  # noqa: PLC0415 - only once the call makes sense
    from shipworthy.domain.vague import vague  # noqa: PLC0415
    from shipworthy.exporters.brief_text import pointed_text  # noqa: PLC0415
    from shipworthy.services.examples import mode_named, named_example  # noqa: PLC0415
    from shipworthy.services.opened import opened  # noqa: PLC0415
    from shipworthy.services.price_draft import price_draft  # noqa: PLC0415
    from shipworthy.services.write_criterion import write_criterion  # noqa: PLC0415

    with opened(folder) as launch:
        said = proposed(mode_named(launch, mode)) | typed
        for kind, text in shown.items():
            said[kind] = named_example(launch, text[1:]) if text.startswith("@") else text
        priced = price_draft(launch, said)
    if not dry_run:
        write_criterion(folder, said)
    out(f"{said['id']}: {'not written, a dry run' if dry_run else 'written'}")
    for line in priced:
        out(line)
    for key in ("question", "why"):
        for line in pointed_text(key, vague(said[key])):
            say(line)
    return 0
