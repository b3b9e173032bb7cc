"""Score outputs with the launch's checks, apart from running; what has a score in its present version keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection

from shipworthy.domain.criteria import Criterion, Scorer
from shipworthy.domain.errors import BadInput
from shipworthy.domain.evalset import Case
from shipworthy.runners.checks import Check
from shipworthy.runners.declared import scores_of
from shipworthy.runners.reads import Basis, basis_for
from shipworthy.runners.scoring import LATE, UNSCORED, About, Said, Scores
from shipworthy.services.clock import now
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import series_of
from shipworthy.services.seal import seal_series
from shipworthy.services.stale import numbered, stale_among
from shipworthy.services.trust_code import ToTrust, ask_trust
from shipworthy.store.bases import Key
from shipworthy.store.bases import Scored as Resting
from shipworthy.store.evalset_file import fingerprint, walk_cases
from shipworthy.store.fingerprint import variant_fingerprint
from shipworthy.store.insert import add
from shipworthy.store.of_outputs import OPEN, Of
from shipworthy.store.reading import Counts, counts
from shipworthy.store.runs import ASKED, find_series, find_variant, series_number
from shipworthy.store.tables import bases, explanations, scores
from shipworthy.store.unscored import Todo, how_many, of_cases

CHUNK = 1000
"""Cases held at a time, so that memory does not grow with the eval set."""
PENDING = 4096
"""Scores written together."""
BROKE = f"{UNSCORED}the check raised "
NO_TEXT = f"{UNSCORED}no text of the output was recorded"
WITHOUT_TEXT: Said = (None, NO_TEXT)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Scored:
    """What one check did to the outputs of one variant.

    Attributes:
        variant: whose outputs.
        criteria: the criteria that this check answers.
        check: its name and version.
        written: scores written now.
        sealed: how many of them are of sealed cases; how these went is not said before a look.
        again: how many of them replace a score that rested on values of the case which were corrected since.
        open: how the outputs of open cases stand by now, by criterion; empty when there are none.
    """

    variant: str
    criteria: tuple[str, ...]
    check: str
    written: int
    sealed: int
    again: int = 0
    late: tuple[str, ...] = ()
    """Open cases, by name, on which the check did not end in time now: they are unscored, each time it happened."""
    open: dict[str, Counts] = field(default_factory=dict)


def score(
    folder: Path,
    *,
    variant: str | None = None,
    criterion: str | None = None,
    agree: Callable[[ToTrust], bool],
    progress: Progress = lambda *_: None,
) -> list[Scored]:
    """Score what has no score yet in the present version of its check.

    Args:
        folder: the launch folder.
        variant: only this one's outputs.
        criterion: only under this one.
        agree: asked once for each state of the folder's code before scorers.py runs.
        progress: told the check's name, done and to do.

    Raises:
        BadInput: there is no such variant or criterion, or a check is broken.
        Refused: the code was not agreed to.
    """
    with opened(folder) as launch:
        names = list(launch.launch.variants)
        if variant is not None and variant not in names:
            known = f"use one of: {', '.join(names)}"
            raise BadInput(f"there is no variant `{variant}`", where="launch.yaml", remedy=known)
        wanted = _checked(launch, criterion)
        code = {f"scorers:{c.scorer.check}" for c in wanted if c.scorer and c.scorer.check}
        ask_trust(launch.layout, sorted(code), agree)
        return [
            replace(done, open=_open(launch, done, wanted))
            for name in ([variant] if variant else names)
            for done in _score_variant(launch, name, wanted, progress)
        ]


def score_variant(launch: Opened, name: str, progress: Progress) -> list[Scored]:
    """Score every output of a variant that a check has not scored yet; the code was agreed to before."""
    return list(_score_variant(launch, name, _checked(launch, None), progress))


def _checked(launch: Opened, only: str | None) -> list[Criterion]:
    """Return the criteria that a check answers."""
    found = [c for c in launch.reading.criteria if c.scorer and (c.scorer.check or c.scorer.kind)]
    if only is None:
        return found
    if only not in (c.id for c in found):
        known = ", ".join(c.id for c in found) or "none"
        raise BadInput(
            f"no criterion `{only}` is scored by a check",
            where="criteria.yaml",
            remedy=f"criteria with a check: {known}",
        )
    return [c for c in found if c.id == only]


def _score_variant(
    launch: Opened, name: str, wanted: list[Criterion], progress: Progress
) -> Iterator[Scored]:
    with launch.ledger.read() as connection:
        number = find_variant(
            connection, name, variant_fingerprint(launch.layout, launch.launch.resolved(name))
        )
    if number is None:
        return
    series = series_of(launch)
    asked: dict[str, list[Criterion]] = {}
    for criterion in wanted:
        asked.setdefault(series[criterion.id], []).append(criterion)
    for check, criteria in sorted(asked.items()):
        scorer = criteria[0].scorer
        assert scorer is not None
        did = _score(launch, number, check, scorer, progress)
        yield Scored(name, tuple(c.id for c in criteria), check.removeprefix("check:"), *did)


def _score(
    launch: Opened, variant_no: int, series: str, scorer: Scorer, progress: Progress
) -> tuple[int, int, int, tuple[str, ...]]:
    """Score outputs of one variant under one check; return how many, how many are sealed, had a score, and ran out of time."""
    reads = basis_for(scorer)
    with launch.ledger.write() as connection:
        todo = Todo(launch.cases.no, variant_no, series_number(connection, series))
        left = how_many(connection, todo)
        resting = Resting(todo.variant_no, todo.series_no)
        known = reads is None or resting.is_current(connection, launch.cases.fingerprint)
        old = not known and resting.has_bases(connection)
        if not left and not old:
            if not known:
                resting.note_current(connection, launch.cases.fingerprint)
            return 0, 0, 0, ()
    check = scores_of(scorer, launch.layout)
    assert check is not None
    writing = _Writing(launch, todo, check, reads, corrects=old)
    cases = walk_cases(launch.layout)
    with check.ready():
        while chunk := list(islice(cases, CHUNK)):
            writing.score(chunk)
            progress(check.name, writing.done, max(left, writing.done))
    writing.finish(series)
    return writing.done, writing.sealed, writing.again, tuple(writing.late)


class _Writing:
    """Scores on their way into the ledger.

    Args:
        launch: the launch.
        todo: which outputs, under which score.
        check: what scores.
        reads: names the values of a case that it reads; None when it reads none.
        corrects: whether scores are looked for that rest on other values than the case has now.
    """

    def __init__(
        self, launch: Opened, todo: Todo, check: Scores, reads: Basis | None, *, corrects: bool
    ) -> None:
        self.launch, self.todo, self.check, self.reads, self.corrects = launch, todo, check, reads, corrects
        self.resting = Resting(todo.variant_no, todo.series_no)
        self.rows: list[tuple[Any, ...]] = []
        self.words: list[tuple[Any, ...]] = []
        self.bases: list[tuple[Any, ...]] = []
        self.late: list[str] = []
        self.done = self.sealed = self.again = 0

    def score(self, chunk: list[Case]) -> None:
        """Score what has no score among some cases, or one that rests on other values."""
        with self.launch.ledger.read() as connection:
            by_no = numbered(self.launch, connection, chunk)
            stale = self._stale(connection, by_no)
        if stale:
            self.again += len(stale)
            with self.launch.ledger.write() as connection:
                self.resting.forget_current(connection)
                self.resting.retire(connection, stale)
        complete = False
        while not complete:
            with self.launch.ledger.read() as connection:  # closed before scoring: others may write meanwhile
                rows, complete = of_cases(connection, self.todo, list(by_no))
            self._add(rows, by_no)
            if len(self.rows) >= PENDING or not complete:
                with self.launch.ledger.write() as connection:
                    self.resting.forget_current(connection)
                    self._flush(connection)

    def finish(self, series: str) -> None:
        """Write what is pending, and seal the series as it stands now, at once."""
        cases = self.launch.cases.fingerprint
        as_it_was = self.reads is not None and fingerprint(self.launch.layout) == cases
        with self.launch.ledger.write() as connection:
            self._flush(connection)
            if as_it_was:
                self.resting.note_current(connection, cases)
            else:  # somebody changed the eval set meanwhile: what scores rest on is looked at again
                self.resting.forget_current(connection)
            seal_series(connection, variant_no=self.todo.variant_no, series=series, at=now())

    def _stale(self, connection: Connection, by_no: dict[int, Case]) -> list[Key]:
        if self.reads is None or not self.corrects:
            return []
        return [key for key, _ in stale_among(connection, self.resting, self.reads, by_no)]

    def _flush(self, connection: Connection) -> None:
        add(connection, scores, self.rows)
        add(connection, explanations, self.words)
        add(connection, bases, self.bases)
        self.rows, self.words, self.bases = [], [], []

    def _add(self, rows: list[Any], by_no: dict[int, Case]) -> None:
        first = not self.done
        variant_no, series_no, reads = self.todo.variant_no, self.todo.series_no, self.reads
        given = [self._asked(by_no[row[0]], row) for row in rows]
        scored = self.check.score_all(asked for asked in given if asked is not None)
        for row, asked in zip(rows, given, strict=True):
            case_no, repeat, attempt, run_no, answered = row[:5]
            value, words = None, None
            case = by_no[case_no]
            key = (variant_no, series_no, case_no, repeat, attempt)
            if answered:
                value, words = next(scored) if asked is not None else WITHOUT_TEXT
                if reads is not None:
                    self.bases.append((*key, reads(case.input, case.expected)))
            self.sealed += case.part == "holdout"
            self.rows.append((*key, run_no, answered, value))
            if words:
                self.words.append((*key, run_no, words))
                if value is None and words.startswith(LATE) and case.part != "holdout":
                    self.late.append(case.id)
        self.done += len(rows)
        if first:
            self._refuse_broken()

    def _asked(self, case: Case, row: Any) -> tuple[Any, Any, Any, About] | None:
        """Return what the check is given: the output as the function returned it, or as text where it was imported."""
        answered, latency, cost, text, kind = row[4:9]
        if not answered or (text is None and self.check.needs_text):
            return None
        output = msgspec.json.decode(text) if kind in ASKED and text is not None else text
        return case.input, case.expected, output, About(latency, cost)

    def _refuse_broken(self) -> None:
        """A check that breaks on every output it is given is a mistake in the check, not an unscored eval set."""
        answered = sum(1 for row in self.rows if row[6])
        broken = [row[-1] for row in self.words if row[-1].startswith(BROKE)]
        if answered and len(broken) == answered:
            name, code = self.check.name, isinstance(self.check, Check)
            start = f"write `def {name}(case_input, expected, output)`, " if code else ""
            raise BadInput(
                f"the check `{name}` raised on every output: {broken[0].removeprefix(BROKE)}",
                where="scorers.py" if code else "criteria.yaml",
                remedy=f"{start}mend what it says, and score again",
            )


def _open(launch: Opened, done: Scored, wanted: list[Criterion]) -> dict[str, Counts]:
    """Return how open outputs stand under a check; sealed ones are never counted here."""
    with launch.ledger.read() as connection:
        fingerprint = variant_fingerprint(launch.layout, launch.launch.resolved(done.variant))
        variant_no = find_variant(connection, done.variant, fingerprint)
        series_no = find_series(connection, f"check:{done.check}")
        assert variant_no is not None
        assert series_no is not None
        found = {}
        for criterion in (c for c in wanted if c.id in done.criteria):
            passes_from = criterion.pass_when.at_least if criterion.pass_when else 1.0
            of = Of(launch.cases.no, variant_no, series_no, passes_from, OPEN)
            found[criterion.id] = counts(connection, of)
    return {name: n for name, n in found.items() if n.outputs}
