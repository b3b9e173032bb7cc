"""`shipworthy taxonomy`: add, group, rename, describe, merge, split, link, undo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say

Who = Annotated[str, Parameter(name=["--as", "-a"])]
SeverityName = Literal["cosmetic", "annoying", "costly", "harmful", "unacceptable"]
Noticed = Literal["at-once", "later", "never"]


def taxonomy_add(
    folder: Path,
    name: str,
    *,
    id: str = "",  # noqa: A002 - what the file calls it
    definition: str = "",
    severity: SeverityName | None = None,
    who: Who = "you",
) -> int:
    """Add a failure mode.

    Name it in two to six words of your own trade, and say when an output has it. Example:

        shipworthy taxonomy add my-launch "States a policy we do not have" --severity harmful

    Args:
        folder: the launch folder.
        name: what people call it.
        id: its name in criteria and labels; made from the name unless said.
        definition: when an output has it, so that two people agree.
        severity: how bad one failure is; costly unless said.
        who: who adds it.
    """
    from shipworthy.services.desk import desk_at  # noqa: PLC0415 - one command is called
    from shipworthy.services.taxonomy_write import add_mode  # noqa: PLC0415

    with desk_at(folder) as desk:
        done = add_mode(desk, name, by=who, mode=id, definition=definition, severity=severity)
    out(f"added {done.modes[0]}")
    say(f"next: shipworthy taxonomy group {folder} {done.modes[0]} OUTPUT … --as {who}")
    return 0


def taxonomy_group(
    folder: Path, mode: str, outputs: list[str], *, instead_of: str = "", who: Who = "you"
) -> int:
    """Give failing outputs a failure mode, by their notes.

    Your own labels become new versions with the same note; on outputs that only others labelled, yours settles. Example:

        shipworthy taxonomy group my-launch too-long doc-3/1 doc-7/1 --as ada

    Args:
        folder: the launch folder.
        mode: the id of the failure mode.
        outputs: which outputs, as `case/repeat`.
        instead_of: a failure mode that they have no longer.
        who: who groups them.
    """
    from shipworthy.services.desk import desk_at  # noqa: PLC0415 - one command is called
    from shipworthy.services.taxonomy_group import group_outputs  # noqa: PLC0415

    named = [output if "/" in output else f"{output}/1" for output in outputs]
    with desk_at(folder) as desk:
        done = group_outputs(desk, named, mode, by=who, instead_of=instead_of)
    out(f"{done.outputs:,} outputs have {mode} now; {done.had_it:,} had it before")
    return 0


def taxonomy_rename(folder: Path, mode: str, name: str, *, who: Who = "you") -> int:
    """Give a failure mode another name; its id stays, because labels and criteria point to it.

    Say in two to six words what goes wrong. Example:

        shipworthy taxonomy rename my-launch too-long "Longer than anybody reads"

    Args:
        folder: the launch folder.
        mode: the id of the failure mode.
        name: what people call it from now on.
        who: who renames it.
    """
    from shipworthy.services.desk import desk_at  # noqa: PLC0415 - one command is called
    from shipworthy.services.taxonomy_write import rename_mode  # noqa: PLC0415

    with desk_at(folder) as desk:
        done = rename_mode(desk, mode, name, by=who)
    out(f"renamed {mode}" if done.number else f"{mode} has this name already")
    return 0


def taxonomy_describe(  # noqa: PLR0913 - each is an option
    folder: Path,
    mode: str,
    *,
    definition: str | None = None,
    wider: Annotated[bool, Parameter(negative="")] = False,
    severity: SeverityName | None = None,
    severity_reason: str | None = None,
    hurts: str | None = None,
    noticed: Noticed | None = None,
    owner: str | None = None,
    who: Who = "you",
) -> int:
    """Say when an output has it, how bad it is, who is hurt, and when they notice.

    A changed definition makes a queue of the outputs whose label it could change: those that have the failure mode, and
    with --wider also failing ones without any, or whose note speaks of it. Examples:

        shipworthy taxonomy describe my-launch too-long --severity annoying --noticed at-once
        shipworthy taxonomy describe my-launch too-long --definition "More than 120 words" --wider

    Args:
        folder: the launch folder.
        mode: the id of the failure mode.
        definition: when an output has it, so that two people agree.
        wider: more outputs may have it than before.
        severity: how bad one failure is.
        severity_reason: why it is that bad, and not one step more or less.
        hurts: who is hurt.
        noticed: when whoever is hurt notices.
        owner: who sees to it.
        who: who says so.
    """
    from shipworthy.services.desk import desk_at  # noqa: PLC0415 - one command is called
    from shipworthy.services.taxonomy_redefine import Redefined, redefine_mode  # noqa: PLC0415
    from shipworthy.services.taxonomy_write import describe_mode  # noqa: PLC0415

    given = {
        "definition": definition, "severity": severity, "severity_reason": severity_reason, "who": hurts,
        "owner": owner, "detectable": noticed.replace("-", " ") if noticed else None,
    }  # fmt: skip
    said = {key: value for key, value in given.items() if value is not None}
    with desk_at(folder) as desk:
        if definition is None:
            done = Redefined(describe_mode(desk, mode, by=who, **said))
        else:
            done = redefine_mode(desk, mode, by=who, wider=wider, **said)
    out(f"changed {mode}" if done.change.number else f"nothing of {mode} is to change")
    if done.queue is not None:
        out(f"{len(done.again):,} outputs to read again: queue {done.queue.key}")
        say(f"next: shipworthy look label {folder} {done.queue.key} --as {who}")
    return 0


def taxonomy_merge(folder: Path, modes: list[str], *, into: str, who: Who = "you") -> int:
    """Let the labels of failure modes count for another one; no label is changed, and it can be undone.

    The merged ones stay in the file, so that what was counted before can be counted again. Example:

        shipworthy taxonomy merge my-launch wordy long-winded --into too-long

    Args:
        folder: the launch folder.
        modes: ids of the failure modes that are merged.
        into: the id of the one that they go into.
        who: who merges them.
    """
    from shipworthy.services.desk import desk_at  # noqa: PLC0415 - one command is called
    from shipworthy.services.taxonomy_merge import merge_modes  # noqa: PLC0415

    with desk_at(folder) as desk:
        done = merge_modes(desk, modes, into, by=who)
    out(f"{', '.join(done.modes)}: labels count for {into} now")
    say(f"to take it back: shipworthy taxonomy undo {folder} {done.number}")
    return 0


def taxonomy_split(folder: Path, mode: str, *, into: list[str], who: Who = "you") -> int:
    """Split a failure mode, and queue the outputs that have it to be read again, and no others.

    A part is a name, or `id=name`; the failure mode itself may be one of them. Labels stay until those outputs were read
    again. Examples:

        shipworthy taxonomy split my-launch bad-review --into "Review is invented" --into "Review harms the product"
        shipworthy taxonomy split my-launch link --into "link=Link to the shop" --into "Link elsewhere"

    Args:
        folder: the launch folder.
        mode: the id of the failure mode.
        into: a part, several times for several.
        who: who splits it.
    """
    from shipworthy.services.desk import desk_at  # noqa: PLC0415 - one command is called
    from shipworthy.services.taxonomy_split import parts_of, split_mode  # noqa: PLC0415

    with desk_at(folder) as desk:
        done = split_mode(desk, mode, parts_of(into), by=who)
    out(f"{mode} is split into {', '.join(done.parts)}")
    if done.queue is not None:
        out(f"{len(done.again):,} outputs to read again: queue {done.queue.key}")
        say(f"next: shipworthy look label {folder} {done.queue.key} --as {who}")
    say(f"to take it back: shipworthy taxonomy undo {folder} {done.change.number}")
    return 0


def taxonomy_link(
    folder: Path,
    mode: str,
    criterion: str,
    *,
    remove: Annotated[bool, Parameter(negative="")] = False,
    who: Who = "you",
) -> int:
    """Name a failure mode in the criterion that answers for it.

    Not once the plan is locked: criteria.yaml is part of it. Example:

        shipworthy taxonomy link my-launch invented-policy right_answer

    Args:
        folder: the launch folder.
        mode: the id of the failure mode.
        criterion: the id of the criterion.
        remove: take it out of the criterion instead.
        who: who links them.
    """
    from shipworthy.services.desk import desk_at  # noqa: PLC0415 - one command is called
    from shipworthy.services.taxonomy_link import link_mode  # noqa: PLC0415

    with desk_at(folder) as desk:
        done = link_mode(desk, mode, criterion, by=who, remove=remove)
    if not done.number:
        out(f"{criterion} {'does not name' if remove else 'names'} {mode} already")
    else:
        out(f"{criterion} {'no longer names' if remove else 'answers for'} {mode}")
    return 0


def taxonomy_undo(folder: Path, number: int | None = None, *, who: Who = "you") -> int:
    """Take a change of the taxonomy back; the journal keeps both.

    A part of a split that was used in a label goes back into the failure mode it came from. Examples:

        shipworthy taxonomy undo my-launch
        shipworthy taxonomy undo my-launch 41

    Args:
        folder: the launch folder.
        number: which change, as `taxonomy history` numbers them; the latest that stands unless said.
        who: who takes it back.
    """
    from shipworthy.services.desk import desk_at  # noqa: PLC0415 - one command is called
    from shipworthy.services.taxonomy_history import taxonomy_history  # noqa: PLC0415
    from shipworthy.services.taxonomy_undo import undo_change  # noqa: PLC0415

    with desk_at(folder) as desk:
        undo_change(desk, number, by=who)
        out(taxonomy_history(desk)[0].words)
    return 0
