"""Merge: two names for one thing become one failure mode, and every label counts for it."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.decision.mode_changes import merged
from shipworthy.services.desk import Desk
from shipworthy.services.taxonomy_change import Changed, change_modes


def merge_modes(desk: Desk, modes: Sequence[str], into: str, *, by: str, seen: str | None = None) -> Changed:
    """Merge failure modes into another one; they stay in the file, and no label is changed.

    Args:
        desk: the launch.
        modes: which.
        into: the one that their labels count for from now on.
        by: who merges them.
        seen: the hash of taxonomy.yaml as the person saw it.

    Raises:
        BadInput: one of them is not there.
        Refused: one is merged already, or the file was changed by somebody else in between.
    """
    return change_modes(
        desk, "merge", lambda entries: merged(entries, modes, into), by=by, seen=seen, about={"into": into}
    )
