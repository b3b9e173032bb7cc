"""Text with its spaces and line breaks, cut where it would be too much for a page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from shipworthy.web.render.visible import visible

FIRST = 20_000
"""Characters of a text that are shown at first."""
WHOLE = 300_000
"""Characters that are shown when everything is asked for; beyond them the text can be kept as a file."""


@dataclass(frozen=True)
class Part:
    """Something rendered.

    Attributes:
        markup: what to show.
        shown: how much of it that is, in a sentence; empty when it is all.
    """

    markup: Markup
    shown: str = ""


def plain(text: str, *, whole: bool = False) -> Part:
    """Return the text as it is: escaped, with its spaces and line breaks."""
    most = WHOLE if whole else FIRST
    words = f"The first {most:,} of {len(text):,} characters." if len(text) > most else ""
    return Part(Markup('<div class="text" dir="auto">{}</div>').format(visible(text[:most])), words)


def one_line(value: Any, most: int = 120) -> Markup:
    """Return any value as one short line."""
    text = value if isinstance(value, str) else as_json(value, most)
    line = " ".join(text[: 4 * most].split())
    return visible(f"{line[:most]}…" if len(line) > most or len(text) > 4 * most else line)


def as_json(value: Any, most: int = WHOLE) -> str:
    """Return a value as one line of JSON; one that is nested too deeply is named as that."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return "(nested too deeply to be shown)"
    return text[: 8 * most]
