"""Run: let variants answer the cases, write every answer down, and score what has no score yet."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select

from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.evalset import Case
from shipworthy.domain.launch import Variant
from shipworthy.runners.function import FunctionTarget
from shipworthy.runners.interface import Reply
from shipworthy.runners.seed import seed_of
from shipworthy.services.clock import now
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import candidate_of, last_lock, plan_of
from shipworthy.services.score import score_variant
from shipworthy.store.evalset_file import read_cases
from shipworthy.store.fingerprint import variant_fingerprint
from shipworthy.store.ingest import Ingest
from shipworthy.store.runs import Run, close_run, is_closed, open_run, run_key, unfinished, variant_number
from shipworthy.store.tables import cases, closings, members, outputs, runs
from shipworthy.store.trust import code_files, code_sha, is_trusted, trust

COMMIT_EVERY_S = 0.5
COMMIT_EVERY = 1024
Progress = Callable[[str, int, int], None]


@dataclass
class Recorded:
    """What a run did."""

    answered: dict[str, int] = field(default_factory=dict)
    no_answer: dict[str, int] = field(default_factory=dict)
    already: dict[str, int] = field(default_factory=dict)
    scored: dict[str, int] = field(default_factory=dict)
    sealed: dict[str, int] = field(default_factory=dict)
    """Outputs of holdout cases that were recorded now."""
    sealed_cases: int = 0
    """Holdout cases left alone because no plan is locked."""
    nothing_to_run: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ToTrust:
    """Code that a run would execute for the first time."""

    folder: Path
    files: tuple[str, ...]
    targets: tuple[str, ...]


class Answered:
    """A reply, in the form in which the ledger takes outputs."""

    cost_usd: float | None = None
    scores: dict[str, float | None] | None = None
    explanations: dict[str, str] | None = None

    def __init__(self, case: str, repeat: int, reply: Reply) -> None:
        self.case = case
        self.repeat: int | None = repeat
        self.status = "no answer" if reply.text is None else "answered"
        self.output = reply.text
        self.reason = reply.reason
        self.latency_s: float | None = reply.latency_s


def record(
    folder: Path,
    *,
    only: str | None = None,
    agree: Callable[[ToTrust], bool],
    progress: Progress = lambda _name, _done, _all: None,
) -> Recorded:
    """Run every variant that can run here, then score what has no score yet.

    Args:
        folder: the launch folder.
        only: one variant; all of them unless said.
        agree: asked once for each state of the folder's code before any of it runs.
        progress: told variant, done and planned.

    Raises:
        Refused: the code was not agreed to.
        BadInput: a variant or check cannot be loaded.
    """
    with opened(folder) as launch:
        names = _names(launch, only)
        _ask(launch, names, agree)
        with launch.ledger.read() as connection:
            lock = last_lock(connection, plan_of(launch))
        sealed_open = lock is not None and lock.holds
        done = Recorded()
        wanted = [case for case in read_cases(launch.layout, []) if sealed_open or case.part != "holdout"]
        done.sealed_cases = 0 if sealed_open else launch.cases.planned("holdout").n_cases
        for name in names:
            variant = launch.launch.resolved(name)
            if variant.python is not None:
                mine = [
                    case for case in wanted if case.part != "holdout" or _may_see_holdout(launch, name, only)
                ]
                _run_variant(launch, name, variant, mine, done, lock.seq if lock else 0, progress)
            elif not variant.recorded:
                done.nothing_to_run.append(name)
            done.scored[name] = score_variant(launch, name, progress)
        return done


def _names(launch: Opened, only: str | None) -> list[str]:
    names = list(launch.launch.variants)
    if only is None:
        return names
    if only not in names:
        raise BadInput(
            f"there is no variant `{only}`", where="launch.yaml", remedy=f"use one of {', '.join(names)}"
        )
    return [only]


def _may_see_holdout(launch: Opened, name: str, only: str | None) -> bool:
    """Only what the plan judges sees the holdout unasked: every further variant is a further try."""
    return name in (candidate_of(launch.launch), launch.launch.baseline) or name == only


def _ask(launch: Opened, names: list[str], agree: Callable[[ToTrust], bool]) -> None:
    targets = tuple(t for n in names if (t := launch.launch.resolved(n).python))
    checks = tuple(
        f"scorers:{c.scorer.check}" for c in launch.reading.criteria if c.scorer and c.scorer.check
    )
    if not targets and not checks:
        return
    sha = code_sha(launch.layout)
    if is_trusted(sha):
        return
    if not agree(
        ToTrust(
            launch.layout.folder, tuple(code_files(launch.layout)), tuple(dict.fromkeys((*targets, *checks)))
        )
    ):
        raise Refused(
            "this launch's code has not been agreed to",
            where=str(launch.layout.folder),
            remedy="read the files named above, then run again and agree, or add --trust",
        )
    trust(sha)


def _run_variant(
    launch: Opened,
    name: str,
    variant: Variant,
    wanted: list[Case],
    done: Recorded,
    locked: int,
    progress: Progress,
) -> None:
    assert variant.python is not None
    fingerprint = variant_fingerprint(launch.layout, variant)
    repeats = variant.repeats or 1
    with launch.ledger.write() as connection:
        number = variant_number(connection, name, fingerprint)
        todo = list(_missing(connection, launch, number, wanted, repeats))
    total = len(wanted) * repeats
    done.already[name] = total - len(todo)
    done.answered[name] = done.no_answer[name] = 0
    writing = _Writing(launch, name, number, fingerprint, repeats)
    with launch.ledger.write() as connection:
        writing.take_over(connection, locked=locked, finished=not todo)
    if not todo:
        return
    target = FunctionTarget(launch.layout.folder, variant.python)
    pending: list[tuple[int, Answered]] = []
    last = time.monotonic()
    for position, (case, case_no, repeat) in enumerate(todo, start=1):
        reply = target.answer(case.input, seed=seed_of(case.id, fingerprint, repeat))
        answered = reply.text is not None
        if case.part == "holdout":
            done.sealed[name] = done.sealed.get(name, 0) + 1  # how these went is not said before a look
        else:
            done.answered[name] += answered
            done.no_answer[name] += not answered
        pending.append((case_no, Answered(case.id, repeat, reply)))
        if len(pending) >= COMMIT_EVERY or time.monotonic() - last > COMMIT_EVERY_S or position == len(todo):
            with launch.ledger.write() as connection:
                writing.write(connection, pending)
            pending, last = [], time.monotonic()
            progress(name, total - len(todo) + position, total)
    with launch.ledger.write() as connection:
        writing.close(connection)


class _Writing:
    """The run that outputs go into; another one once a second process has closed it."""

    def __init__(self, launch: Opened, name: str, variant_no: int, fingerprint: str, repeats: int) -> None:
        self.launch = launch
        self.about = {"variant": name, "kind": "run"}
        self.key = ("run", name, fingerprint)
        self.variant_no = variant_no
        self.repeats = repeats
        self.run: Run | None = None
        self.ingest: Ingest | None = None

    def take_over(self, connection: Connection, *, locked: int, finished: bool) -> None:
        """Go on with the run that an interruption left open; close it where it cannot hold what comes now.

        A run that began before the lock explores for ever, so nothing sealed may go into it.
        """
        left = _interrupted(connection, self.variant_no)
        if left is not None and (finished or left.opened < locked):
            close_run(connection, left, at=now(), about=self.about, needed=[])
        elif left is not None:
            self._begin(connection, left)

    def write(self, connection: Connection, pending: list[tuple[int, Answered]]) -> None:
        """Write a batch."""
        if self.run is None or is_closed(connection, self.run):
            key = run_key(*self.key, str(_runs_so_far(connection, self.variant_no)))
            about = {"variant": self.about["variant"]}
            run = open_run(connection, key, kind="run", variant_no=self.variant_no, about=about)
            self._begin(connection, run)
        assert self.ingest is not None
        self.ingest.write(connection, pending)

    def close(self, connection: Connection) -> None:
        """Let the run count."""
        if self.run is not None:
            close_run(connection, self.run, at=now(), about=self.about, needed=[])

    def _begin(self, connection: Connection, run: Run) -> None:
        self.run = run
        self.ingest = Ingest(connection, run, repeats=self.repeats)
        self.ingest.resumes = False  # only what is missing was asked for


def _missing(
    connection: Connection, launch: Opened, variant_no: int, wanted: list[Case], repeats: int
) -> Iterator[tuple[Case, int, int]]:
    """Yield the case, its number and the repeat of every planned output that is not there yet."""
    numbers = {
        row.key: row.no
        for row in connection.execute(
            select(cases.c.key, cases.c.no)
            .join(members, members.c.case_no == cases.c.no)
            .where(members.c.set_no == launch.cases.no)
        )
    }
    o = outputs.c
    there = {
        (row.case_no, row.repeat)
        for row in connection.execute(select(o.case_no, o.repeat).where(o.variant_no == variant_no))
    }
    for case in wanted:
        for repeat in range(1, repeats + 1):
            if (numbers[case.id], repeat) not in there:
                yield case, numbers[case.id], repeat


def _interrupted(connection: Connection, variant_no: int) -> Run | None:
    found = [run for run, kind, _ in unfinished(connection) if run.variant_no == variant_no and kind == "run"]
    return found[0] if found else None


def _runs_so_far(connection: Connection, variant_no: int) -> int:
    query = select(runs.c.no).join(closings).where(runs.c.variant_no == variant_no)
    return len(connection.execute(query).all())
