"""`shipworthy criteria bar`."""

from __future__ import annotations

from pathlib import Path

from shipworthy.cli.terminal import out, say
from shipworthy.domain.errors import Misused


def criteria_bar(
    folder: Path, criterion: str, *, why: str, at_least: str | None = None, at_most: str | None = None
) -> int:
    """Draw a criterion's line elsewhere, with the reason; a line that moves needs a reason of its own.

    After a lock a moved line makes the verdict explore, until a new plan is locked on fresh cases. Examples:

        shipworthy criteria bar my-launch right_answer --at-least 0.85 --why "below it agents rewrite more than they save"
        shipworthy criteria bar my-launch right_answer --why "rules reach 61 of 100"

    Args:
        folder: the launch folder.
        criterion: its id.
        why: who draws the line there, and what happens below it.
        at_least: the line where more is better, as 0.85, 85% or 17 of 20; where it is unless said.
        at_most: the line where less is better.
    """
    from shipworthy.domain.vague import vague  # noqa: PLC0415 - together with what needs it
    from shipworthy.exporters.brief_text import pointed_text  # noqa: PLC0415
    from shipworthy.services.edit_bar import edit_bar  # noqa: PLC0415
    from shipworthy.store.read import read_launch  # noqa: PLC0415

    if at_least is not None and at_most is not None:
        raise Misused("a line has one side", where="--at-most", remedy="write --at-least or --at-most")
    found = next((each for each in read_launch(folder).criteria if each.id == criterion), None)
    given = at_least if at_least is not None else at_most
    if found is not None and given is not None and (found.bar.at_least is None) == (at_most is None):
        side = "--at-most" if found.bar.at_least is None else "--at-least"
        raise Misused(f"`{criterion}` has its line on the other side", remedy=f"write {side}")
    edited = edit_bar(folder, criterion, given or "", why)
    out(f"{criterion}: saved" if edited.after != edited.before else f"{criterion}: nothing to change")
    for line in pointed_text("why", vague(why)):
        say(line)
    say(f"next: shipworthy plan {folder}")
    return 0
