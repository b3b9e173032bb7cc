"""Coach facts of labels, criterion by criterion: how many, by whom, how blind; how they agree only where cases are open."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import median

from sqlalchemy import Connection

from shipworthy.coach.observed import Labelled
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.review import FIRM, OPEN_READING, Output
from shipworthy.services.wordings import under_other_words
from shipworthy.statistics.agreement import Pattern, Ratings
from shipworthy.statistics.display_interval import Interval
from shipworthy.store.drawable import sealed_cases
from shipworthy.store.mode_labels import groups_of_cases
from shipworthy.store.review import LabelRow, current_labels, last_label

BREAK = dt.timedelta(minutes=5)


def labels_of(
    connection: Connection, set_no: int, criteria: Sequence[Criterion]
) -> tuple[Labelled, ...] | None:
    """Return what is known of labels under each criterion; None where nobody labelled under any.

    How labels turned out, agreement too, is told of open cases alone: of sealed ones only that there are labels.
    """
    if not last_label(connection):
        return None
    by_criterion: dict[str, list[LabelRow]] = defaultdict(list)
    given = [
        row for row in current_labels(connection) if row.criterion != OPEN_READING and row.turn != "settled"
    ]
    for row in given:
        by_criterion[row.criterion].append(row)
    if not by_criterion:
        return None
    old = under_other_words(connection, given, criteria)
    cases = {row.case_no for rows in by_criterion.values() for row in rows}
    groups = groups_of_cases(connection, set_no, cases)
    sealed = sealed_cases(connection, set_no)
    return tuple(
        _labelled(name, rows, groups, sealed, old[name]) for name, rows in sorted(by_criterion.items())
    )


def _labelled(
    criterion: str,
    rows: Sequence[LabelRow],
    groups: dict[int, int],
    sealed: frozenset[int] | set[int],
    old_version: int,
) -> Labelled:
    there = [row for row in rows if row.case_no in groups]
    own = [row for row in there if row.turn == "own"]
    in_open = [row for row in there if row.case_no not in sealed]
    readers: dict[Output, set[int]] = defaultdict(set)
    for row in own:
        readers[row.output].add(row.reviewer_no)
    twice = {groups[output.case_no] for output, who in readers.items() if len(who) > 1}
    kappa = _kappa([row for row in in_open if row.turn == "own"], groups)
    repeated = _repeated(in_open)
    times = [row.ms_spent for row in own if row.ms_spent is not None]
    return Labelled(
        criterion=criterion,
        groups=len({groups[row.case_no] for row in own}),
        double=len(twice),
        kappa=kappa.estimate if kappa else None,
        kappa_low=kappa.lower if kappa else None,
        seen_first=sum(_saw_another(row) for row in own),
        deferred=len({groups[row.case_no] for row in in_open if row.turn == "own" and row.state == "defer"}),
        median_ms=int(median(times)) if times else None,
        in_a_row=_in_a_row(own),
        repeated=len(repeated),
        repeated_same=sum(repeated),
        old_version=old_version,
    )


def _in_a_row(own: Sequence[LabelRow]) -> int | None:
    """Return the most labels of one person without a break of five minutes; None where their times are not known."""
    by_person: dict[int, list[dt.datetime]] = defaultdict(list)
    for row in own:
        if row.ms_spent is not None:  # brought in by a file they all have the time of the file
            by_person[row.reviewer_no].append(dt.datetime.fromisoformat(row.at))
    longest = 0
    for times in by_person.values():
        run, before = 0, None
        for at in sorted(times):
            run = run + 1 if before is not None and at - before < BREAK else 1
            longest, before = max(longest, run), at
    return longest or None


def _saw_another(row: LabelRow) -> bool:
    """Whether a judge's or another person's label was in sight; of what was brought in nobody knows."""
    blind = json.loads(row.blind)
    return blind.get("judge") is False or blind.get("others") is False


def _kappa(own: Iterable[LabelRow], groups: dict[int, int]) -> Interval | None:
    """Return agreement beyond chance of everybody who labelled; None where it cannot be said."""
    given: dict[Output, dict[int, str]] = defaultdict(dict)
    for row in own:
        if row.state in FIRM:
            given[row.output][row.reviewer_no] = row.state
    people = sorted({no for said in given.values() for no in said})
    if len(people) < 2:
        return None
    by_group: dict[int, list[Pattern]] = defaultdict(list)
    for output, said in given.items():
        by_group[groups[output.case_no]].append(tuple(said.get(no) for no in people))
    histogram = Counter(tuple(sorted(patterns, key=str)) for patterns in by_group.values())
    ratings = Ratings.from_groups(histogram, labels=("pass", "fail"))
    found = ratings.cohen_kappa() if len(people) == 2 else ratings.fleiss_kappa()
    return found if isinstance(found, Interval) else None


def _repeated(rows: Sequence[LabelRow]) -> list[bool]:
    """Return whether each output that came back unannounced was given the same label."""
    first = {(row.reviewer_no, row.output): row.state for row in rows if row.turn == "own"}
    again = [row for row in rows if row.turn == "again" and (row.reviewer_no, row.output) in first]
    return [first[row.reviewer_no, row.output] == row.state for row in again]
