"""Read: one output of a queue with everything that is needed to judge it, and nothing that could sway."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import msgspec

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.review import NOTHING, Output, Said
from shipworthy.services.desk import Desk
from shipworthy.services.queue_state import QueueState
from shipworthy.services.reviewer import reader_number
from shipworthy.services.save_label import chain_of
from shipworthy.store.output_texts import Whole, wholes
from shipworthy.store.review import chain

MOST_TOGETHER = 10
"""Outputs that are read at once, as the person's next ones."""
MOST_KEPT = 2_000
"""Outputs that are kept in mind; those that were read first go first."""
LONG = 100_000
"""Characters of outputs read at once from which they are not kept in mind."""


@dataclass(frozen=True)
class Item:
    """One output as a reviewer reads it: the variant, the scores and what others said are not in it.

    Attributes:
        queue: the key of its queue.
        position: its place there, from 0.
        case: id of its case.
        sealed: whether the case is sealed.
        input: what was asked, as the eval set has it; None when the case is no longer in it.
        expected: what was expected, as the eval set has it.
        tags: the case's tags.
        text: the output as recorded; None when there is none.
        output: the output read as JSON where it is, otherwise the text.
        steps: turns and tool calls where there was more than one step.
        reason: why there is no output.
        criterion: what is asked of it; None in open reading.
        said: what the person said of it so far.
        version: of what the person said; 0 when nothing.
        revealed: whether the person was shown what others said.
    """

    queue: str
    position: int
    case: str
    sealed: bool
    input: Any
    expected: Any
    tags: dict[str, str]
    text: str | None
    output: Any
    steps: list[Any] | None
    reason: str | None
    criterion: Criterion | None
    said: Said
    version: int
    revealed: bool


def read_item(desk: Desk, queue: str, position: int, reviewer: str) -> Item:
    """Return one output of a queue as a reviewer reads it.

    Raises:
        BadInput: there is no such queue or position.
    """
    state = desk.state(queue)
    number = reader_number(desk, reviewer)
    of = chain_of(state, position, number)
    output = of[1]
    known = desk.version(of)
    found, mine = _whole(desk, state, number, output), []
    if known:
        with desk.launch.ledger.read() as connection:
            mine = chain(connection, *of)
    case = desk.places.case(found.case)
    criteria = {criterion.id: criterion for criterion in desk.launch.reading.criteria}
    return Item(
        queue, position, found.case, found.part == "holdout",
        case.input if case else None, case.expected if case else None, dict(case.tags) if case else {},
        found.text, plain_output(found.text), _steps(found.steps), found.reason,
        criteria.get(state.queue.criterion), mine[-1].said if mine else NOTHING, mine[-1].version if mine else 0,
        (number, output, of[2]) in desk.revealed,
    )  # fmt: skip


def is_at_hand(desk: Desk, queue: str, reviewer: str, position: int | None = None) -> bool:
    """Return whether a queue, a person and, where one is asked for, an unlabelled output are in memory."""
    state = desk.states.get(desk.known[queue].no) if queue in desk.known else None
    if state is None or reviewer not in desk.people:
        return False
    if position is None:
        return True
    if not 0 <= position < len(state.items):
        return False
    of = chain_of(state, position, desk.people[reviewer])
    return not desk.version(of) and (desk.launch.cases.no, of[1]) in desk.texts


def _whole(desk: Desk, state: QueueState, number: int, output: Output) -> Whole:
    """Return one output with its words; where they must be read, those that the person holds are read with them.

    What was recorded never changes, so it is kept in mind for a while; the case's part does not outlive the eval set.
    """
    set_no = desk.launch.cases.no
    with desk.lock:
        found = desk.texts.get((set_no, output))
        held = [state.items[at].output for at in sorted(state.held.get(number, ()))[:MOST_TOGETHER]]
    if found is not None:
        return found
    wanted = [each for each in dict.fromkeys((output, *held)) if (set_no, each) not in desk.texts]
    with desk.launch.ledger.read() as connection:
        read = wholes(connection, set_no, wanted)
    with desk.lock:
        if sum(len(each.text or "") + len(each.steps or "") for each in read.values()) > LONG:
            return read[output]
        for each, words in read.items():
            if words.text is not None:
                desk.texts[set_no, each] = words
        while len(desk.texts) > MOST_KEPT:
            del desk.texts[next(iter(desk.texts))]
    return read[output]


def plain_output(text: str | None) -> Any:
    """Return an output as the JSON value that it is recorded as, or as text where it is no JSON."""
    if text is None:
        return None
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError):
        return text


def _steps(text: str | None) -> list[Any] | None:
    try:
        found = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return [text]
    return found if isinstance(found, list) or found is None else [found]
