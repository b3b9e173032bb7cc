"""The desk that labels are given at: a launch kept open, its queues and current labels in memory.

The web app keeps one for as long as it runs; a command makes one for a while. What is in memory is only a picture of
the ledger: every write checks against the ledger itself, and what other processes wrote is taken in.
"""

from __future__ import annotations

import gc
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from shipworthy.domain.errors import BadInput
from shipworthy.domain.review import Output
from shipworthy.services.label_commits import Chain, Commits
from shipworthy.services.opened import Opened, opened
from shipworthy.services.queue_state import QueueState
from shipworthy.services.wordings import wordings
from shipworthy.store.case_places import CasePlaces
from shipworthy.store.output_texts import Whole
from shipworthy.store.review import (
    Light,
    Queue,
    all_queues,
    all_reveals,
    items_of,
    light_labels,
    reviewers_of,
)

T = TypeVar("T")
LEASE_S = 900.0
"""How long an item stays with a person who says nothing."""
FRESH_S = 1.0
"""How old the picture of what other processes wrote may be."""


class Desk:
    """A launch that is being reviewed.

    Args:
        launch: the launch, opened; whoever opened it closes it after the desk.
        lease_s: how long an item stays with a person who says nothing.
        clock: seconds that only go on.
    """

    def __init__(
        self,
        launch: Opened,
        *,
        lease_s: float = LEASE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.launch = launch
        self.lease_s = lease_s
        self.clock = clock
        self.lock = threading.RLock()
        self.refreshing = threading.Lock()
        self.loading = threading.RLock()
        self.remembered: dict[tuple[str, int], tuple[float, Any]] = {}
        self.states: dict[int, QueueState] = {}
        self.versions: dict[Chain, int] = {}
        self.labelled: Counter[int] = Counter()
        self.people: dict[str, int] = {}
        self.guests: dict[str, int] = {}
        self.guest_numbers = itertools.count(-1, -1)  # none twice: its holder may still hold something
        self.texts: dict[tuple[int, Output], Whole] = {}
        self.known: dict[str, Queue] = {}
        self.revealed: set[tuple[int, Output, str]] = set()
        self.last = 0
        self.looked_at = float("-inf")
        self.places = CasePlaces(launch.layout)
        self.refresh(always=True)
        self.commits = Commits(launch.ledger, self)

    def close(self) -> None:
        """Commit what is left."""
        self.commits.close()

    def turn_to(self, launch: Opened) -> None:
        """Go on with the launch as its files read now; the ledger must be the same."""
        with self.lock:
            self.launch = launch
            self.places = CasePlaces(launch.layout)

    @property
    def is_fresh(self) -> bool:
        """Whether what other processes wrote was taken in a moment ago."""
        return self.clock() - self.looked_at < FRESH_S

    def refresh(self, *, always: bool = False) -> None:
        """Take in what other processes wrote, now and then.

        Nothing is read while `lock` is held: whoever reads may have to wait for a connection, and whoever has one
        may be waiting for the lock.
        """
        if not always and self.is_fresh:
            return
        if not self.refreshing.acquire(blocking=always):
            return
        try:
            with self.launch.ledger.read() as connection:
                people = reviewers_of(connection)
                known = {queue.key: queue for queue in all_queues(connection)}
                revealed = set(all_reveals(connection))
                rows = light_labels(connection, self.last)
            with self.lock:
                self.met(people)
                self.known.update(known)
                self.revealed |= revealed
                self.take_in(rows)
                self.looked_at = self.clock()
        finally:
            self.refreshing.release()

    def met(self, people: dict[str, int]) -> None:
        """Take in who is written down by now; what they held as guests stays theirs."""
        with self.lock:
            self.people.update(people)
            for name in [name for name in self.guests if name in people]:
                guest = self.guests.pop(name)
                for state in self.states.values():
                    state.renumber(guest, people[name])

    def wordings(self) -> dict[str, str]:
        """Return a digest of how each criterion reads now."""
        return wordings(self.launch.reading.criteria)

    def catch_up(self, connection: Connection) -> None:
        """Take in labels that other processes committed, in a transaction that keeps others from writing."""
        self.take_in(light_labels(connection, self.last))

    def take_in(self, rows: list[Light]) -> None:
        """Take in labels that were just committed."""
        with self.lock:
            self._told([row for row in rows if row.no > self.last])

    def queue(self, key: str) -> Queue:
        """Return a queue by its key.

        Raises:
            BadInput: there is none.
        """
        if key not in self.known:
            self.refresh(always=True)
        if key not in self.known:
            known = ", ".join(self.known) or "none yet"
            raise BadInput(
                f"there is no queue `{key}`", where="the ledger", remedy=f"queues there are: {known}"
            )
        return self.known[key]

    def state(self, key: str) -> QueueState:
        """Return a queue with its items and what was said of them; loaded at its first use.

        Raises:
            BadInput: there is none.
        """
        queue = self.queue(key)
        found = self.states.get(queue.no)
        if found is not None:
            return found
        with self.loading:  # a hundred people come back at once: one of them loads it, the others wait
            return self.states.get(queue.no) or self._load(queue)

    def _load(self, queue: Queue) -> QueueState:
        with self.launch.ledger.read() as connection:
            made = QueueState(queue, items_of(connection, queue.no))
            rows = light_labels(connection, 0)
        while True:
            with self.lock:
                if (rows[-1].no if rows else 0) >= self.last:
                    for row in rows:
                        if row.no <= self.last:
                            made.told(row)
                    # What a queue holds stays while the server runs. To look for garbage in it would stop
                    # everybody, for tenths of a second where it is long.
                    gc.freeze()
                    return self.states.setdefault(queue.no, made)
            with self.launch.ledger.read() as connection:
                rows += light_labels(connection, rows[-1].no if rows else 0)

    def remember(self, what: str, of: int, seconds: float, make: Callable[[], T]) -> T:
        """Return a value that is costly to make, made again when it is older than so many seconds."""
        found = self.remembered.get((what, of))
        if found is not None and self.clock() - found[0] < seconds:
            return cast(T, found[1])
        made = make()
        self.remembered[what, of] = (self.clock(), made)
        return made

    def version(self, chain: Chain) -> int:
        """Return the version that holds in a chain; 0 when nothing was ever said."""
        with self.lock:
            return self.versions.get(chain, 0)

    def _told(self, rows: list[Light]) -> None:
        for row in rows:
            output = Output(row.variant_no, row.case_no, row.repeat)
            chain = (row.reviewer_no, output, row.criterion, row.turn)
            self.labelled[row.reviewer_no] += chain not in self.versions
            self.versions[chain] = row.version
            for state in self.states.values():
                state.told(row)
            self.last = row.no


@contextmanager
def desk_at(folder: Path) -> Iterator[Desk]:
    """Open a launch for reviewing, for a while.

    Raises:
        FolderHasProblems: something in the folder is wrong.
        BadInput: there is no such folder.
    """
    with opened(folder) as launch:
        desk = Desk(launch)
        try:
            yield desk
        finally:
            desk.close()
