"""What a closed run holds, as a hash that anybody can derive again from its rows.

Rows are read in the order of the ledger's keys, so the digest does not depend on the order in which
they were written, nor on where an interrupted import stopped. Times and costs have a digest of their
own: they differ between two runs that answered alike.
"""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Connection, select

from shipworthy.store.tables import cases, outputs, scores, series, texts

BATCH = 4096


def content_digest(connection: Connection, run_no: int, *, variant_no: int) -> str:
    """Hash what a run's outputs say and the scores that came with them (checks have digests of their own)."""
    o, t, s = outputs.c, texts.c, scores.c
    same_text = (
        t.variant_no == o.variant_no,
        t.case_no == o.case_no,
        t.repeat == o.repeat,
        t.attempt == o.attempt,
    )
    said = (
        select(cases.c.key, o.repeat, o.attempt, o.answered, t.text, t.reason)
        .select_from(outputs.join(cases, cases.c.no == o.case_no).outerjoin(texts, _all(same_text)))
        .where(o.variant_no == variant_no, o.run_no == run_no)
        .order_by(o.case_no, o.repeat, o.attempt)
    )
    scored = (
        select(cases.c.key, s.repeat, s.attempt, series.c.name, s.value)
        .select_from(scores.join(cases, cases.c.no == s.case_no).join(series, series.c.no == s.series_no))
        .where(s.variant_no == variant_no, s.run_no == run_no, series.c.name.like("recorded:%"))
        .order_by(s.series_no, s.case_no, s.repeat, s.attempt)
    )
    return _hash(connection, said, scored)


def series_digest(connection: Connection, *, variant_no: int, series_no: int) -> str:
    """Hash every score of a variant in one series."""
    s = scores.c
    scored = (
        select(cases.c.key, s.repeat, s.attempt, s.answered, s.value)
        .select_from(scores.join(cases, cases.c.no == s.case_no))
        .where(s.variant_no == variant_no, s.series_no == series_no)
        .order_by(s.case_no, s.repeat, s.attempt)
    )
    return _hash(connection, scored)


def timings_digest(connection: Connection, run_no: int, *, variant_no: int) -> str:
    """Hash how long a run's outputs took and what they cost."""
    o = outputs.c
    took = (
        select(cases.c.key, o.repeat, o.attempt, o.latency_s, o.cost_usd)
        .select_from(outputs.join(cases, cases.c.no == o.case_no))
        .where(o.variant_no == variant_no, o.run_no == run_no)
        .order_by(o.case_no, o.repeat, o.attempt)
    )
    return _hash(connection, took)


def _hash(connection: Connection, *queries: Any) -> str:
    digest = hashlib.sha256()
    for query in queries:
        cursor: Any = connection.execute(query).cursor  # plain tuples: a million rows are hashed in a second
        while rows := cursor.fetchmany(BATCH):
            digest.update(repr(rows).encode())
        digest.update(b"\n--\n")
    return digest.hexdigest()


def _all(conditions: tuple[Any, ...]) -> Any:
    first, *rest = conditions
    for condition in rest:
        first = first & condition
    return first
