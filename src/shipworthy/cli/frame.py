"""`shipworthy frame`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say
from shipworthy.domain.errors import BadInput, Misused


def frame(
    folder: Path = Path(),
    *,
    set: Annotated[list[str] | None, Parameter(negative="")] = None,  # noqa: A002 - the option's name
    show: Annotated[bool, Parameter(negative="")] = False,
    cause: str | None = None,
    by: str | None = None,
    early_sign: str = "",
    tripwire: str = "",
    together: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Write the brief: nine questions before anything is measured, of which each may be left blank and is asked again.

    In a terminal it asks what is blank, and points at vague words: helpful how? who would notice? Answers go into
    launch.yaml, whose comments stay. In a pipe it asks nothing and prints what is blank. Causes of the pre-mortem are
    written apart, and shown to everybody once they are put together. Examples:

        shipworthy frame my-launch
        shipworthy frame my-launch --show
        shipworthy frame my-launch --set "decision.who=head of support" --set decision.by=2027-03-01
        shipworthy frame my-launch --cause "Support stopped reading drafts" --by Ada
        shipworthy frame my-launch --together

    Args:
        folder: the launch folder; here unless said.
        set: an answer, as KEY=VALUE; may be given several times, and all are saved or none; KEY= takes it away.
        show: print the whole brief.
        cause: a cause of the pre-mortem: six months on, it failed; why?
        by: who thought of the cause.
        early_sign: what one would have seen first.
        tripwire: what is seen, by when, and what is done then by whom.
        together: put the causes together, so that everybody sees all of them.
    """
    if cause is not None or together:
        return _premortem(folder, cause, by, (early_sign, tripwire), together=together)
    if set:
        return _set(folder, set)
    from shipworthy.cli.frame_ask import ask_blanks, is_asked  # noqa: PLC0415 - only where somebody is asked
    from shipworthy.exporters.brief_text import brief_text, lacking_text  # noqa: PLC0415
    from shipworthy.services.read_brief import read_brief  # noqa: PLC0415

    brief = read_brief(folder)
    _refuse_missing(folder)
    if show:
        out(brief_text(brief.launch, brief.causes(by), colour=sys.stdout.isatty()))
    elif is_asked() and brief.open:
        ask_blanks(folder)
    else:
        out(lacking_text(brief.launch))
    return 0


def _refuse_missing(folder: Path) -> None:
    if not (folder / "launch.yaml").is_file():
        raise BadInput("there is no launch.yaml", where=str(folder), remedy=f"run `shipworthy init {folder}`")


def _set(folder: Path, pairs: list[str]) -> int:
    from shipworthy.domain.answers import find_blank  # noqa: PLC0415 - only where something is set
    from shipworthy.domain.vague import vague  # noqa: PLC0415
    from shipworthy.exporters.brief_text import pointed_text  # noqa: PLC0415
    from shipworthy.services.frame import frame as write  # noqa: PLC0415

    answers: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise Misused(f"`{pair[:80]}` is no answer", where="--set", remedy="write KEY=VALUE")
        answers[key.strip()] = value
    made = write(folder, answers)
    out(f"saved: {', '.join(made.changed)}" if made.changed else "nothing to change")
    for key, value in answers.items():
        if find_blank(key).pointed:
            for line in pointed_text(key, vague(value)):
                say(line)
    return 0


def _premortem(
    folder: Path, cause: str | None, by: str | None, more: tuple[str, str], *, together: bool
) -> int:
    from shipworthy.services.add_cause import add_cause, put_together  # noqa: PLC0415 - only for the pre-mortem
    from shipworthy.services.clock import now  # noqa: PLC0415

    if cause is not None:
        if by is None:
            raise Misused("nobody said whose cause it is", where="--by", remedy="write --by NAME")
        early_sign, tripwire = more
        said = {
            "participant": by,
            "cause": cause,
            "early_sign": early_sign,
            "tripwire": tripwire,
        }
        add_cause(folder, said)
        out(f"a cause by {by} is written")
    if together:
        import datetime as dt  # noqa: PLC0415

        put_together(folder, dt.date.fromisoformat(now()[:10]))
        out("the causes are together: frame --show prints all of them")
    return 0
