"""Path state: how far along Frame → … → Own a launch is, in counts, from its files and ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, func, select

from shipworthy.domain.answers import answered
from shipworthy.domain.questions import QUESTIONS
from shipworthy.services.kept import Kept
from shipworthy.store.promises import promises_path
from shipworthy.store.read import Reading
from shipworthy.store.review import last_label
from shipworthy.store.tables import closings, journal, looks, runs

ENOUGH = 100
"""Outputs that the practice asks to be read before anything is measured."""
State = Literal["not begun", "begun", "done"]


@dataclass(frozen=True)
class Step:
    """One step of the path.

    Attributes:
        name: Frame, Listen, …
        question: what it asks.
        url: its first page.
        state: how far it is.
        words: the same in counts.
    """

    name: str
    question: str
    url: str
    state: State
    words: str


def path_state(kept: Kept) -> tuple[Step, ...]:
    """Return the eight steps with the state of each; a folder with problems has them too."""
    reading = kept.reading()
    with kept.ledger.read() as connection:
        recorded, looked = _counts(connection)
        labelled = last_label(connection)
        locked = (
            connection.execute(select(journal.c.seq).where(journal.c.verb == "lock").limit(1)).first()
            is not None
        )
    return (
        _frame(reading),
        _listen(kept),
        _look(labelled, len(reading.taxonomy)),
        _define(reading, locked=locked),
        Step(
            "Measure", "How often is it good, what does it cost?", "/measure",
            "begun" if recorded else "not begun", f"{recorded:,} outputs recorded" if recorded else "nothing recorded",
        ),
        Step(
            "Decide", "Ship, ship narrower, not yet, do not ship?", "/decide",
            "done" if looked else "not begun", f"{looked} look{'' if looked == 1 else 's'} taken" if looked else "the holdout is sealed",
        ),
        _defend(kept),
        _own(kept),
    )  # fmt: skip


def _counts(connection: Connection) -> tuple[int, int]:
    recorded = connection.execute(
        select(func.coalesce(func.sum(closings.c.n_outputs), 0))
        .select_from(closings.join(runs, runs.c.no == closings.c.run_no))
        .where(runs.c.kind != "score")
    ).scalar_one()
    return int(recorded), int(connection.execute(select(func.count()).select_from(looks)).scalar_one())


def _look(labelled: int, modes: int) -> Step:
    state: State = "done" if labelled >= ENOUGH and modes else "begun" if labelled else "not begun"
    words = f"{labelled:,} label{'' if labelled == 1 else 's'} written, {modes} failure mode{'' if modes == 1 else 's'} named"
    return Step("Look", "What does it actually do?", "/review", state, words)


def _own(kept: Kept) -> Step:
    promised = promises_path(kept.layout).is_file()
    words = "promises are watched" if promised else "nothing promised yet"
    return Step("Own", "Did the promise hold?", "/own", "begun" if promised else "not begun", words)


def _frame(reading: Reading) -> Step:
    n, every = answered(reading.launch), len(QUESTIONS)
    state: State = "done" if n == every else "begun" if n or reading.launch.goal else "not begun"
    return Step("Frame", "Is it worth building?", "/frame", state, f"{n} of {every} questions answered")


def _listen(kept: Kept) -> Step:
    folder = kept.layout.folder / "interviews"
    n = len([path for path in folder.glob("*.md") if path.name != "README.md"]) if folder.is_dir() else 0
    state: State = "done" if n >= 3 else "begun" if n else "not begun"
    return Step(
        "Listen", "What do three real users say they did?", "/interviews", state, f"{n} of 3 interviews"
    )


def _define(reading: Reading, *, locked: bool) -> Step:
    n = len(reading.criteria)
    state: State = "done" if locked else "begun" if n else "not begun"
    counted = "1 criterion" if n == 1 else f"{n} criteria"
    words = f"{counted}, {'a plan is locked' if locked else 'no plan is locked'}"
    return Step("Define", "What would count as good enough?", "/criteria", state, words)


def _defend(kept: Kept) -> Step:
    written = (kept.layout.memo / "memo.html").is_file()
    words = "the memo is written" if written else "no memo yet"
    return Step("Defend", "Can I say it in one page?", "/memo", "begun" if written else "not begun", words)
