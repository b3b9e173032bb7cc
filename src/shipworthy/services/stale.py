"""Stale scores: those whose case has other values by now than the ones that the check read. They decide nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import Connection

from shipworthy.decision.plan import Plan
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import Refused
from shipworthy.domain.evalset import Case
from shipworthy.domain.judge import JudgeFile
from shipworthy.runners.reads import Basis, basis_for, expected_basis
from shipworthy.services.opened import Opened
from shipworthy.store.bases import Key, Scored
from shipworthy.store.evalset_file import walk_cases
from shipworthy.store.lookup import members_of
from shipworthy.store.runs import find_series

CHUNK = 1000


def stale_among(
    connection: Connection, scored: Scored, reads: Basis, cases: Mapping[int, Case]
) -> list[tuple[Key, Case]]:
    """Return the stale scores of some cases, given by their numbers."""
    if not cases:
        return []
    there = scored.bases_between(connection, min(cases), max(cases))
    now = {number: reads(case.input, case.expected) for number, case in cases.items()}
    return [(key, cases[key[0]]) for key, basis in there if now.get(key[0], basis) != basis]


def stale_scores(
    launch: Opened, connection: Connection, scored: Scored, reads: Basis
) -> Iterator[tuple[Key, Case]]:
    """Yield the stale scores of a variant in a series; none where all are known to rest on the eval set as it is."""
    if scored.is_current(connection, launch.cases.fingerprint) or not scored.has_bases(connection):
        return
    cases = walk_cases(launch.layout)
    while chunk := list(islice(cases, CHUNK)):
        yield from stale_among(connection, scored, reads, numbered(launch, connection, chunk))


def numbered(launch: Opened, connection: Connection, chunk: Sequence[Case]) -> dict[int, Case]:
    """Return cases by their numbers in the ledger."""
    found = members_of(connection, launch.cases.no, (case.id for case in chunk))
    return {member.no: case for case in chunk if (member := found.get(case.id)) is not None}


def refuse_stale(
    launch: Opened, connection: Connection, plan: Plan, variants: Sequence[int | None], parts: frozenset[str]
) -> None:
    """Refuse to count scores that rest on values which were corrected since.

    Args:
        launch: the launch.
        connection: a consistent view.
        plan: whose criteria are counted.
        variants: the numbers of the variants that are counted.
        parts: the parts that are counted.

    Raises:
        Refused: there are some.
    """
    looked_at = set()
    for criterion in plan.criteria:
        name = plan.series.get(criterion.id)
        reads = basis_of_criterion(launch, criterion)
        number = find_series(connection, name) if name and reads else None
        if number is None or reads is None or number in looked_at:
            continue
        looked_at.add(number)
        for variant in dict.fromkeys(v for v in variants if v is not None):
            found = [
                case.id
                for _, case in stale_scores(launch, connection, Scored(variant, number), reads)
                if case.part in parts
            ]
            if found:
                by_judge = bool(criterion.scorer and criterion.scorer.judge)
                raise _refused(criterion.id, found, by_judge=by_judge)


def refuse_stale_verdicts(
    launch: Opened, connection: Connection, judge: JudgeFile, scored: Scored, part: str
) -> None:
    """Refuse to hold verdicts of a judge against labels that rest on values which were corrected since.

    Args:
        launch: the launch.
        connection: a consistent view.
        judge: whose verdicts.
        scored: the verdicts.
        part: the part that is counted.

    Raises:
        Refused: there are some.
    """
    reads = basis_of_judge(judge)
    stale = stale_scores(launch, connection, scored, reads) if reads is not None else ()
    if found := [case.id for _, case in stale if case.part == part]:
        raise _refused(judge.head.criterion, found, by_judge=True)


def basis_of_criterion(launch: Opened, criterion: Criterion) -> Basis | None:
    """Return what names the values of a case that a criterion's scorer reads; None where it reads none of them."""
    scorer = criterion.scorer
    if scorer is None or scorer.recorded or scorer.labels:
        return None
    if scorer.judge:
        judge = next((each for each in launch.reading.judges if each.name == scorer.judge), None)
        return basis_of_judge(judge) if judge is not None else None
    return basis_for(scorer)


def basis_of_judge(judge: JudgeFile) -> Basis | None:
    """Return what names the values that may change under a judge; None for a judge that is not shown `expected`."""
    return expected_basis if "expected" in judge.head.sees else None


def _refused(criterion: str, found: list[str], *, by_judge: bool) -> Refused:
    n = len(found)
    again = "shipworthy judge run" if by_judge else "shipworthy score"
    these = f"{n:,} scores rest" if n > 1 else "a score rests"
    return Refused(
        f"{these} on values of cases that were corrected since (`{criterion}`, case `{found[0]}`"
        f"{' and others' if n > 1 else ''})",
        where="evalset/",
        remedy=f"run `{again}`: it scores exactly these again",
    )
