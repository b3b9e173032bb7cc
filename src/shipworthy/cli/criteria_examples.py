"""`shipworthy criteria examples`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shipworthy.cli.terminal import out, say


def criteria_examples(folder: Path, mode: str, *, most: int = 4) -> int:
    """Print labelled outputs that may stand as examples of a failure mode; outputs of sealed cases are left out.

    Fails are outputs that the failure mode names, or that somebody labelled with it; hard to judge are outputs that
    people put off, or differ on. Examples:

        shipworthy criteria examples my-launch invented-policy

    Args:
        folder: the launch folder.
        mode: the failure mode, an id from taxonomy.yaml.
        most: how many of a kind at most.
    """
    from shipworthy.exporters.terminal import wrapped  # noqa: PLC0415 - only for its output
    from shipworthy.services.examples import Offered, examples, mode_named  # noqa: PLC0415
    from shipworthy.services.opened import opened  # noqa: PLC0415

    with opened(folder) as launch:
        found = examples(launch, mode_named(launch, mode), most=max(most, 1))
    kinds: list[tuple[str, Sequence[Offered]]] = [
        ("pass", found.passes), ("fail", found.fails), ("borderline", found.borderline),
    ]  # fmt: skip
    for kind, offered in kinds:
        out(f"{kind}: {len(offered) or 'none is labelled'}")
        for each in offered:
            note = f" [{each.note}]" if each.note else ""
            for line in wrapped(f"{each.name}: {each.text}{note}", indent="  "):
                out(line)
    for near in found.near:
        for line in wrapped(f"near: {near}"):
            out(line)
    say(f"next: shipworthy criteria new {folder} --mode {mode} --example fail=@CASE …")
    return 0
