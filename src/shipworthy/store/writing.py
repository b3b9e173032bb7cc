"""The run that outputs go into: begun, taken over from an interruption, closed so that it counts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from shipworthy.store import journal
from shipworthy.store.ingest import Ingest
from shipworthy.store.runs import ASKED, Run, close_run, has_first, is_closed, open_run, run_key, unfinished
from shipworthy.store.tables import closings, runs


class Answered:
    """A reply, in the form in which the ledger takes outputs."""

    scores: dict[str, float | None] | None = None
    explanations: dict[str, str] | None = None

    def __init__(
        self,
        case: str,
        repeat: int,
        text: str | None,
        reason: str | None,
        latency_s: float,
        cost_usd: float | None,
        steps: str | None,
    ) -> None:
        self.case = case
        self.repeat: int | None = repeat
        self.status = "no answer" if text is None else "answered"
        self.output = text
        self.reason = reason
        self.latency_s: float | None = latency_s
        self.cost_usd = cost_usd
        self.steps = steps


class Writing:
    """The run that outputs go into; another one once a second process has closed it.

    Args:
        name: the variant.
        variant_no: its number in the ledger.
        fingerprint: the state of its code.
        repeats: planned for each case.
        kind: `run`; `fresh` for a further go whose answers do not count.
        opened: number of the last journal event before it began; of the last there is when it is written, unless said.
    """

    def __init__(
        self,
        name: str,
        variant_no: int,
        fingerprint: str,
        repeats: int,
        kind: str = "run",
        opened: int | None = None,
    ) -> None:
        self.name, self.fingerprint, self.opened = name, fingerprint, opened
        self.about: dict[str, Any] = {"variant": name, "kind": kind}
        self.key = (kind, name, fingerprint)
        self.kind = kind
        self.variant_no = variant_no
        self.repeats = repeats
        self.run: Run | None = None
        self.ingest: Ingest | None = None

    @property
    def made_of(self) -> tuple[str, int, str, int, str, int | None]:
        """What another process makes it of."""
        return self.name, self.variant_no, self.fingerprint, self.repeats, self.kind, self.opened

    def take_over(self, connection: Connection, *, locked: int, finished: bool, at: str) -> None:
        """Go on with the run that an interruption left open; close it where it cannot hold what comes now.

        A run that began before the lock explores for ever, so nothing sealed may go into it.
        """
        self.opened, _ = journal.head(connection)
        left = self._interrupted(connection)
        if left is not None and (finished or left.opened < locked):
            close_run(connection, left, at=at, about=self.about, needed=[])
        elif left is not None:
            self.go_on(connection, left)

    def begin(self, connection: Connection) -> Run:
        """Return the open run, begun if need be."""
        if self.run is None or is_closed(connection, self.run):
            key = run_key(*self.key, str(self._runs_so_far(connection)))
            about = {"variant": self.about["variant"]}
            self.go_on(
                connection,
                open_run(
                    connection,
                    key,
                    kind=self.kind,
                    variant_no=self.variant_no,
                    about=about,
                    opened=self.opened,
                ),
            )
        assert self.run is not None
        return self.run

    def write(self, connection: Connection, pending: list[tuple[int, Answered]]) -> None:
        """Write a batch of outputs into the run that was begun in this transaction."""
        assert self.ingest is not None
        if pending:
            self.ingest.write(connection, pending)

    def adopt(self, connection: Connection) -> None:
        """Go on with the run that is open, whoever began it; there may be none."""
        if (left := self._interrupted(connection)) is not None:
            self.go_on(connection, left)

    def close(self, connection: Connection, *, at: str, **about: Any) -> None:
        """Let the run count, and with it what was begun in the other way and left open: first answers may lie in there.

        Args:
            connection: a writing transaction.
            at: the time as text, for the journal.
            about: what the closing event says beside the digest.
        """
        if self.run is not None:
            close_run(connection, self.run, at=at, about={**self.about, **about}, needed=[])
        for run, kind, _ in unfinished(connection):
            if (
                run.variant_no == self.variant_no
                and {kind, self.kind} == ASKED
                and has_first(connection, run)
            ):
                close_run(connection, run, at=at, about={**self.about, "kind": kind}, needed=[])

    def go_on(self, connection: Connection, run: Run) -> None:
        """Let what follows go into an open run."""
        self.run = run
        self.ingest = Ingest(connection, run, repeats=self.repeats)
        self.ingest.resumes = False  # only what is missing was asked for

    def _interrupted(self, connection: Connection) -> Run | None:
        found = [
            run
            for run, kind, _ in unfinished(connection)
            if run.variant_no == self.variant_no and kind == self.kind
        ]
        return found[0] if found else None

    def _runs_so_far(self, connection: Connection) -> int:
        query = select(runs.c.no).join(closings).where(runs.c.variant_no == self.variant_no)
        return len(connection.execute(query).all())
