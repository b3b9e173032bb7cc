"""`shipworthy look settle`."""

from __future__ import annotations

from pathlib import Path

from shipworthy.cli.terminal import out, say
from shipworthy.narrative.wording import plural


def look_settle(
    folder: Path = Path(), *, criterion: str = "", name: str = "human", variant: str | None = None
) -> int:
    """Write the labels that stand as the labels that criteria read: `scorer: {labels: NAME}`, `labels: {recorded: NAME}`.

    A label stands where as many people as were wanted gave it and agree, or where an adjudicator settled it. Settled
    labels are facts: they are added to and never changed. Nothing is said of how they went. Where three or more people
    labelled the same open outputs, it says which labels of the majority weighing them by skill would change; that is a
    suggestion to the adjudicator, and nothing is settled by it. Example:

        shipworthy look settle my-launch --criterion right_answer --name human

    Args:
        folder: the launch folder; here unless said.
        criterion: under which outputs were labelled; open reading unless said.
        name: of the labels, as criteria name them.
        variant: whose outputs; the candidate's unless said.
    """
    from shipworthy.cli.look_text import raters_lines  # noqa: PLC0415
    from shipworthy.services.desk import desk_at  # noqa: PLC0415 - one command is called
    from shipworthy.services.raters_worth import raters_worth  # noqa: PLC0415
    from shipworthy.services.settle_labels import settle_labels  # noqa: PLC0415

    with desk_at(folder) as desk:
        found = settle_labels(desk, criterion, name=name, variant=variant)
        raters = raters_worth(desk, criterion, variant_no=found.variant_no)
    out(f"{plural(found.written, 'label')} by {found.name} on outputs of {found.variant}")
    if found.known:
        out(f"{found.known:,} were there already")
    if found.differ:
        out(
            f"{plural(found.differ, 'output')} on which people differ: settle them with `look label --settle`"
        )
    if found.waiting:
        out(f"{plural(found.waiting, 'output')} waiting for another reader")
    if found.left:
        out(f"{plural(found.left, 'answered output')} without a settled label")
    if raters is not None:
        out("\n".join(raters_lines(raters)[1:]))
    say(f"next: shipworthy decide {folder}")
    return 0
