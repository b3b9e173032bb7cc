"""Doctor: what is wrong with an eval set, before it makes a verdict lie."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from shipworthy.decision.health import Cases, Diagnosis, Finding, ordered
from shipworthy.decision.health_spread import (
    coverage_findings,
    holdout_findings,
    source_findings,
    text_findings,
)
from shipworthy.decision.health_twins import (
    conflict_findings,
    label_findings,
    leak_findings,
    melting,
    telling,
    twin_findings,
)
from shipworthy.decision.marks import Mark, marks
from shipworthy.decision.plan import PlannedCases
from shipworthy.domain.errors import BadInput, FolderHasProblems, Misused
from shipworthy.domain.launch import Launch
from shipworthy.services.check import check
from shipworthy.services.near import refuse_odd_likeness
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import plan_of
from shipworthy.services.prompt_material import Shown, prompt_material
from shipworthy.similarity.leaks import leaks
from shipworthy.similarity.twins import NEAR, twins
from shipworthy.similarity.words import text_of, words
from shipworthy.store.evalset_file import placed_cases
from shipworthy.store.labelled import labelled

NOT_COVERED = (
    "Not covered: paraphrases and translations (only letters and words are compared), and prompts that are built or "
    "kept outside the launch folder."
)


def doctor(folder: Path, *, near: float = NEAR, today: dt.date | None = None) -> Diagnosis:
    """Examine the eval set of a launch; takes no look and writes nothing in its files.

    Args:
        folder: the launch folder.
        near: from which likeness on two cases are near twins; 1 for equal texts alone.
        today: the day by which cases are old; today unless said.

    Raises:
        FolderHasProblems: the folder has mistakes, which `check` lists.
        BadInput: there are no cases.
        Misused: the likeness is none.
    """
    refuse_odd_likeness(near)
    if folder.is_dir() and (problems := check(folder).problems):
        raise FolderHasProblems(problems)
    with opened(folder) as launch:
        return examine(launch, near=near, today=today)


def examine(launch: Opened, *, near: float = NEAR, today: dt.date | None = None) -> Diagnosis:
    """Examine the eval set of a launch that is open, also while `check` has something to say of it.

    Args:
        launch: the launch, opened.
        near: from which likeness on two cases are near twins; 1 for equal texts alone.
        today: the day by which cases are old; today unless said.

    Raises:
        BadInput: there are no cases.
    """
    placed = list(placed_cases(launch.layout, []))
    if not placed:
        raise BadInput(
            "there is nothing to examine: the eval set holds no case",
            where="evalset/",
            remedy="write cases, or take them from a file with `shipworthy import FILE --cases`",
        )
    seen = Cases([one.case for one in placed], [one.place for one in placed], str(launch.layout.folder))
    return _Examination(launch, seen, near).diagnosis(today or dt.datetime.now(dt.UTC).date())


@dataclass(frozen=True)
class _Slices:
    """The slices of the scope, their shares, and their groups in the holdout."""

    shares: dict[str, float]
    groups: dict[str, int]


class _Examination:
    """One pass over the cases of a launch."""

    def __init__(self, launch: Opened, seen: Cases, near: float) -> None:
        self.launch, self.seen = launch, seen
        self.texts = [words(text_of(case.input)) for case in seen.cases]
        self.pairs = twins(self.texts, near=near)
        self.slices = _slices(launch.launch, seen)
        self.notes: list[str] = []

    def diagnosis(self, today: dt.date) -> Diagnosis:
        """Return everything that was found."""
        told = telling(self.seen, self.pairs)
        asked = self._marks()
        shown = prompt_material(self.launch.layout)
        with self.launch.ledger.read() as connection:
            labels = labelled(connection, self.launch.cases.no)
        found: list[Finding] = [
            *twin_findings(self.seen, told),
            *leak_findings(self.seen, list(leaks(self.texts, shown.material))),
            *melting(self.seen, self.pairs, asked, self._slice),
            *conflict_findings(self.seen, told),
            *label_findings(self.seen, told, labels),
            *holdout_findings(self.seen, asked),
            *coverage_findings(self.seen, self.slices.shares, self.slices.groups),
            *source_findings(self.seen, today),
            *text_findings(self.seen, self.texts),
        ]
        return Diagnosis(
            ordered(found),
            len(self.seen.cases),
            len(set(self.seen.groups)),
            tuple(shown.files),
            (*self.notes, *_unread(shown), NOT_COVERED),
        )

    def _slice(self, position: int) -> str | None:
        return _slice_of(self.launch.launch, self.seen, position)

    def _marks(self) -> Sequence[Mark]:
        groups: dict[str | None, int] = {name: n for name, n in self.slices.groups.items()}  # noqa: C416 - the key may be None
        names = {
            name
            for name, case in zip(self.seen.groups, self.seen.cases, strict=True)
            if case.part == "holdout"
        }
        cases = sum(case.part == "holdout" for case in self.seen.cases)
        try:
            plan = replace(plan_of(self.launch), cases=PlannedCases("", cases, len(names)))
        except (BadInput, Misused) as error:
            self.notes.append(f"Whether slices are large enough is not known: {error.what}.")
            return ()
        return marks(plan, groups or {None: len(names)}, several=cases > len(names))


def _slice_of(launch: Launch, seen: Cases, position: int) -> str | None:
    scope = launch.scope_slice()
    if scope is None:
        return None
    return f"{scope[0]}={seen.cases[position].tags.get(scope[1].by or '', '')}"


def _slices(launch: Launch, seen: Cases) -> _Slices:
    scope = launch.scope_slice()
    if scope is None:
        return _Slices({}, {})
    shares = {f"{scope[0]}={value}": share for value, share in scope[1].shares.items()}
    held: dict[str, set[str]] = defaultdict(set)
    for position, (case, group) in enumerate(zip(seen.cases, seen.groups, strict=True)):
        name = _slice_of(launch, seen, position)
        if case.part == "holdout" and name in shares:
            held[name].add(group)
    return _Slices(shares, {name: len(held[name]) for name in shares})


def _unread(shown: Shown) -> Iterator[str]:
    if not shown.prompts:
        yield "No prompt and no code of the feature lies in the launch folder: leaks into them cannot be found."
    if shown.skipped:
        some = ", ".join(shown.skipped[:3])
        yield f"Not searched, as too large or no text: {some}{' and others' if len(shown.skipped) > 3 else ''}."
