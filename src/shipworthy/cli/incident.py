"""`shipworthy incident`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say
from shipworthy.domain.errors import Misused
from shipworthy.domain.promise import Incident


def incident(  # noqa: PLR0913 - each is an option
    folder: Path = Path(),
    *,
    what: str,
    on: dt.date | None = None,
    severity: Literal["cosmetic", "annoying", "costly", "harmful", "unacceptable"] = "costly",
    detected_by: Literal["user", "monitor", "staff", "press"] | None = None,
    mode: str = "",
    promise: Annotated[list[str] | None, Parameter(negative="")] = None,
    in_eval_set: Literal["yes", "no", "excluded"] = "no",
    given: Annotated[str, Parameter(name="--input")] = "",
    expected: str = "",
    tag: Annotated[list[str] | None, Parameter(negative="")] = None,
    action: Annotated[list[str] | None, Parameter(negative="")] = None,
) -> int:
    r"""Write down what went wrong after launch, without blame, and make a case of it.

    The case goes into `evalset/incidents.jsonl`, fresh and in the part explore, so that `gate` holds every later change
    against it. Example:

        shipworthy incident my-launch --what "a refund was promised that we do not give" --severity harmful --detected-by user \
            --input "Do I get my money back after 40 days?" --expected "No: 30 days." --tag topic=returns

    Args:
        folder: the launch folder; here unless said.
        what: what happened.
        on: the day; today unless said.
        severity: how bad it was.
        detected_by: who noticed.
        mode: its failure mode in taxonomy.yaml; leave it out where it is new.
        promise: a promise that it touches; may be given several times.
        in_eval_set: whether a case could have shown it.
        given: the input that went wrong.
        expected: what would have been right.
        tag: a tag of the new case, as TAG=VALUE; may be given several times.
        action: what is done about it; may be given several times.
    """
    from shipworthy.services.incident import Happened, today  # noqa: PLC0415 - the command is called
    from shipworthy.services.incident import incident as note  # noqa: PLC0415

    tags = []
    for each in tag or []:
        name, equals, value = each.partition("=")
        if not (name and equals and value):
            raise Misused(f"--tag {each!r}", remedy="write it as TAG=VALUE")
        tags.append((name, value))
    told = Incident(
        what=what, on=on or today(), detected_by=detected_by or "", severity=severity, failure_mode=mode,
        was_in_eval_set=in_eval_set, promises=promise or [], actions=action or [],
    )  # fmt: skip
    done = note(folder, Happened(told, given, expected, tuple(tags)))
    out(str(done.path))
    if done.case:
        out(f"case {done.case}, to be run from now on")
    else:
        say("without --input no case comes of it: it can happen again unseen")
    if not mode:
        say("it has no failure mode yet: name one with `shipworthy taxonomy`")
    return 0
