"""Predicted beside actual, for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.narrative import wording
from shipworthy.narrative.text import plain


@dataclass(frozen=True)
class Pair:
    """One line: what it is about, what was predicted, what came."""

    about: str
    predicted: str
    actual: str


def outcome_text(head: Sequence[str], pairs: Sequence[Pair], foot: Sequence[str]) -> str:
    """Return the page for a terminal.

    Args:
        head: what was decided, and when it is reviewed.
        pairs: predicted beside actual.
        foot: whether it came, the score, what is missing.
    """
    lines = [plain(text, 400) for text in head]
    for pair in pairs:
        lines += [
            "",
            plain(pair.about, 120),
            f"  predicted  {plain(pair.predicted, 300)}",
            f"  came       {plain(pair.actual, 300)}",
        ]
    return "\n".join([*lines, "", *(plain(text, 400) for text in foot)]) + "\n"


def actual_words(passed: float, audited: int, status: str, *, below: bool) -> str:
    """Return what audited outputs say.

    >>> actual_words(57, 60, "kept", below=False)
    'kept: 57 of 60 audited outputs passed (95 of 100)'
    >>> actual_words(0, 0, "not enough data", below=False)
    'not enough data: no output was audited'
    """
    if not audited:
        return f"{status}: no output was audited"
    seen = (
        f"{wording.of(round(passed), audited)} audited outputs passed ({wording.per_100(passed / audited)})"
    )
    return f"{status}: {seen}{', fewer than the bound that was predicted' if below else ''}"
