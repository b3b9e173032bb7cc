"""Calls: what was sent, what it cost, and the steps of an output."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "calls"
down_revision = "first"

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables that every attempt at a call is written down in."""
    op.create_table(
        "steps",
        *(sa.Column(n, sa.Integer, primary_key=True) for n in ("variant_no", "case_no")),
        *(sa.Column(n, sa.SmallInteger, primary_key=True) for n in ("repeat", "attempt")),
        sa.Column("run_no", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "intents",
        sa.Column("no", SERIAL, primary_key=True, autoincrement=False),
        sa.Column("purpose", sa.Text, nullable=False),
        *(sa.Column(n, sa.Integer, nullable=False) for n in ("variant_no", "case_no")),
        *(sa.Column(n, sa.SmallInteger, nullable=False) for n in ("repeat", "attempt")),
        sa.Column("run_no", sa.Integer, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("worst", sa.Float, nullable=False),
    )
    op.create_table(
        "receipts",
        sa.Column("call_no", SERIAL, primary_key=True, autoincrement=False),
        sa.Column("state", sa.SmallInteger, nullable=False),
        *(sa.Column(n, sa.Float) for n in ("latency_s", "first_byte_s")),
        *(sa.Column(n, sa.Integer) for n in ("tokens_in", "tokens_out")),
        *(sa.Column(n, sa.Float, nullable=False) for n in ("cost_low", "cost_high")),
        sa.Column("reason", sa.Text),
    )
