"""The desk of a server: one for each launch that it keeps open, with what is expensive to say of a queue."""

from __future__ import annotations

import threading
import time
from weakref import WeakKeyDictionary

from shipworthy.decision.reading_rates import Saturation
from shipworthy.services.desk import Desk
from shipworthy.services.kept import Kept
from shipworthy.services.queue_progress import queue_saturation
from shipworthy.services.reviewer import reader_number
from shipworthy.web.serving import Serving
from shipworthy.web.teaching import CARDS
from shipworthy.web.visit import Visit

STALE_S = 1.0
"""How old a saturation may be before a page works it out again."""
SLOW_S = 0.1
"""Seconds from which working it out must not hold up a page."""
SHARE = 20
"""How many times as long as it took nobody works it out again."""
LARGE = 5_000
"""Cases from which it is taken to be slow before it was ever worked out."""
_lock = threading.Lock()
_desks: WeakKeyDictionary[Kept, Desk] = WeakKeyDictionary()
_known: WeakKeyDictionary[Desk, dict[str, tuple[int, float, float, Saturation | None]]] = WeakKeyDictionary()


def desk_of(serving: Serving) -> Desk:
    """Return the desk of a server's launch, made at its first use; it follows the folder's files.

    Raises:
        FolderHasProblems: something in the folder is wrong.
    """
    kept = serving.kept
    launch = kept.opened()
    with _lock:
        desk = _desks.get(kept)
        if desk is None:
            desk = _desks[kept] = Desk(launch)
        elif desk.launch is not launch:
            desk.turn_to(launch)
        return desk


def desk_at_hand(visit: Visit) -> Desk | None:
    """Return the desk if it can be used without waiting: the launch is as its files are, and nothing is due."""
    launch, desk = visit.launch_at_hand, _desks.get(visit.serving.kept)
    return desk if desk is not None and desk.launch is launch and desk.is_fresh else None


def close_desk(kept: Kept) -> None:
    """Commit what is left of a launch's labels, when its server stops."""
    with _lock:
        desk = _desks.pop(kept, None)
    if desk is not None:
        desk.close()


def saturation_of(desk: Desk, queue: str, *, renew: bool = True) -> Saturation | None:
    """Return how much is still new in a queue; worked out so rarely that it takes a small share of the time.

    Args:
        desk: the launch.
        queue: which queue.
        renew: work it out again where labels came since, also where that was slow the last time.
    """
    known = _known.setdefault(desk, {})
    last, at, took, found = known.get(queue, (-1, float("-inf"), SLOW_S if _is_large(desk) else 0.0, None))
    is_due = time.monotonic() - at > max(STALE_S, SHARE * took)
    if last != desk.last and is_due and (renew or took < SLOW_S):
        begun = time.monotonic()
        last, found = desk.last, queue_saturation(desk, queue)
        known[queue] = (last, time.monotonic(), time.monotonic() - begun, found)
    return found


def _is_large(desk: Desk) -> bool:
    return sum(part.n_cases for part in desk.launch.cases.parts.values()) > LARGE


def labelled_by(desk: Desk, who: str) -> int:
    """Return how many outputs a person has labelled, as far as that matters: no more than there are cards."""
    return min(desk.labelled[reader_number(desk, who)], len(CARDS))
