"""Whose times they are: latencies that another tool measured, or that this machine was too slow to measure well."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from shipworthy.decision.plan import Plan
from shipworthy.store.tables import closings, journal, runs

QUEUEING = {"inspect": "Inspect", "promptfoo": "promptfoo"}
"""Formats whose tools are known to count time in their own queue, and what the tools are called."""


def notes_on_times(
    connection: Connection, plan: Plan, variant: str, variant_no: int | None
) -> tuple[str, ...]:
    """Return what a reader of a latency claim should know of where the times come from; nothing without such a claim."""
    if variant_no is None or not any(criterion.of == "latency_s" for criterion in plan.criteria):
        return ()
    joined = closings.join(runs, runs.c.no == closings.c.run_no).join(
        journal, journal.c.seq == closings.c.seq
    )
    query = select(runs.c.kind, journal.c.body).select_from(joined).where(runs.c.variant_no == variant_no)
    said: dict[str, None] = {}
    for kind, text in connection.execute(query.order_by(runs.c.no)):
        body = json.loads(text)
        if kind == "import":
            said[_imported(variant, str(body.get("format", "")))] = None
        elif late := body.get("late_s"):
            said[
                f"while {variant} was measured this machine was {late * 1000:,.0f} ms late at times: its latencies are "
                "partly the machine's own, so they are upper bounds"
            ] = None
    return tuple(said)


def _imported(variant: str, tool: str) -> str:
    if tool in QUEUEING:
        return (
            f"the latencies of {variant} were measured by {QUEUEING[tool]} and include client queueing: they are "
            "upper bounds"
        )
    return (
        f"the latencies of {variant} come from an imported file: where a tool measured them, they include client "
        "queueing and are upper bounds"
    )
