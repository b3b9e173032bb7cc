"""Labels are committed together: one thread writes whatever has come in, and acknowledged means durable.

While one group is being written the next gathers, so a hundred people cost a few commits a second, and one person
waits for one. Each group is sealed by an event of the journal that holds a digest of its rows, and of the wording
of each criterion that was labelled under.
"""

from __future__ import annotations

import contextlib
import json
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection

from shipworthy.domain.errors import BadInput, Refused, ShipworthyError
from shipworthy.domain.review import NOTHING, Output, Said, Stale, Turn, before, next_undone
from shipworthy.services.clock import now
from shipworthy.store import journal
from shipworthy.store.digest import labels_digest
from shipworthy.store.ledger import Ledger
from shipworthy.store.review import (
    LabelRow,
    Light,
    acts_of,
    by_client,
    by_number,
    chain,
    last_label,
    reviewers_of,
    write_labels,
    write_reviewer,
)

MOST = 500
"""Labels in one group."""

APART_S = 0.04
"""Seconds from the beginning of a commit to that of the next while several people label: each costs its processor time."""

Chain = tuple[int, Output, str, str]


@dataclass(frozen=True)
class ToSave:
    """A label on its way into the ledger; `version` is the one that its writer had read."""

    reviewer_no: int
    output: Output
    criterion: str
    turn: Turn
    said: Said
    version: int
    client_id: str
    queue_no: int | None = None
    ms_spent: int | None = None
    blind: str = "{}"

    @property
    def chain(self) -> Chain:
        """Whose label, on what, under which criterion."""
        return self.reviewer_no, self.output, self.criterion, self.turn


@dataclass(frozen=True)
class ToUndo:
    """An undo on its way into the ledger: of the last thing that one person did, in one queue or anywhere."""

    reviewer_no: int
    queue_no: int | None
    client_id: str


@dataclass(frozen=True)
class ToMeet:
    """A name on its way into the ledger, with the first thing that somebody of that name says."""

    name: str


Wanted = ToSave | ToUndo | ToMeet


class Picture(Protocol):
    """What the desk holds in memory of the labels."""

    def catch_up(self, connection: Connection) -> None:
        """Take in what other processes have written."""

    def take_in(self, rows: list[Light]) -> None:
        """Take in what was just committed."""

    def version(self, chain: Chain) -> int:
        """Return the version that holds in a chain."""

    def met(self, people: dict[str, int]) -> None:
        """Take in who is written down by now."""

    def wordings(self) -> dict[str, str]:
        """Return a digest of how each criterion reads now."""


class Commits:
    """The one writer of labels in this process.

    Args:
        ledger: where.
        picture: what is told of every commit.
        committing: called inside the transaction before it ends; tests stop there.
    """

    def __init__(
        self, ledger: Ledger, picture: Picture, *, committing: Callable[[], None] = lambda: None
    ) -> None:
        self.ledger = ledger
        self.picture = picture
        self.committing = committing
        self.inbox: queue.SimpleQueue[tuple[Wanted, Future[Any]] | None] = queue.SimpleQueue()
        self.closed = False
        self.thread = threading.Thread(target=self._work, name="labels", daemon=True)
        self.thread.start()

    def submit(self, wanted: ToSave | ToUndo) -> Future[LabelRow]:
        """Hand a label over; the future is done when it is durable, or says why it is refused."""
        return self._put(wanted)

    def meet(self, name: str) -> Future[int]:
        """Hand a reviewer's name over; the future is their number, once it is durable."""
        return self._put(ToMeet(name))

    def _put(self, wanted: Wanted) -> Future[Any]:
        if self.closed:
            raise Refused("the review is closed", remedy="start the server again")
        future: Future[Any] = Future()
        self.inbox.put((wanted, future))
        return future

    def close(self) -> None:
        """Commit what was handed over, and stop."""
        self.closed = True
        self.inbox.put(None)
        self.thread.join()

    def _work(self) -> None:
        began, many = float("-inf"), False
        while True:
            first = self.inbox.get()
            if first is None:
                return
            if many and not self.closed:
                time.sleep(min(APART_S, max(0.0, began + APART_S - time.monotonic())))
            began, group = time.monotonic(), [first]
            ends = False
            with contextlib.suppress(queue.Empty):
                while len(group) < MOST and not ends:
                    more = self.inbox.get_nowait()
                    ends = more is None
                    group += [] if more is None else [more]
            many = len(group) > 1
            self._commit(group)
            if ends:
                return

    def _commit(self, group: list[tuple[Wanted, Future[Any]]]) -> None:
        done: list[tuple[Future[Any], LabelRow | int | ShipworthyError]] = []
        try:
            with self.ledger.write() as connection:
                self.picture.catch_up(connection)
                clients = [wanted.client_id for wanted, _ in group if not isinstance(wanted, ToMeet)]
                writing = _Writing(connection, self.picture, clients)
                for wanted, future in group:
                    try:
                        done.append((future, writing.do(wanted)))
                    except ShipworthyError as error:
                        done.append((future, error))
                writing.seal()
                self.committing()
            self.picture.met(writing.people)
            self.picture.take_in([light(row) for row in writing.rows])
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it, and the next group is tried
            for _, future in group:
                future.set_exception(error)
            return
        for future, result in done:
            if isinstance(result, ShipworthyError):
                future.set_exception(result)
            else:
                future.set_result(result)


class _Writing:
    """One group in its transaction."""

    def __init__(self, connection: Connection, picture: Picture, clients: list[str]) -> None:
        self.connection = connection
        self.picture = picture
        self.known = by_client(connection, clients)
        self.next = last_label(connection) + 1
        self.rows: list[LabelRow] = []
        self.written = 0
        self.versions: dict[Chain, int] = {}
        self.people: dict[str, int] = {}
        self.at = now()

    def do(self, wanted: Wanted) -> LabelRow | int:
        if isinstance(wanted, ToMeet):
            return self._meet(wanted.name)
        before_it = self.known.get(wanted.client_id)
        if before_it is not None:
            if not _same(before_it, wanted):
                raise BadInput(
                    "this id was used for another label already",
                    where=f"client id {wanted.client_id[:60]}",
                    remedy="give every label an id of its own",
                )
            return before_it
        row = self._save(wanted) if isinstance(wanted, ToSave) else self._undo(wanted)
        self.rows.append(row)
        self.known[row.client_id] = row
        self.versions[row.reviewer_no, row.output, row.criterion, row.turn] = row.version
        return row

    def seal(self) -> None:
        self._flush()
        if self.rows:
            first, last = self.rows[0].no, self.rows[-1].no
            digest = labels_digest(self.connection, first, last)
            body = {"first": first, "last": last, "digest": digest, **self._words()}
            journal.append(self.connection, verb="labels", body=body, at=self.at)

    def _words(self) -> dict[str, dict[str, str]]:
        under = {row.criterion for row in self.rows}
        read = {name: words for name, words in self.picture.wordings().items() if name in under}
        return {"wordings": read} if read else {}

    def _meet(self, name: str) -> int:
        self.people = self.people or reviewers_of(self.connection)
        if name not in self.people:
            self.people[name] = write_reviewer(self.connection, name)
            body = {"reviewer": self.people[name], "name": name}
            journal.append(self.connection, verb="reviewer", body=body, at=self.at)
        return self.people[name]

    def _save(self, wanted: ToSave) -> LabelRow:
        holds = self._version(wanted.chain)
        if holds != wanted.version:
            self._flush()
            rows = chain(self.connection, *wanted.chain)
            raise Stale(wanted.said, rows[-1].said if rows else NOTHING, holds)
        return self._row(wanted, wanted.said, holds + 1, wanted.blind, wanted.queue_no, wanted.ms_spent, None)

    def _undo(self, wanted: ToUndo) -> LabelRow:
        self._flush()
        number = next_undone(acts_of(self.connection, wanted.reviewer_no, wanted.queue_no))
        if number is None:
            raise Refused("there is nothing left to undo", remedy="label something first")
        taken = by_number(self.connection, number)
        rows = chain(self.connection, wanted.reviewer_no, taken.output, taken.criterion, taken.turn)
        if rows[-1].said != taken.said:
            raise Refused(
                "this label was changed in another queue since",
                remedy="undo it there, or label the output again",
            )
        turn: Turn = taken.turn  # type: ignore[assignment]
        restored = before([(row.version, row.said) for row in rows], taken.version)
        back = ToSave(wanted.reviewer_no, taken.output, taken.criterion, turn, restored, 0, wanted.client_id)
        return self._row(back, restored, rows[-1].version + 1, taken.blind, taken.queue_no, None, number)

    def _row(
        self, of: ToSave, said: Said, version: int, blind: str, queue_no: int | None, ms: int | None,
        undoes: int | None,
    ) -> LabelRow:  # fmt: skip
        row = LabelRow(
            self.next, self.at, of.reviewer_no, *of.output, of.criterion, of.turn, version, said.state, said.note,
            json.dumps(list(said.modes)), said.step, queue_no, of.client_id, ms, blind, undoes,
        )  # fmt: skip
        self.next += 1
        return row

    def _version(self, of: Chain) -> int:
        return self.versions[of] if of in self.versions else self.picture.version(of)

    def _flush(self) -> None:
        write_labels(self.connection, self.rows[self.written :])
        self.written = len(self.rows)


def light(row: LabelRow) -> Light:
    """Return as much of a label as is kept in memory."""
    return Light(
        row.no, row.reviewer_no, *row.output, row.criterion, row.turn, row.version, row.state, row.queue_no
    )


def _same(row: LabelRow, wanted: ToSave | ToUndo) -> bool:
    """Whether a label that came again is the one that was written."""
    if isinstance(wanted, ToUndo):
        return row.undoes is not None and row.reviewer_no == wanted.reviewer_no
    told = (row.reviewer_no, row.output, row.criterion, row.turn)
    return row.undoes is None and told == wanted.chain and row.said == wanted.said
