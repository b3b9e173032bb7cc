"""Next: which outputs of a queue a person reads now."""

from __future__ import annotations

from dataclasses import dataclass

from shipworthy.services.desk import Desk
from shipworthy.services.reviewer import reader_number


@dataclass(frozen=True)
class Next:
    """What a person reads now.

    Attributes:
        positions: the outputs that are held for the person, in order; empty when nothing is left.
        put_off: the outputs that the person deferred, to come back to.
    """

    positions: tuple[int, ...]
    put_off: tuple[int, ...]

    @property
    def position(self) -> int | None:
        """The one to read now."""
        return self.positions[0] if self.positions else None


def next_item(desk: Desk, queue: str, reviewer: str, *, ahead: int = 1) -> Next:
    """Hold the next outputs for a person; nobody else gets them while they are held, unless several are wanted.

    What the person holds already comes first, so that a reload resumes where it was.

    Args:
        desk: the launch.
        queue: which queue.
        reviewer: who.
        ahead: how many to hold, for a page that loads the next one while this one is read.

    Raises:
        BadInput: there is no such queue.
    """
    desk.refresh()
    state = desk.state(queue)
    with desk.lock:
        number = reader_number(desk, reviewer)
        found = state.next_for(number, desk.clock(), ahead, desk.lease_s)
        return Next(tuple(found), tuple(state.put_off_by(number)) if not found else ())


def hold(desk: Desk, queue: str, position: int, reviewer: str) -> None:
    """Hold one output that a person went to; an output that somebody else holds is not taken away."""
    state = desk.state(queue)
    with desk.lock:
        number = reader_number(desk, reviewer)
        state.hold(position, number, desk.clock() + desk.lease_s)


def give_back(desk: Desk, queue: str, reviewer: str) -> None:
    """Give back everything that a person holds in a queue, as when they leave."""
    state = desk.state(queue)
    with desk.lock:
        number = reader_number(desk, reviewer)
        for position in list(state.held[number]):
            state.release(position, number)
