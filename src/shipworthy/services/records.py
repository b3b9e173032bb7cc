"""Records: how much a launch has of each kind of record; counts only, and no outcome among them."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from shipworthy.domain.launch import Launch
from shipworthy.domain.problem import Problem
from shipworthy.narrative.records import Records
from shipworthy.services.opened import Opened
from shipworthy.store import journal
from shipworthy.store.decision_file import memo_hashes, read_decisions
from shipworthy.store.interviews import names_in
from shipworthy.store.promises import read_incidents, read_promises
from shipworthy.store.reviews import read_reviews
from shipworthy.store.tables import closings, labels, watched_values


def records_of(launch: Opened, connection: Connection) -> Records:
    """Count what a launch has on record.

    Args:
        launch: the launch, opened.
        connection: a reading transaction of its ledger.
    """
    layout, reading = launch.layout, launch.reading
    ignored: list[Problem] = []  # a mistake in a file is `check`'s to say; what can be read is counted
    events, head = journal.head(connection)
    sealed = {verb: journal.events(connection, verb) for verb in ("lock", "look", "accept")}
    return Records(
        brief=_brief(reading.launch),
        interviews=len(names_in(layout)),
        modes=len(reading.taxonomy),
        criteria=len(reading.criteria),
        cases={part: there.n_cases for part, there in launch.cases.parts.items()},
        groups=sum(there.n_groups for there in launch.cases.parts.values()),
        outputs=int(
            connection.execute(select(func.coalesce(func.sum(closings.c.n_outputs), 0))).scalar() or 0
        ),
        labels=_labels(connection),
        judges=len(reading.judges),
        locks=len(sealed["lock"]),
        looks=len(sealed["look"]),
        accepted=len({body["rule"] for _, _, body in sealed["accept"]}),
        memos=len(memo_hashes(layout, rehearsal=False)),
        reviews=len(read_reviews(layout, ignored)),
        decisions=sum(found is not None for found in read_decisions(layout).values()),
        promises=len(read_promises(layout, reading.criteria, ignored)),
        audits=int(connection.execute(select(func.coalesce(func.sum(watched_values.c.n), 0))).scalar() or 0),
        incidents=len(read_incidents(layout, ignored)),
        events=events,
        head=head if events else "",
    )


def _labels(connection: Connection) -> int:
    """Count labels that say pass or fail, as they were given; what was taken back is not among them."""
    undone = select(labels.c.undoes).where(labels.c.undoes.is_not(None))
    kept = select(func.count()).where(labels.c.state.in_(("pass", "fail")), labels.c.no.not_in(undone))
    return int(connection.execute(kept).scalar() or 0)


def _brief(launch: Launch) -> int:
    """Count the parts of the brief that are written."""
    parts = (
        launch.decision.question, launch.goal, launch.if_nothing, launch.users, launch.alternative, launch.value,
        launch.worst_case, launch.good_enough, launch.not_worth_it_if,
    )  # fmt: skip
    return sum(bool(part) for part in parts)
