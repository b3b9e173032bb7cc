"""`shipworthy sign`."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say
from shipworthy.domain.errors import Misused
from shipworthy.services.sign import Choice
from shipworthy.services.sign import sign as sign_decision


def sign(  # noqa: PLR0913 - one a thing that a decision says
    folder: Path = Path(),
    *,
    by: str = "",
    chosen: Literal["ship", "ship narrower", "not yet", "do not ship"] | None = None,
    reason: str = "",
    expires: dt.date | None = None,
    reverse_if: str = "",
    review_on: dt.date | None = None,
    dissent: Annotated[list[str] | None, Parameter(negative="")] = None,
    expect: float | None = None,
    key: Path | None = None,
) -> int:
    """Sign the decision: you agree with the verdict or not, over the plan, the evidence and the memo as they are.

    Writes `decisions/DATE-WHAT.json`, signed with your Ed25519 key, and an event into the journal; commit the file.
    To ship, say what would undo it and when it is looked at again. To choose otherwise than was computed takes a
    reason, and a day on which it ends if you are bolder than the verdict. `verify` checks it later. Examples:

        shipworthy sign my-launch --reverse-if "more than 6 of 60 weekly drafts are wrong" --review-on 2027-04-15
        shipworthy sign my-launch --chosen "not yet" --reason "the returns page changes next week"
        shipworthy sign my-launch --dissent "head of returns: the cases are from January"

    Args:
        folder: the launch folder; here unless said.
        by: who decides; your name as git knows it unless said.
        chosen: what you decide; the verdict unless said.
        reason: why otherwise than was computed.
        expires: the day on which that ends.
        reverse_if: what would undo it.
        review_on: the day on which it is looked at again.
        dissent: who disagreed and why, as "WHO: WHY"; may be given several times.
        expect: your own chance, from 0 to 1, that every promise is kept on that day; `outcome` scores it.
        key: an Ed25519 key in PEM or OpenSSH form; your own, made on first use, unless said.
    """
    if expect is not None and not 0 <= expect <= 1:
        raise Misused(f"--expect {expect:g}", remedy="give a chance from 0 to 1, as 0.8")
    against = []
    for each in dissent or []:
        who, colon, text = each.partition(":")
        if not (who.strip() and colon and text.strip()):
            raise Misused(f"--dissent {each!r}", remedy='write who and why: --dissent "WHO: WHY"')
        against.append((who.strip(), text.strip()))
    choice = Choice(by or _git_name(), chosen, reason, expires, tuple(against), reverse_if, review_on, expect)
    done = sign_decision(folder, choice, key=key)
    out(str(done.path))
    out(f"signed: {done.decision.chosen}, by {done.decision.by}")
    out(f"key {done.public}")
    out(f"journal head {done.head}")
    say("keep the head where nobody of the team can change it, as in the ticket; commit decisions/ and memo/")
    return 0


def _git_name() -> str:
    try:
        found = subprocess.run(["git", "config", "user.name"], capture_output=True, text=True, check=False)  # noqa: S607 - git as the person has it
    except OSError:
        found = None
    name = found.stdout.strip() if found else ""
    if not name:
        raise Misused("nobody is named who signs", remedy="add --by NAME")
    return name
