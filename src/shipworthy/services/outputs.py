"""Outputs: what stands behind a number: which outputs passed, failed, were not scored, gave no answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.evalset import Case
from shipworthy.services.opened import Opened
from shipworthy.services.planned import series_of
from shipworthy.services.show import Whole, tagsets_by_slice, variant_of
from shipworthy.services.verdict_now import verdict_now
from shipworthy.store.case_of import case_of
from shipworthy.store.of_outputs import STATES, Of, State
from shipworthy.store.outcomes import Cases, Outcomes, added, by_tagset, cases_of, in_tagsets, outcomes
from shipworthy.store.reading import Counts, Seen, one_output, words_of
from shipworthy.store.runs import find_series
from shipworthy.store.tables import PARTS, looks
from shipworthy.store.tables import cases as case_table

OPEN_ONES = ("explore", "tune")
LETTERS = 700
"""Of each text in a list; one output alone is shown whole."""


@dataclass(frozen=True)
class Chosen:
    """Which outputs.

    Attributes:
        criterion: under which criterion; the first that has a scorer unless said.
        variant: whose; the candidate's unless said.
        slice: in which slice; all unless said.
        states: how they ended; in any way unless said.
        sealed: those of the holdout, once a look has shown them.
        page: which page, from 1.
        size: how many on a page.
    """

    criterion: str | None = None
    variant: str | None = None
    slice: str | None = None
    states: tuple[State, ...] = ()
    sealed: bool = False
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class Item:
    """One output of a list."""

    seen: Seen
    state: State
    part: str


@dataclass(frozen=True)
class Listed:
    """Outputs behind a number.

    Attributes:
        variant: whose.
        criterion: under which.
        all: counts of the slice chosen.
        by_slice: counts of each slice, whichever was chosen.
        n: how many outputs are chosen by slice and state.
        items: those of the page.
        pages: how many pages there are.
        page: which one this is.
        revealed: whether outputs of the holdout may be read: a look has shown all that is recorded of it.
    """

    variant: str
    criterion: Criterion
    all: Counts
    by_slice: dict[str, Counts]
    n: int
    items: tuple[Item, ...]
    pages: int
    page: int
    revealed: bool


def outputs_of(launch: Opened, chosen: Chosen) -> Listed:
    """Return the outputs behind a number.

    Raises:
        BadInput: there is no such variant, criterion or slice, or nothing is recorded of it.
        Refused: outputs of the holdout are asked for, and no look has shown them.
    """
    revealed = is_revealed(launch, chosen.variant)
    if chosen.sealed and not revealed:
        raise sealed_still()
    with launch.ledger.read() as connection:
        name, of, criterion = chosen_of(launch, connection, chosen)
        cases, found = cases_of(connection, of.set_no), outcomes(connection, of)
        slices = tagsets_by_slice(launch, connection)
        if chosen.slice is not None and chosen.slice not in slices:
            raise no_slice(chosen.slice, slices)
        counted = by_tagset(cases, found)
        picked = np.ones(found.code.size, bool)
        if chosen.slice:
            picked = in_tagsets(cases, found.at, slices[chosen.slice])
        if chosen.states:
            picked &= np.isin(found.code, [STATES.index(state) for state in chosen.states])
        places = np.flatnonzero(picked)
        pages = max(-(-places.size // chosen.size), 1) if chosen.size else 1
        page = min(max(chosen.page, 1), pages)
        shown = places[(page - 1) * chosen.size : page * chosen.size]
        return Listed(
            name, criterion, added(counted, slices[chosen.slice] if chosen.slice else counted),
            {each: n for each, numbers in sorted(slices.items()) if (n := added(counted, numbers)).outputs},
            int(places.size), _items(connection, of, cases, found, shown), pages, page, revealed,
        )  # fmt: skip


def _items(connection: Connection, of: Of, cases: Cases, found: Outcomes, shown: Any) -> tuple[Item, ...]:
    keys = list(zip(found.case_no[shown].tolist(), found.repeat[shown].tolist(), strict=True))
    if not keys:
        return ()
    codes, parts = found.code[shown].tolist(), cases.part[found.at[shown]].tolist()
    seen = words_of(connection, of, keys, letters=LETTERS)
    return tuple(
        Item(each, STATES[code], PARTS[part]) for each, code, part in zip(seen, codes, parts, strict=True)
    )


def chosen_of(launch: Opened, connection: Connection, chosen: Chosen) -> tuple[str, Of, Criterion]:
    """Return whose outputs are meant and under which criterion, as names and as the ledger's numbers."""
    name, number = variant_of(launch, connection, chosen.variant)
    criterion = criterion_of(launch, chosen.criterion)
    return name, of_criterion(launch, connection, criterion, number, sealed=chosen.sealed), criterion


def of_criterion(
    launch: Opened, connection: Connection, criterion: Criterion, variant_no: int, *, sealed: bool = False
) -> Of:
    """Return which outputs stand behind a criterion.

    Args:
        launch: the launch.
        connection: a consistent view.
        criterion: which.
        variant_no: whose.
        sealed: those of the holdout; the caller knows that a look has shown them.

    Raises:
        BadInput: nothing is scored under it yet.
    """
    parts = ("holdout",) if sealed else OPEN_ONES
    if criterion.of in ("latency_s", "cost_usd"):
        return Of(
            launch.cases.no, variant_no, None, criterion.bar.value, parts, of=criterion.of, revealed=sealed
        )
    series_no = find_series(connection, series_of(launch).get(criterion.id, ""))
    if series_no is None:
        raise BadInput(
            f"nothing is scored under `{criterion.id}` yet",
            where="the ledger",
            remedy="run `shipworthy run`, `score` or `import`",
        )
    passes_from = criterion.pass_when.at_least if criterion.pass_when else 1.0
    return Of(launch.cases.no, variant_no, series_no, passes_from, parts, revealed=sealed)


def criterion_of(launch: Opened, wanted: str | None) -> Criterion:
    """Return a criterion that outputs can be read under; the first one unless one is named.

    Raises:
        BadInput: there is none.
    """
    there = [c for c in launch.reading.criteria if c.scorer is not None or c.of in ("latency_s", "cost_usd")]
    found = next((c for c in there if wanted in (None, c.id)), None)
    if found is None:
        raise BadInput(
            f"there is no criterion `{wanted}` that outputs are scored under"
            if wanted
            else "no criterion has a scorer",
            where="criteria.yaml",
            remedy=f"use one of: {', '.join(c.id for c in there) or 'none yet'}",
        )
    return found


def is_revealed(launch: Opened, variant: str | None) -> bool:
    """Whether a look has shown all that is recorded of the holdout for a variant."""
    with launch.ledger.read() as connection:
        looked = connection.execute(select(looks.c.seq).limit(1)).first()
    return looked is not None and verdict_now(launch, variant).is_revealed


def sealed_still() -> Refused:
    """Say that the holdout is sealed."""
    return Refused(
        "the holdout is sealed: which of its outputs passed is shown after a look",
        where="part holdout",
        remedy="read open cases, or open the holdout on the page Verdict",
    )


def no_slice(name: str, known: Sequence[str] | dict[str, Any]) -> BadInput:
    """Say that there is no such slice."""
    return BadInput(
        f"there is no slice `{name}`",
        where="launch.yaml",
        remedy=f"use one of: {', '.join(sorted(known)) or 'none is declared'}",
    )


@dataclass(frozen=True)
class One:
    """One output, whole, with the case it answers."""

    whole: Whole
    case: Case | None
    scores: tuple[tuple[str, float | None, str | None], ...]
    """By the criteria that read it, or by the series' own name where no criterion reads it."""


def one_of(launch: Opened, variant: str, case: str, repeat: int) -> One:
    """Return one output of an open case, or of a sealed one that a look has shown.

    Raises:
        BadInput: there is no such output.
        Refused: the case is sealed.
    """
    with launch.ledger.read() as connection:
        _, number = variant_of(launch, connection, variant)
        found = one_output(connection, launch.cases.no, number, case, repeat)
    if found is None:
        raise BadInput(
            f"there is no output of `{variant}` for case `{case}`, repeat {repeat}",
            where="the ledger",
            remedy="check the case's id, or run or import it first",
        )
    seen, part, scores = found
    if part == "holdout" and not is_revealed(launch, variant):
        raise sealed_still()
    asked: dict[str, list[str]] = {}
    for name, series in series_of(launch).items():
        asked.setdefault(series, []).append(name)
    said = tuple((", ".join(asked.get(name, [name])), value, words) for name, value, words in scores)
    return One(Whole(seen, part, scores), case_of(launch.layout, case), said)


def cases_named(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Return the ids of cases by their number in the ledger; few, as each is looked up."""
    rows = connection.execute(select(case_table.c.no, case_table.c.key).where(case_table.c.no.in_(numbers)))
    return {row.no: row.key for row in rows}
