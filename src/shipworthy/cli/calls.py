"""`shipworthy calls`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from shipworthy.cli.terminal import out
from shipworthy.exporters.calls_text import calls_text
from shipworthy.services.calls import calls_of


def calls(folder: Path = Path(), *, first: int = 100, format: Literal["text", "json"] = "text") -> int:  # noqa: A002
    """Say what was sent, what came of it and what it cost; and which calls are in doubt after an interruption.

    A call in doubt was noted and never settled: it may have been billed. The bill lies in the range. Examples:

        shipworthy calls my-launch
        shipworthy calls my-launch --format json

    Args:
        folder: the launch folder; here unless said.
        first: how many calls in doubt are listed at most.
        format: text or json.
    """
    found = calls_of(folder, most=first)
    out(json.dumps(asdict(found)) if format == "json" else calls_text(found.bills, found.doubts, found.as_of))
    return 0
