"""What `taxonomy` says on a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from shipworthy.decision.first_failure import Matrix
from shipworthy.exporters.terminal import clean, fit, wrapped
from shipworthy.narrative.review import saturation_words
from shipworthy.narrative.taxonomy import basis_words, count_words
from shipworthy.narrative.wording import plural
from shipworthy.services.taxonomy_history import Event
from shipworthy.services.taxonomy_state import ModeRow, TaxonomyState
from shipworthy.services.taxonomy_suggest import Suggestion

BAR = 40
"""Cells of a bar; all of them are every output."""
FEW = 6


def state_text(state: TaxonomyState) -> str:
    """Return the failure modes with their bars, the most pressing first."""
    if not state.modes:
        return "no failure mode has a name yet"
    lines = [line for said in basis_words(state.counted) for line in wrapped(said)]
    if state.counted.saturation is not None:
        lines += wrapped(saturation_words(state.counted.saturation))
    for row in state.rows:
        lines += ["", *_row(row)]
    for pair in state.near:
        lines += ["", *wrapped(f"{pair.first} and {pair.second} have nearly the same name: are they one?")]
    return "\n".join(lines)


def bar(rate: float | None, upper: float | None, width: int = BAR) -> str:
    """Draw a rate and what it could be at most; every count leaves a mark, however small.

    >>> bar(0.25, 0.5, 8), bar(0.001, 0.01, 8), bar(None, None, 4)
    ('██░░····', '█·······', '????')
    """
    if rate is None or upper is None:
        return "?" * width
    full = max(round(rate * width), 1 if rate > 0 else 0)
    most = max(round(upper * width), full)
    return "█" * full + "░" * (most - full) + "·" * (width - most)


def priority_text(state: TaxonomyState) -> str:
    """Return why each failure mode is as pressing as it is."""
    if not state.rows:
        return "no failure mode has a name yet"
    lines = []
    for row in state.rows:
        lines.append(f"{fit(row.priority.level, 7)} {fit(row.mode.id, 30)} {clean(row.priority.why, 200)}")
        controls = [f"{c.kind or 'control'}: {c.what}" for c in row.mode.controls]
        for said in controls or ["nothing stands against it"]:
            lines += wrapped(said, indent="        ")
    return "\n".join(lines)


def suggestions_text(found: Sequence[Suggestion], folder: Path) -> str:
    """Return groups of notes; that they are suggestions is said above and in every heading."""
    if not found:
        return "every failing output with a note has a failure mode"
    lines = ["Suggestions, by shared words alone. Read them; you decide what is one failure mode."]
    for number, group in enumerate(found, start=1):
        lines += ["", f"suggestion {number}: {clean(group.name, 50)} ({plural(len(group.outputs), 'note')})"]
        for read in group.outputs[:FEW]:
            lines += [f"  {fit(read.name, 24)} {clean(read.note, 50)}".rstrip()]
        if len(group.outputs) > FEW:
            lines.append(f"  and {len(group.outputs) - FEW:,} more")
    named = " ".join(read.name for read in found[0].outputs[:3])
    return "\n".join(
        [
            *lines,
            "",
            f'shipworthy taxonomy add {folder} "NAME", then',
            f"shipworthy taxonomy group {folder} ID {named} …",
        ]
    )


def matrix_text(found: Matrix) -> str:
    """Return first failures as a list of cells, the fullest first."""
    if not found.cells:
        return "nobody has marked a first wrong step on an open output of several steps yet: the review screen asks for it"
    total = sum(len(outputs) for outputs in found.cells.values())
    lines = [f"{total:,} failing outputs by the last step that was right and the first that was not"]
    for (row, column), outputs in sorted(found.cells.items(), key=lambda cell: (-len(cell[1]), cell[0])):
        lines.append(f"  {len(outputs):>5,}  {fit(row, 30)} → {clean(column, 34)}")
        lines.append(f"         {clean(', '.join(outputs[:4]), 68)}")
    if found.beyond:
        lines.append(f"  {len(found.beyond):,} mark a step that is not recorded")
    return "\n".join(lines)


def history_text(found: Sequence[Event]) -> str:
    """Return one change a line."""
    if not found:
        return "nothing was changed by a command or in the web app yet"
    lines = []
    for event in found:
        state = f" (taken back by {event.undone})" if event.undone else ""
        lines += wrapped(f"{event.number:>5}  {event.at[:16]}  {event.by}: {event.words}{state}")
    return "\n".join(lines)


def state_json(state: TaxonomyState) -> dict[str, Any]:
    """Return everything that `taxonomy show` knows, as plain values."""
    return {
        "modes": [
            {
                **row.mode.model_dump(mode="json"),
                "count": asdict(row.count),
                "priority": asdict(row.priority),
                "criteria": list(row.criteria),
                "merged": list(row.merged),
                "split_into": list(row.parts),
                "to_read_again": {"queue": row.queue, "outputs": row.to_read},
                "seen_in": [read.name for read in row.outputs],
            }
            for row in state.rows
        ],
        "counted": {key: value for key, value in asdict(state.counted).items() if key != "modes"},
        "unnamed": [read.name for read in state.unnamed],
        "near": [asdict(pair) for pair in state.near],
    }


def suggestions_json(found: Sequence[Suggestion]) -> list[dict[str, Any]]:
    """Return groups of notes as plain values."""
    return [
        {"suggestion": group.name, "outputs": [{"output": r.name, "note": r.note} for r in group.outputs]}
        for group in found
    ]


def _row(row: ModeRow) -> list[str]:
    mode = row.mode
    lines = [f"{fit(row.priority.level, 7)} {fit(mode.severity, 13)} {clean(mode.title, 56)}"]
    lines.append(f"        {bar(row.count.rate, row.count.upper)}")
    lines += wrapped(f"{mode.id}: {count_words(row.count)}", indent="        ")
    if row.merged:
        lines += wrapped(f"with {', '.join(row.merged)}, merged into it", indent="        ")
    if row.parts:
        lines += wrapped(f"{', '.join(row.parts)}: split from it", indent="        ")
    if row.to_read:
        lines += wrapped(
            f"{plural(row.to_read, 'output')} to read again: queue {row.queue}", indent="        "
        )
    answer = f"answered for by {', '.join(row.criteria)}" if row.criteria else "no criterion answers for it"
    return [*lines, *wrapped(answer, indent="        ")]
