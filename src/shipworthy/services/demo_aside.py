"""What a verdict's reader should know of a demo: said beside the verdict, which never reads it."""

from __future__ import annotations

from sqlalchemy import Connection

from shipworthy.decision.plan import Plan
from shipworthy.domain.evalset import input_hash
from shipworthy.services.demo_waiting import wordings_of
from shipworthy.services.opened import Opened
from shipworthy.store.demo_rows import cases_with_words


def demo_asides(launch: Opened, connection: Connection, plan: Plan, name: str) -> tuple[str, ...]:
    """Return one sentence when a demo check found the demo to differ from the set by more than chance.

    Args:
        launch: the launch.
        connection: a consistent view.
        plan: the plan as the folder reads now.
        name: whose verdict it is.
    """
    wordings = wordings_of(launch.reading.demo)
    if not wordings:
        return ()
    hashes = [input_hash(each.case.input) for each in wordings]
    if any(part == "holdout" for _, part in cases_with_words(connection, launch.cases.no, hashes).values()):
        return ()  # how a sealed case went is nobody's business
    from shipworthy.narrative.demo import Standing, aside  # noqa: PLC0415 - they load scipy, and demos are seldom checked
    from shipworthy.services.demo_figures import figures  # noqa: PLC0415

    compared = figures(launch, connection, plan, name)
    standing = Standing(str(launch.layout.folder), name, candidate=name == plan.candidate)
    said = aside(compared, standing)
    return (said,) if said else ()
