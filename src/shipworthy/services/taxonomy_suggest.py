"""Suggest: groups of notes that may be one failure mode each, by the words they share; a person decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.decision.mode_counts import ReadOutput
from shipworthy.domain.errors import Refused
from shipworthy.services.desk import Desk
from shipworthy.services.taxonomy_state import open_reads


@dataclass(frozen=True)
class Suggestion:
    """Notes that may be about one failure mode.

    Attributes:
        name: the note that is most like the others, as a first name.
        outputs: the outputs that the notes are about.
    """

    name: str
    outputs: tuple[ReadOutput, ...]


def suggest_modes(desk: Desk, *, everything: bool = False) -> list[Suggestion]:
    """Return groups of notes on failing outputs, the largest first: suggestions, found by shared words alone.

    Args:
        desk: the launch.
        everything: also notes of outputs that have a failure mode already.

    Raises:
        Refused: nobody has written a note.
    """
    reads, _ = open_reads(desk)
    noted = [read for read in reads if read.failed and read.note.strip()]
    if not noted:
        raise Refused(
            "nobody has written a note on a failing output",
            where="the open cases",
            remedy="read outputs first, and note what went wrong: `shipworthy look label`",
        )
    left = [read for read in noted if everything or not read.modes]
    from shipworthy.similarity.groups import suggested_groups  # noqa: PLC0415 - loads numerics

    groups = suggested_groups([read.note for read in left])
    return [
        Suggestion(left[group.middle].note, tuple(left[member] for member in group.members))
        for group in groups
    ]


def notes_like(reads: Sequence[ReadOutput], texts: Sequence[str]) -> frozenset[str]:
    """Return the names of outputs whose note falls into one group with a text about a failure mode."""
    said = [text for text in texts if text.strip()]
    noted = [read for read in reads if read.note.strip()]
    from shipworthy.similarity.groups import suggested_groups  # noqa: PLC0415 - loads numerics

    groups = suggested_groups([*said, *(read.note for read in noted)])
    n = len(said)
    return frozenset(
        noted[member - n].name
        for group in groups
        if any(member < n for member in group.members)
        for member in group.members
        if member >= n
    )
