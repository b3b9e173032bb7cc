"""`shipworthy demo`."""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from shipworthy.cli.terminal import out, progressing, say
from shipworthy.exporters.verdict_text import verdict_text
from shipworthy.services.demonstrate import demonstrate


def demo(folder: Path | None = None) -> int:
    """Run the sample launch from start to memo: made, checked, run, locked, run on the holdout, decided, defended.

    The sample is a support inbox with hand-written messages and variants that run here in seconds, without network.
    It may be run again: each time it takes a new folder. Examples:

        shipworthy demo
        shipworthy demo somewhere-else

    Args:
        folder: where to make the sample launch; it must not exist. `demo-launch` here, or the next free number.
    """
    folder = folder or _free()
    with progressing() as progress:
        done = demonstrate(folder, tell=lambda line: say(f"$ {line}"), progress=progress)
    decided = done.reported.decided
    out(verdict_text(decided.verdict, decided.reading.criteria, decided.envelope, colour=sys.stdout.isatty()))
    say(f"""
What to do next
  read the memo         {folder}/memo/memo.html
  ask for it again      shipworthy decide {folder}      (a free replay; exit code 10 is "ship narrower")
  see what was written  {folder}/launch.yaml, criteria.yaml, evalset/, feature.py
  change a bar          then `shipworthy decide {folder}` says what is no longer what was locked
  begin your own        shipworthy init my-launch""")
    return 0


def _free() -> Path:
    """Return the first folder name that is not taken, so that the demo can be run again."""
    names = (Path("demo-launch") if n == 1 else Path(f"demo-launch-{n}") for n in count(1))
    return next(path for path in names if not path.exists())
