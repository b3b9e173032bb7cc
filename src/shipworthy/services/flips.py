"""Flips: which cases turned from failing to passing between two variants, and which the other way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import BadInput
from shipworthy.services.opened import Opened
from shipworthy.services.outputs import (
    cases_named,
    criterion_of,
    is_revealed,
    no_slice,
    of_criterion,
    sealed_still,
)
from shipworthy.services.show import tagsets_by_slice, variant_of
from shipworthy.statistics.difference import PairedDifference
from shipworthy.statistics.results import NotEstimable
from shipworthy.store.columns import Whole
from shipworthy.store.of_outputs import FAILED, PASSED
from shipworthy.store.outcomes import Cases, Outcomes, cases_of, in_tagsets, outcomes
from shipworthy.store.reading import words_of
from shipworthy.store.remember import remembered

Way = Literal["fixed", "broken"]
LETTERS = 400
MIN_GROUPS = 2


@dataclass(frozen=True)
class Flip:
    """One case that changed.

    Attributes:
        case: its id.
        way: fixed or broken.
        passed_before: how many of its outputs passed before.
        passed_after: how many pass now.
        outputs_before: how many there were.
        outputs_after: how many there are.
        text_before: the beginning of the first output before.
        text_after: the beginning of the first output now.
    """

    case: str
    way: Way
    passed_before: int
    passed_after: int
    outputs_before: int
    outputs_after: int
    text_before: str
    text_after: str


@dataclass(frozen=True)
class Flips:
    """What changed between two variants on the same cases.

    Attributes:
        criterion: under which criterion.
        before: the variant held against, as the baseline of a difference: what is unknown of it counts as passed.
        after: the other; what is unknown of it counts as not passed.
        groups: groups that were compared.
        fixed: groups in which more passes now.
        broken: groups in which less passes now.
        unchanged: the others.
        cases: how many cases changed, by way.
        gain: the mean gain over groups, and what it could be at least and at most.
        level: one-sided level of each bound.
        items: the changed cases of the page.
        pages: how many pages there are.
        page: which one this is.
        revealed: whether a look has shown the holdout.
    """

    criterion: Criterion
    before: str
    after: str
    groups: int
    fixed: int
    broken: int
    unchanged: int
    cases: dict[Way, int]
    gain: tuple[float, float, float] | NotEstimable
    level: float
    items: tuple[Flip, ...]
    pages: int
    page: int
    revealed: bool


@dataclass(frozen=True)
class Between:
    """What is held against what.

    Attributes:
        criterion: under which criterion; the first that has a scorer unless said.
        before: a variant; the baseline unless said.
        after: a variant; the candidate unless said.
        slice: in which slice; all unless said.
        way: only those that were fixed, or broken.
        sealed: cases of the holdout, once a look has shown the difference there.
        page: which page, from 1.
        size: how many on a page.
    """

    criterion: str | None = None
    before: str | None = None
    after: str | None = None
    slice: str | None = None
    way: Way | None = None
    sealed: bool = False
    page: int = 1
    size: int = 30


@dataclass(frozen=True, eq=False)
class _Changed:
    """Cases that both variants have outputs of, with the share that passes of each."""

    at: Whole
    passed: tuple[Whole, Whole]
    outputs: tuple[Whole, Whole]
    gain: NDArray[np.float64]


def flips(launch: Opened, between: Between) -> Flips:
    """Return what changed between two variants.

    Raises:
        BadInput: there is no such variant, criterion or slice, or nothing is recorded of it.
        Refused: cases of the holdout are asked for, and no look has shown the difference there.
    """
    criterion = criterion_of(launch, between.criterion)
    revealed = _is_revealed(launch, between, criterion)
    if between.sealed and not revealed:
        raise sealed_still()
    names = (between.before or _baseline(launch), between.after)
    with launch.ledger.read() as connection:
        before, after = (variant_of(launch, connection, name) for name in names)
        pair = tuple(
            of_criterion(launch, connection, criterion, number, sealed=between.sealed)
            for _, number in (before, after)
        )
        cases = cases_of(connection, launch.cases.no)
        changed = _changed(cases, outcomes(connection, pair[0]), outcomes(connection, pair[1]))
        if between.slice is not None:
            slices = tagsets_by_slice(launch, connection)
            if between.slice not in slices:
                raise no_slice(between.slice, slices)
            changed = _kept(changed, in_tagsets(cases, changed.at, slices[between.slice]))
        counted = _by_group(cases, changed)
        ways: dict[Way, NDArray[np.bool_]] = {"fixed": changed.gain > 0, "broken": changed.gain < 0}
        wanted = ways[between.way] if between.way else changed.gain != 0
        places = np.flatnonzero(wanted)
        pages = max(-(-places.size // between.size), 1)
        page = min(max(between.page, 1), pages)
        shown = places[(page - 1) * between.size : page * between.size]
        items = _items(connection, cases, changed, shown, pair)
        error = launch.launch.error
        key = ("gain", *pair, between.slice, error)
        gain = remembered(connection, key, lambda: _gain(counted, error))
    level = 1.0 - error
    return Flips(
        criterion, before[0], after[0], sum(counted.values()),
        sum(n for gain, n in counted.items() if gain > 0), sum(n for gain, n in counted.items() if gain < 0),
        counted.get(0.0, 0), {way: int(where.sum()) for way, where in ways.items()},
        gain, level, items, pages, page, revealed,
    )  # fmt: skip


def _is_revealed(launch: Opened, between: Between, criterion: Criterion) -> bool:
    """A look shows a difference only of the candidate's kind: under a criterion that is one, against the baseline."""
    shown = criterion.estimand == "difference" and between.before in (None, launch.launch.baseline)
    return shown and is_revealed(launch, between.after)


def _baseline(launch: Opened) -> str:
    if launch.launch.baseline:
        return launch.launch.baseline
    raise BadInput(
        "the launch names no baseline to hold a variant against",
        where="launch.yaml",
        remedy="write `baseline:`, or choose two variants",
    )


def _changed(cases: Cases, before: Outcomes, after: Outcomes) -> _Changed:
    """Return the cases that both have outputs of; what is unknown speaks against a gain."""
    n = cases.number.size
    counted = [np.bincount(each.at, minlength=n) for each in (before, after)]
    passed = [np.bincount(each.at[each.code == PASSED], minlength=n) for each in (before, after)]
    lost = np.bincount(before.at[before.code == FAILED], minlength=n)
    at = np.flatnonzero((counted[0] > 0) & (counted[1] > 0))
    gain = passed[1][at] / counted[1][at] - (1.0 - lost[at] / counted[0][at])
    return _Changed(at, (passed[0][at], passed[1][at]), (counted[0][at], counted[1][at]), np.round(gain, 12))


def _kept(changed: _Changed, which: NDArray[np.bool_]) -> _Changed:
    def keep(pair: tuple[Whole, Whole]) -> tuple[Whole, Whole]:
        return pair[0][which], pair[1][which]

    return _Changed(changed.at[which], keep(changed.passed), keep(changed.outputs), changed.gain[which])


def _by_group(cases: Cases, changed: _Changed) -> dict[float, int]:
    """Count groups by their mean gain."""
    if not changed.at.size:
        return {}
    group = cases.group[changed.at] - int(cases.group.min())
    size = np.bincount(group)
    there = size > 0
    mean = np.round(np.bincount(group, weights=changed.gain)[there] / size[there], 12) + 0.0
    values, numbers = np.unique(mean, return_counts=True)
    return dict(zip(values.tolist(), numbers.tolist(), strict=True))


def _gain(counted: dict[float, int], error: float) -> tuple[float, float, float] | NotEstimable:
    if sum(counted.values()) < MIN_GROUPS:
        return NotEstimable("a gain takes two groups")
    gain = PairedDifference.from_histogram(counted)
    return gain.estimate, gain.lower(error), gain.upper(error)


def _items(
    connection: Connection, cases: Cases, changed: _Changed, shown: Whole, pair: Sequence[Any]
) -> tuple[Flip, ...]:
    numbers = cases.number[changed.at[shown]].tolist()
    if not numbers:
        return ()
    names = cases_named(connection, numbers)
    keys = [(number, 1) for number in numbers]
    texts = [
        {seen.case: seen.text or f"no answer: {seen.reason or ''}" for seen in words_of(connection, of, keys, letters=LETTERS)}
        for of in pair
    ]  # fmt: skip
    columns = [
        each[shown].tolist() for each in (*changed.passed, *changed.outputs, (changed.gain > 0).astype(int))
    ]
    return tuple(
        Flip(
            names[number], "fixed" if better else "broken", passed, now, had, has,
            texts[0].get(names[number], ""), texts[1].get(names[number], ""),
        )
        for number, passed, now, had, has, better in zip(numbers, *columns, strict=True)
    )  # fmt: skip
