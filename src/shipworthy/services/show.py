"""Show: read what a variant really said, on open cases: counts, the first failures, one output whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import BadInput, Refused
from shipworthy.services.ahead import load_ahead
from shipworthy.services.gather import slices_of
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import candidate_of, series_of
from shipworthy.services.stale import basis_of_criterion, stale_scores
from shipworthy.store.bases import Scored
from shipworthy.store.caseset import tags_of
from shipworthy.store.fingerprint import variant_fingerprint
from shipworthy.store.of_outputs import PASSED, Of
from shipworthy.store.reading import Counts, Seen, one_output, words_of
from shipworthy.store.runs import find_series, find_variant


@dataclass(frozen=True)
class Shown:
    """How open outputs of one variant turned out under one criterion.

    Attributes:
        variant: whose.
        criterion: which.
        question: what is asked of an output.
        all: every open output.
        by_slice: slice to its outputs.
        failed: the first outputs that did not pass.
        stale: scores that rest on values of cases which were corrected since; they decide nothing.
    """

    variant: str
    criterion: str
    question: str
    all: Counts
    by_slice: dict[str, Counts]
    failed: list[Seen]
    stale: int = 0


@dataclass(frozen=True)
class Whole:
    """One output with everything that was said of it."""

    seen: Seen
    part: str
    scores: Sequence[tuple[str, float | None, str | None]]


def show_failures(folder: Path, *, variant: str | None, criterion: str | None, first: int) -> Shown:
    """Return counts and the first failures on the open parts explore and tune.

    Args:
        folder: the launch.
        variant: whose outputs; the candidate's unless said.
        criterion: under which; the first one that has a scorer unless said.
        first: how many failures at most.

    Raises:
        BadInput: there is no such variant or criterion, or nothing is recorded of it.
    """
    load_ahead("numpy")  # outputs are counted in it, and opening the launch is not
    with opened(folder) as launch, launch.ledger.read() as connection:
        name, number = variant_of(launch, connection, variant)
        asked = scored_criterion(launch, criterion)
        series_no = find_series(connection, series_of(launch).get(asked.id, ""))
        if series_no is None:
            raise BadInput(
                f"nothing is scored under `{asked.id}` yet",
                where=name,
                remedy="run `shipworthy run` or `import`",
            )
        passes_from = asked.pass_when.at_least if asked.pass_when else 1.0
        of = Of(launch.cases.no, number, series_no, passes_from)
        stale = _stale(launch, connection, asked, of)
        return Shown(name, asked.id, asked.question, *_shown(launch, connection, of, first), stale)


def show_output(folder: Path, case: str, *, variant: str | None, repeat: int) -> Whole:
    """Return one output of an open case, whole.

    Raises:
        BadInput: there is no such output.
        Refused: the case is sealed.
    """
    with opened(folder) as launch, launch.ledger.read() as connection:
        name, number = variant_of(launch, connection, variant)
        found = one_output(connection, launch.cases.no, number, case, repeat)
        if found is None:
            raise BadInput(
                f"there is no output of `{name}` for case `{case}`, repeat {repeat}",
                where="the ledger",
                remedy="check the case's id, or run or import it first",
            )
        if found[1] == "holdout":
            raise Refused(
                f"the case `{case}` is sealed",
                where="part holdout",
                remedy="read open cases; to label sealed outputs blindly use `shipworthy label --draw`",
            )
        return Whole(*found)


def _stale(launch: Opened, connection: Connection, asked: Criterion, of: Of) -> int:
    """Count the scores that a correction of their cases has put out of date."""
    reads = basis_of_criterion(launch, asked)
    if reads is None or of.series_no is None:
        return 0
    scored = Scored(of.variant_no, of.series_no)
    return sum(case.part in of.parts for _, case in stale_scores(launch, connection, scored, reads))


def _shown(
    launch: Opened, connection: Connection, of: Of, first: int
) -> tuple[Counts, dict[str, Counts], list[Seen]]:
    import numpy as np  # noqa: PLC0415 - it is loading meanwhile

    from shipworthy.store.outcomes import added, by_tagset, cases_of, outcomes  # noqa: PLC0415

    found, cases = outcomes(connection, of), cases_of(connection, of.set_no)
    counted = by_tagset(cases, found)
    by_slice = {
        name: n
        for name, numbers in sorted(tagsets_by_slice(launch, connection).items())
        if (n := added(counted, numbers)).outputs
    }
    failed = np.flatnonzero(found.code != PASSED)[:first]
    keys = list(zip(found.case_no[failed].tolist(), found.repeat[failed].tolist(), strict=True))
    return added(counted, counted), by_slice, words_of(connection, of, keys)


def tagsets_by_slice(launch: Opened, connection: Connection) -> dict[str, set[int]]:
    """Return the tag sets of each slice, by name."""
    found: dict[str, set[int]] = {}
    for number, tags in tags_of(connection, launch.cases.no).items():
        for name in slices_of(launch.launch.slices, tags):
            found.setdefault(name, set()).add(number)
    return found


def variant_of(launch: Opened, connection: Connection, wanted: str | None) -> tuple[str, int]:
    """Return a variant and its number in the ledger; the candidate unless one is named.

    Raises:
        BadInput: there is no such variant, or nothing is recorded of it as it is now.
    """
    name = wanted or candidate_of(launch.launch)
    if name not in launch.launch.variants:
        known = ", ".join(launch.launch.variants)
        raise BadInput(f"there is no variant `{name}`", where="launch.yaml", remedy=f"use one of: {known}")
    number = find_variant(connection, name, variant_fingerprint(launch.layout, launch.launch.resolved(name)))
    if number is None:
        raise BadInput(
            f"nothing is recorded of `{name}` as it is now",
            where="the ledger",
            remedy="run or import it first",
        )
    return name, number


def scored_criterion(launch: Opened, wanted: str | None) -> Criterion:
    """Return a criterion that has a scorer; the first one unless one is named.

    Raises:
        BadInput: there is none, or none of that name.
    """
    scored = [c for c in launch.reading.criteria if c.scorer is not None]
    found = next((c for c in scored if wanted in (None, c.id)), None)
    if found is None:
        known = ", ".join(c.id for c in scored) or "none yet"
        raise BadInput(
            f"there is no scored criterion `{wanted}`" if wanted else "no criterion has a scorer",
            where="criteria.yaml",
            remedy=f"scored criteria: {known}",
        )
    return found
