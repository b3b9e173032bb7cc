"""What the review screen shows of one output, and of where its queue stands; nothing that could sway is in it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shipworthy.decision.reading_rates import Saturation
from shipworthy.domain.errors import BadInput
from shipworthy.domain.review import FIRM, OPEN_READING, Progress, Said
from shipworthy.domain.taxonomy import FailureMode, active, counts_for
from shipworthy.services.desk import Desk
from shipworthy.services.read_item import Item
from shipworthy.store.review import Queue
from shipworthy.web.keys import MODE_KEYS
from shipworthy.web.render.output import Rendered, render, render_steps
from shipworthy.web.visit import Visit

OPEN_QUESTION = "Would you have sent this to the person who asked?"
GIVEN_FOLDS = 1_500
"""Characters of markup from which what was asked is folded."""


@dataclass(frozen=True)
class ModeChoice:
    """A failure mode beside the note."""

    mode: FailureMode
    key: str
    is_set: bool


@dataclass(frozen=True)
class ItemView:
    """One output on the screen.

    Attributes:
        item: what was read of it.
        number: its place in the queue, from 1.
        total: how many the queue has.
        question: what is asked of it.
        given: what was asked of the feature.
        output: the output itself; None when there is none.
        steps: the way to it; None where it had one step.
        expected: what was expected; None when nothing was said.
        step_names: the steps that may be the first that went wrong.
        modes: failure modes, where they may be seen yet.
        client_id: under which id a form without a script saves.
        note: what stands in the note.
        own: what the person said of it.
    """

    item: Item
    number: int
    total: int
    question: str
    given: Rendered | None
    output: Rendered | None
    steps: Rendered | None
    expected: Rendered | None
    step_names: tuple[str, ...]
    modes: tuple[ModeChoice, ...]
    client_id: str
    note: str
    own: Said

    @property
    def is_labelled(self) -> bool:
        """Whether the person said pass or fail."""
        return self.own.state in FIRM

    @property
    def folds_given(self) -> bool:
        """Whether what was asked is so long that it would push the output away."""
        return self.given is not None and len(self.given.markup) > GIVEN_FOLDS


@dataclass(frozen=True)
class Asked:
    """As what the reader wants to see the output."""

    kind: str = ""
    whole: bool = False


def item_view(desk: Desk, item: Item, asked: Asked, said: Said | None = None) -> ItemView:
    """Return what the screen shows of one output.

    Args:
        desk: the launch.
        item: the output as it was read.
        asked: as what it is to be shown.
        said: what the person was about to save, where that could not be saved; what was saved unless given.
    """
    queue = desk.queue(item.queue)
    own = said or item.said
    against = None if item.expected is None else _text(item.expected)
    return ItemView(
        item,
        item.position + 1,
        len(desk.state(item.queue).items),
        item.criterion.question or item.criterion.id if item.criterion else OPEN_QUESTION,
        None if item.input is None else render(_text(item.input)),
        None if item.text is None else render(item.text, asked.kind, whole=asked.whole, against=against),
        render_steps(json.dumps(item.steps)) if item.steps else None,
        None if against is None else render(against),
        tuple(_step_name(number, step) for number, step in enumerate(item.steps or (), start=1)),
        _modes(desk, queue, item, own),
        secrets.token_hex(16),
        own.note,
        item.said,
    )


@dataclass(frozen=True)
class Edge:
    """Where a queue stands, in few words.

    Attributes:
        queue: which.
        number: where the person is, from 1; 0 when nowhere.
        progress: counts.
        saturation: how much is still new; None where that is not known or not told.
    """

    queue: Queue
    number: int
    progress: Progress
    saturation: Saturation | None

    @property
    def curve(self) -> str:
        """The points of the saturation curve in a drawing of 100 by 40; empty when there is none."""
        found = self.saturation.curve if self.saturation else ()
        return curve_points(found)


def position_of(visit: Visit) -> int:
    """Return which output of a queue an address names, from 0; addresses count from 1 as people do.

    Raises:
        BadInput: it is no number.
    """
    given = str(visit.path["number"])
    if not given.isdecimal() or len(given) > 9:
        raise BadInput("there is no such output", where=visit.at, remedy="outputs have numbers, from 1")
    return int(given) - 1


def curve_points(curve: Sequence[int], *, width: int = 100, height: int = 40) -> str:
    """Return the points of a curve of failure modes seen.

    >>> curve_points((1, 1, 2))
    '0,20 50,20 100,0'
    """
    if len(curve) < 2 or not curve[-1]:
        return ""
    step = max(1, len(curve) // 200)
    picked = [*range(0, len(curve) - 1, step), len(curve) - 1]
    return " ".join(
        f"{round(width * at / (len(curve) - 1), 1):g},{round(height * (1 - curve[at] / curve[-1]), 1):g}"
        for at in picked
    )


def _modes(desk: Desk, queue: Queue, item: Item, own: Said) -> tuple[ModeChoice, ...]:
    """Return the failure modes, but none in the first reading: a list would show what is on it and hide the rest."""
    if is_first_reading(desk, queue) and item.said.state not in FIRM:
        return ()
    taxonomy = desk.launch.reading.taxonomy
    merged_into = counts_for(taxonomy)
    given = {merged_into.get(name, name) for name in own.modes}
    keys: Mapping[int, str] = dict(enumerate(MODE_KEYS))
    modes = asked_first(active(taxonomy), queue.about.get("mode"))
    return tuple(ModeChoice(mode, keys.get(at, ""), mode.id in given) for at, mode in enumerate(modes))


def asked_first(modes: Iterable[FailureMode], mode: str | None) -> list[FailureMode]:
    """Return failure modes with those first that a queue is about: keys are few, and a split is why it is read again.

    >>> late, lost = FailureMode(id="late"), FailureMode(id="lost", split_from="gone")
    >>> [each.id for each in asked_first([late, lost], "gone")]
    ['lost', 'late']
    """
    return sorted(modes, key=lambda each: mode is None or mode not in (each.id, each.split_from))


def is_first_reading(desk: Desk, queue: Queue) -> bool:
    """Return whether a queue is the launch's first open reading."""
    opens = [known.no for known in desk.known.values() if known.criterion == OPEN_READING]
    return queue.criterion == OPEN_READING and queue.no == min(opens, default=queue.no)


def _step_name(number: int, step: Any) -> str:
    about = step if isinstance(step, dict) else {}
    name = next((about[k] for k in ("tool", "name", "role", "type") if isinstance(about.get(k), str)), "")
    return f"{number}. {name[:60]}" if name else f"step {number}"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
