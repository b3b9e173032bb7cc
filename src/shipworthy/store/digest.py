"""What a closed run holds, as a hash that anybody can derive again from its rows.

Rows are read in the order of the ledger's keys, so the digest does not depend on the order in which
they were written, nor on where an interrupted import stopped.
"""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Connection, Table, exists, select

from shipworthy.store.tables import (
    bases,
    cases,
    explanations,
    intents,
    labels,
    members,
    outputs,
    queue_items,
    queues,
    receipts,
    rescored,
    scores,
    series,
    steps,
    tagsets,
    texts,
)

BATCH = 4096


def run_digest(connection: Connection, run_no: int, *, variant_no: int) -> str:
    """Hash everything a run brought: outputs with times and costs, their texts, and the scores that came with them.

    Scores of checks are written later and have digests of their own.
    """
    recorded = select(series.c.no).where(series.c.name.like("recorded:%"))
    queries = []
    for table in (outputs, texts, scores, explanations):
        query = select(table).where(table.c.variant_no == variant_no, table.c.run_no == run_no)
        if "series_no" in table.c:
            query = query.where(table.c.series_no.in_(recorded))
        queries.append(query.order_by(*table.primary_key))
    mine = (steps.c.variant_no == variant_no, steps.c.run_no == run_no)
    if connection.execute(select(exists().where(*mine))).scalar():
        queries.append(select(steps).where(*mine).order_by(*steps.primary_key))
    return _hash(connection, *queries)


def index_digest(connection: Connection, set_no: int) -> str:
    """Hash the index of an eval set: which case is in which part, group and tag set."""
    m, c = members.c, cases.c
    columns = (c.key, c.input_hash, m.part, m.group_no, m.alone, m.tagset_no, m.case_no)
    index = select(*columns).select_from(members.join(cases, c.no == m.case_no)).where(m.set_no == set_no)
    tags = select(tagsets.c.no, tagsets.c.tags).where(tagsets.c.set_no == set_no).order_by(tagsets.c.no)
    return _hash(connection, index.order_by(m.case_no), tags)


def series_digest(connection: Connection, *, variant_no: int, series_no: int) -> str:
    """Hash every score of a variant in one series, and what it rests on and replaced where that was written down."""
    queries = [_series(table, variant_no, series_no) for table in (scores, explanations)]
    for table in (bases, rescored):
        mine = (table.c.variant_no == variant_no, table.c.series_no == series_no)
        if connection.execute(select(exists().where(*mine))).scalar():
            queries.append(_series(table, variant_no, series_no))
    return _hash(connection, *queries)


def calls_digest(connection: Connection, run_no: int, *, variant_no: int) -> str:
    """Hash every call of a run: what was noted before it was sent, and its receipt; empty when there was none."""
    i = intents.c
    return _calls(connection, i.run_no == run_no, i.variant_no == variant_no)


def asked_digest(connection: Connection, purpose: str, first: int, last: int) -> str:
    """Hash the calls for one purpose, from a number to a number, both included; empty when there was none."""
    return _calls(connection, intents.c.purpose == purpose, intents.c.no.between(first, last))


def _calls(connection: Connection, *mine: Any) -> str:
    joined = intents.outerjoin(receipts, receipts.c.call_no == intents.c.no)
    if not connection.execute(select(exists().where(*mine))).scalar():
        return ""
    query = select(*intents.c, *receipts.c).select_from(joined).where(*mine).order_by(intents.c.no)
    return _hash(connection, query)


def labels_digest(connection: Connection, first: int, last: int) -> str:
    """Hash the labels of one group: from a number to a number, both included."""
    return _hash(connection, select(labels).where(labels.c.no.between(first, last)).order_by(labels.c.no))


def queue_digest(connection: Connection, queue_no: int) -> str:
    """Hash a queue with its items."""
    return _hash(
        connection,
        select(queues).where(queues.c.no == queue_no),
        select(queue_items).where(queue_items.c.queue_no == queue_no).order_by(queue_items.c.position),
    )


def _series(table: Table, variant_no: int, series_no: int) -> Any:
    mine = (table.c.variant_no == variant_no, table.c.series_no == series_no)
    return select(table).where(*mine).order_by(*table.primary_key)


def _hash(connection: Connection, *queries: Any) -> str:
    digest = hashlib.sha256()
    for query in queries:
        cursor: Any = connection.execute(query).cursor  # plain tuples: a million rows are hashed in a second
        while rows := cursor.fetchmany(BATCH):
            digest.update(repr(rows).encode())
        digest.update(b"\n--\n")
    return digest.hexdigest()
