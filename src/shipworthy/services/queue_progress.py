"""Where a queue stands: counts that end, who did how much, saturation, and how often each failure mode was found."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection

from shipworthy.decision.queue_draw import Drawable, homes
from shipworthy.decision.reading_rates import ModeRate, Read, Saturation, mode_rates, saturation
from shipworthy.domain.errors import Refused
from shipworthy.domain.review import Output, Progress
from shipworthy.services.desk import Desk
from shipworthy.services.queue_kinds import strata
from shipworthy.store.drawable import answered
from shipworthy.store.mode_labels import first_read
from shipworthy.store.review import Queue, current_labels
from shipworthy.store.tables import PARTS

MANY = 500
"""Labels from which on what is still new is not worked out for every page."""
AGE_S = 5.0
GROUPS_S = 600.0
"""How long the groups of a queue's outputs are kept in mind; they change with the eval set alone."""


@dataclass(frozen=True)
class QueueStanding:
    """Where a queue stands.

    Attributes:
        queue: which.
        progress: counts.
        by_reviewer: name to how many they labelled.
        saturation: how much is still new; None where that would tell something of sealed outputs.
        rates: of each failure mode; empty where none may be told or follows.
        no_rates: why there are no rates; empty where there are.
    """

    queue: Queue
    progress: Progress
    by_reviewer: dict[str, int]
    saturation: Saturation | None
    rates: list[ModeRate]
    no_rates: str


def progress(desk: Desk, queue: str) -> Progress:
    """Return the counts of a queue: quick, for every page.

    Raises:
        BadInput: there is no such queue.
    """
    desk.refresh()
    state = desk.state(queue)
    with desk.lock:
        return state.progress()


def queue_standing(desk: Desk, queue: str) -> QueueStanding:
    """Return everything that may be said of where a queue stands.

    Raises:
        BadInput: there is no such queue.
    """
    counts = progress(desk, queue)
    state = desk.state(queue)
    names = {number: name for name, number in desk.people.items()}
    with desk.lock:
        by = {names.get(no, "somebody"): n for no, n in sorted(state.done_by.items()) if n}
    if state.queue.sealed:
        return QueueStanding(state.queue, counts, by, None, [], "these outputs are sealed")
    read = read_outputs(desk, queue)
    if not read:
        return QueueStanding(state.queue, counts, by, None, [], "nothing is labelled yet")
    of = state.queue.about.get("of")
    why = "" if state.queue.about.get("rates") else f"these are {of}: no rate follows"
    rates = [] if why else mode_rates(read, groups=state.queue.about["groups"])
    return QueueStanding(state.queue, counts, by, saturation(read), rates, why)


def queue_saturation(desk: Desk, queue: str) -> Saturation | None:
    """Return how much is still new in a queue; None where nothing is labelled or the outputs are sealed.

    For every page: what it says may be a few seconds old where there are many labels.

    Raises:
        BadInput: there is no such queue.
    """
    found = desk.queue(queue)
    if found.sealed:
        return None
    age = AGE_S if desk.last > MANY else 0.0
    return desk.remember("saturation", found.no, age, lambda: _saturation(read_outputs(desk, queue)))


def _saturation(read: list[Read]) -> Saturation | None:
    return saturation(read) if read else None


def read_outputs(desk: Desk, queue: str) -> list[Read]:
    """Return the labelled outputs of a queue, in the order in which they were first labelled.

    An output that several people labelled shows the failure modes that any of them named; what was settled wins.

    Raises:
        BadInput: there is no such queue.
        Refused: the queue is about sealed outputs.
    """
    state = desk.state(queue)
    if state.queue.sealed:
        raise Refused("these outputs are sealed: nothing is summed up before a look", where=queue)
    with desk.launch.ledger.read() as connection:
        rows = current_labels(connection, state.queue.criterion, list(state.own))
        groups = groups_of(desk, connection, state.queue)
        first = first_read(connection, state.queue.criterion)
    own: dict[Output, list[Read]] = defaultdict(list)
    settled: dict[Output, list[Read]] = {}
    for row in rows:
        if row.turn == "again" or row.output not in groups:
            continue
        read = Read(*groups[row.output], row.state, frozenset(row.said.modes))
        own[row.output].append(read)
        if row.turn == "settled":
            settled[row.output] = [read]
    ordered = sorted(own, key=first.__getitem__)
    return [_together(settled.get(output, own[output])) for output in ordered]


def groups_of(desk: Desk, connection: Connection, queue: Queue) -> dict[Output, tuple[int, str]]:
    """Return group and stratum of every answered output of a queue that may be summed up."""
    key = queue.no * 1_000_000 + desk.launch.cases.no
    return desk.remember("groups", key, GROUPS_S, lambda: _groups(desk, connection, queue))


def _groups(desk: Desk, connection: Connection, queue: Queue) -> dict[Output, tuple[int, str]]:
    names = strata(desk.launch, connection, queue.about.get("by", "")) if queue.kind == "stratified" else {}
    variants = {output.variant_no for output in desk.state(queue.key).own}
    found = answered(connection, desk.launch.cases.no, variants, set(PARTS) - {"holdout"})
    home = homes(Drawable(each.output, each.group, names.get(each.tagset, "")) for each in found)
    return {each.output: (each.group, home[each.group]) for each in found}


def _together(read: list[Read]) -> Read:
    """Return what several people's labels on one output say together."""
    states = {each.state for each in read}
    state = "fail" if "fail" in states else "pass" if "pass" in states else "defer"
    return Read(read[0].group, read[0].stratum, state, frozenset().union(*(each.modes for each in read)))
