"""`shipworthy promise`."""

from __future__ import annotations

from pathlib import Path

from shipworthy.cli.terminal import out, say


def promise(folder: Path = Path(), *, owner: str = "", labels: int = 60) -> int:
    """Make promises of what was shown and signed: `promises.yaml`, to be watched after launch.

    Every claim that holds inside the signed scope becomes a promise of its bar: a share of outputs that passes, a share
    within so many seconds, a mean in dollars. Add tripwires: what is done, by whom, when it breaks. A promise that is
    there already stays as you wrote it. Example:

        shipworthy promise my-launch --owner "Ada"

    Args:
        folder: the launch folder; here unless said.
        owner: who looks at the promises.
        labels: audited outputs wanted in a week.
    """
    from shipworthy.services.promise import promise as make  # noqa: PLC0415 - the command is called

    done = make(folder, owner=owner, labels=labels)
    out(str(done.path))
    for name in done.new:
        out(f"promised: {name}")
    for name in done.kept:
        out(f"as it was: {name}")
    for name, why in done.left:
        say(f"not promised: {name} {why}")
    say(f"next: audit {labels} random outputs a week, then shipworthy watch {folder} AUDITS.csv")
    return 0
