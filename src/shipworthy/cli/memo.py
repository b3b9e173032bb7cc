"""`shipworthy memo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.look import confirming
from shipworthy.cli.terminal import out, say
from shipworthy.services.report import report


def memo(
    folder: Path = Path(),
    *,
    author: str = "",
    missing_as_no_answer: Annotated[bool, Parameter(negative="")] = False,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative="")] = False,
) -> int:
    """Write the page that defends the verdict: memo/memo.md and memo/memo.html.

    One page for people who cannot read the code, and an appendix with every count. Without a locked plan it is a
    rehearsal, and its files are called so. A memo of sealed evidence that was not looked at before is a look, as
    `decide` is. Example:

        shipworthy memo my-launch --author "Ada, product"

    Args:
        folder: the launch folder; here unless said.
        author: who signs it; a line to write on unless said.
        missing_as_no_answer: count planned outputs that were never recorded as no answer, instead of refusing.
        yes: take a look without being asked.
    """
    done = report(
        folder, author=author, missing_as_no_answer=missing_as_no_answer, confirm=confirming(yes=yes)
    )
    for path in done.files:
        out(str(path))
    verdict = done.decided.verdict
    held = f", held back by {len(verdict.blocked_by)} open challenges" if verdict.blocked_by else ""
    say(f"verdict: {verdict.verdict}{held}")
    return 0
