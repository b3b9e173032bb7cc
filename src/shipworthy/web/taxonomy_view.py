"""What the pages about failure modes show: bars, notes in groups, and the keys of the page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shipworthy.decision.mode_counts import ModeCount, ReadOutput
from shipworthy.domain.errors import Refused
from shipworthy.exporters.svg_saturation import saturation
from shipworthy.narrative.saturation import as_read
from shipworthy.narrative.taxonomy import count_words
from shipworthy.services.desk import Desk
from shipworthy.services.taxonomy_history import Event, taxonomy_history
from shipworthy.services.taxonomy_state import ModeRow, TaxonomyState
from shipworthy.services.taxonomy_suggest import suggest_modes
from shipworthy.web.drawn import Drawing, drawing
from shipworthy.web.keys import Key, shown

MOST = 300
"""Notes on one page; the rest comes when these are grouped."""
MODE_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9")

TABLE = (
    Key("next", ("j", "arrowdown"), "next note", "Go to the next note."),
    Key("previous", ("k", "arrowup"), "note before", "Go to the note before."),
    Key("choose", ("x",), "choose", "Choose this note, or leave it."),
    Key("group", ("g",), "choose its group", "Choose every note of this suggested group, or leave them."),
    Key("into", MODE_KEYS, "into a failure mode", "Give the chosen notes the failure mode with this number."),
    Key("new", ("n",), "into a new one", "Name a new failure mode for the chosen notes."),
    Key("keys", ("?",), "keys", "Show or hide this list."),
)  # fmt: skip
"""The keys of the page: hints, help and the script's handlers are all made from here."""


@dataclass(frozen=True)
class Bar:
    """A rate as it is drawn.

    Attributes:
        seen: the rate, of 100.
        could: what it could be at most, of 100.
        words: the same as a sentence part, which stands for the drawing where nobody sees it.
        is_known: whether anything was read.
    """

    seen: float
    could: float
    words: str
    is_known: bool


@dataclass(frozen=True)
class Mode:
    """One failure mode on the page.

    Attributes:
        row: everything that is known of it.
        bar: its rate.
        key: the key that groups notes into it; empty beyond the ninth.
    """

    row: ModeRow
    bar: Bar
    key: str


@dataclass(frozen=True)
class Notes:
    """Notes that stand together.

    Attributes:
        title: what stands above them.
        outputs: the outputs that the notes are about.
        suggested: whether they stand together only because their words are alike.
    """

    title: str
    outputs: tuple[ReadOutput, ...]
    suggested: bool


def bar_of(count: ModeCount) -> Bar:
    """Return how a rate is drawn.

    >>> bar_of(
    ...     ModeCount("a", outputs=1, read=4, groups=1, groups_read=4, rate=0.25, lower=0.01, upper=0.7514)
    ... ).could
    75.14
    """
    is_known = count.rate is not None and count.upper is not None
    return Bar(
        round(100 * (count.rate or 0), 2), round(100 * (count.upper or 0), 2), count_words(count), is_known
    )


def modes_of(state: TaxonomyState) -> list[Mode]:
    """Return the failure modes in their order, each with its key."""
    keys = iter(MODE_KEYS)
    return [Mode(row, bar_of(row.count), next(keys, "")) for row in state.rows]


def new_modes_of(state: TaxonomyState) -> tuple[Drawing, str] | None:
    """Return how many failure modes were seen after so many groups, drawn and in words; None where nothing was read."""
    found = state.counted.saturation
    if found is None:
        return None
    figure = as_read(found, drawn=state.counted.drawn)
    caption = "Failure modes seen, in the order of reading; each failure without a name counts as a new one."
    return drawing(
        saturation(figure), caption, ("Groups read", "Failure modes seen"), figure.table
    ), figure.words


def notes_of(desk: Desk, state: TaxonomyState, shows: str) -> list[Notes]:
    """Return the notes that a page shows, those without a failure mode in suggested groups.

    Args:
        desk: the launch.
        state: the taxonomy.
        shows: nothing for notes without a failure mode, `all`, or the id of a failure mode.
    """
    row = state.row(shows)
    if row is not None:
        return [Notes(row.mode.title, tuple(read for read in row.outputs if read.failed), suggested=False)]
    try:
        found = suggest_modes(desk, everything=shows == "all")
    except Refused:
        found = []
    groups = [Notes(each.name, each.outputs, suggested=True) for each in found]
    bare = tuple(read for read in state.unnamed if not read.note.strip())
    return [*groups, *([Notes("Without a note", bare, suggested=False)] if bare else [])]


def cut(notes: Iterable[Notes]) -> tuple[list[Notes], int]:
    """Return as many notes as a page shows, and how many are left."""
    out, left, room = [], 0, MOST
    for each in notes:
        taken = each.outputs[:room]
        left += len(each.outputs) - len(taken)
        room -= len(taken)
        if taken:
            out.append(Notes(each.title, taken, each.suggested))
    return out, left


def done_of(desk: Desk, number: str) -> Event | None:
    """Return the change that the page before made, to be said and taken back."""
    if not number.isdecimal() or len(number) > 15:
        return None
    return next((event for event in taxonomy_history(desk) if event.number == int(number)), None)


def handlers(modes: Sequence[Mode]) -> str:
    """Return what the page's script listens for, as JSON."""
    return json.dumps(
        {
            "page": {key: entry.does for entry in TABLE for key in entry.keys},
            "modes": {mode.key: mode.row.mode.id for mode in modes if mode.key},
        },
        sort_keys=True,
    )


def hints() -> list[tuple[list[str], str, str]]:
    """Return the keys as a keyboard has them, with the word and the sentence beside each."""
    return [
        (["1…9"] if entry.does == "into" else [shown(key) for key in entry.keys], entry.hint, entry.help)
        for entry in TABLE
    ]
