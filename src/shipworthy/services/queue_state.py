"""One queue in memory: which item a person gets next, who holds which, and how far everything is.

Nothing is searched from the beginning: each person has a cursor that only moves on, and what comes back behind it
(an expired lease, an undo, a label that leaves an item unfinished) is kept apart and offered first.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator

from shipworthy.domain.review import FIRM, Output, Progress, State, standing
from shipworthy.store.review import ItemRow, Light, Queue

DONE = frozenset({"pass", "fail", "differ"})


class QueueState:
    """A queue with what was said of its items.

    Args:
        queue: which.
        items: its items, in order.
    """

    def __init__(self, queue: Queue, items: list[ItemRow]) -> None:
        self.queue = queue
        self.items = items
        self.own: dict[Output, int] = {}
        self.again: dict[Output, int] = {}
        for item in items:
            (self.again if item.again else self.own).setdefault(item.output, item.position)
        self.given: defaultdict[int, dict[int, State]] = defaultdict(dict)
        self.settled: dict[Output, State] = {}
        self.counts: Counter[str] = Counter({"open": len(items)})
        self.where: dict[int, str] = {}
        self.leases: defaultdict[int, dict[int, float]] = defaultdict(dict)
        self.held: defaultdict[int, set[int]] = defaultdict(set)
        self.expiries: list[tuple[float, int, int]] = []
        self.returned: dict[int, None] = {}
        self.undone: defaultdict[int, dict[int, None]] = defaultdict(dict)
        self.due: defaultdict[int, dict[int, None]] = defaultdict(dict)
        self.cursor: Counter[int] = Counter()
        self.taken = 0
        self.done_by: Counter[int] = Counter()

    @property
    def afresh(self) -> bool:
        """Whether only labels given in this queue count, as when a failure mode was split."""
        return bool(self.queue.about.get("afresh"))

    def told(self, label: Light) -> None:
        """Take in a label that was written."""
        if label.criterion != self.queue.criterion:
            return
        output = Output(label.variant_no, label.case_no, label.repeat)
        if label.turn == "settled":
            self._settle(output, label)
            return
        position = (self.again if label.turn == "again" else self.own).get(output)
        if position is None or (self.afresh and label.queue_no != self.queue.no):
            return
        self._give(position, label)
        if label.turn == "own" and label.state in FIRM and (later := self.again.get(output)) is not None:
            self.due[label.reviewer_no][later] = None

    def next_for(self, reviewer_no: int, now: float, n: int, lease_s: float) -> list[int]:
        """Lease the next items to a person: those they undid or hold already first, so that a reload resumes where it was."""
        self._expire(now)
        back = [position for position in self.undone[reviewer_no] if self._free(position, reviewer_no)]
        found = sorted({*self.held[reviewer_no], *back})[:n]
        if len(found) < n:
            for position in self._candidates(reviewer_no):
                if position not in found:
                    found.append(position)
                if len(found) == n:
                    break
        for position in found:
            self._lease(position, reviewer_no, now + lease_s)
        return found

    def put_off_by(self, reviewer_no: int) -> list[int]:
        """Return the items that a person deferred, in order."""
        return sorted(p for p, given in self.given.items() if given.get(reviewer_no) == "defer")

    def hold(self, position: int, reviewer_no: int, until: float) -> None:
        """Lease one item that a person went to, if there is room for another reader."""
        if self._free(position, reviewer_no):
            self._lease(position, reviewer_no, until)

    def release(self, position: int, reviewer_no: int) -> None:
        """Give a lease back."""
        if self.leases[position].pop(reviewer_no, None) is not None:
            self.held[reviewer_no].discard(position)
            self.returned[position] = None

    def renumber(self, guest: int, reviewer_no: int) -> None:
        """Give what a person held before they had a number to their number."""
        for position in self.held.pop(guest, ()):
            self._lease(position, reviewer_no, self.leases[position].pop(guest))
        self.cursor[reviewer_no] = self.cursor.pop(guest, 0)

    def standing_of(self, position: int) -> str:
        """Say where one item stands."""
        return self.where.get(position, "open")

    def progress(self) -> Progress:
        """Count."""
        done = sum(self.counts[each] for each in DONE)
        whole = Progress(len(self.items), done, self.counts["deferred"])
        if self.queue.sealed:
            return whole
        counted = (self.counts["pass"], self.counts["fail"], self.counts["differ"])
        return Progress(whole.items, whole.done, whole.deferred, *counted)

    def _give(self, position: int, label: Light) -> None:
        state: State = label.state  # type: ignore[assignment]
        given = self.given[position]
        before = given.pop(label.reviewer_no, None)
        self.undone[label.reviewer_no].pop(position, None)
        if state != "withdrawn":
            given[label.reviewer_no] = state
        else:
            self.undone[label.reviewer_no][position] = None
        self.done_by[label.reviewer_no] += (state in FIRM) - (before in FIRM)
        if self.leases[position].pop(label.reviewer_no, None) is not None:
            self.held[label.reviewer_no].discard(position)
        self._recount(position)

    def _settle(self, output: Output, label: Light) -> None:
        if label.state == "withdrawn":
            self.settled.pop(output, None)
        else:
            self.settled[output] = label.state  # type: ignore[assignment]
        if (position := self.own.get(output)) is not None:
            self._recount(position)

    def _recount(self, position: int) -> None:
        item = self.items[position]
        settled = None if item.again else self.settled.get(item.output)
        now = standing(self.given[position], readers=item.readers, settled=settled)
        self.counts[self.where.get(position, "open")] -= 1
        self.counts[now] += 1
        self.where[position] = now
        if now in DONE:
            self.returned.pop(position, None)
        else:
            self.returned[position] = None

    def _candidates(self, reviewer_no: int) -> Iterator[int]:
        """Yield the items that a person may have, what came back first."""
        self.cursor[reviewer_no] = max(self.cursor[reviewer_no], self._first_to_take())
        for position in list(self.returned):
            if self._free(position, reviewer_no):
                yield position
        for position in list(self.due[reviewer_no]):
            if position < self.cursor[reviewer_no] and self._free(position, reviewer_no):
                yield position
        while (position := self.cursor[reviewer_no]) < len(self.items):
            self.cursor[reviewer_no] += 1
            if self._free(position, reviewer_no):
                yield position

    def _first_to_take(self) -> int:
        """Return the place before which nobody need look: all that is there is with somebody, read, or came back.

        So a hundred people do not each go through what the others hold.
        """
        while self.taken < len(self.items) and self._is_taken(self.taken):
            self.taken += 1
        return self.taken

    def _is_taken(self, position: int) -> bool:
        item = self.items[position]
        if position in self.returned or self.where.get(position) in DONE:
            return True
        firm = sum(state in FIRM for state in self.given.get(position, {}).values())
        return firm + len(self.leases.get(position, ())) >= item.readers

    def _free(self, position: int, reviewer_no: int) -> bool:
        item, given = self.items[position], self.given.get(position, {})
        if self.where.get(position) in DONE or reviewer_no in given:
            return False
        held = self.leases.get(position, {})
        if reviewer_no in held:
            return False
        if item.again:
            first = self.own.get(item.output)
            mine = self.given.get(first, {}).get(reviewer_no) if first is not None else None
            return mine in FIRM and not held
        firm = sum(state in FIRM for state in given.values())
        return firm + len(held) < item.readers

    def _lease(self, position: int, reviewer_no: int, until: float) -> None:
        self.returned.pop(position, None)
        self.undone[reviewer_no].pop(position, None)
        self.leases[position][reviewer_no] = until
        self.held[reviewer_no].add(position)
        heapq.heappush(self.expiries, (until, position, reviewer_no))

    def _expire(self, now: float) -> None:
        while self.expiries and self.expiries[0][0] <= now:
            until, position, reviewer_no = heapq.heappop(self.expiries)
            if self.leases.get(position, {}).get(reviewer_no) == until:
                self.release(position, reviewer_no)
