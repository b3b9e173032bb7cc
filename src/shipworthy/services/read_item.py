"""Read: one output of a queue with everything that is needed to judge it, and nothing that could sway."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import msgspec

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.review import NOTHING, Said
from shipworthy.services.desk import Desk
from shipworthy.services.reviewer import reviewer_number
from shipworthy.services.save_label import chain_of
from shipworthy.store.output_texts import whole
from shipworthy.store.review import chain


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
    number = reviewer_number(desk, reviewer)
    of = chain_of(state, position, number)
    output = of[1]
    known = desk.version(of)
    with desk.launch.ledger.read() as connection:
        found = whole(connection, desk.launch.cases.no, output)
        mine = chain(connection, *of) if known else []
    case = desk.places.case(found.case)
    criteria = {criterion.id: criterion for criterion in desk.launch.reading.criteria}
    return Item(
        queue, position, found.case, found.part == "holdout",
        case.input if case else None, case.expected if case else None, dict(case.tags) if case else {},
        found.text, plain_output(found.text), _steps(found.steps), found.reason,
        criteria.get(state.queue.criterion), mine[-1].said if mine else NOTHING, mine[-1].version if mine else 0,
        (number, output, of[2]) in desk.revealed,
    )  # fmt: skip


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
