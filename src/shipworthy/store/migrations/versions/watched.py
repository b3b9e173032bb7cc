"""Watched: what live outputs brought after launch, and where each promise stood."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "watched"
down_revision = "bases"


def upgrade() -> None:
    """Add the tables of live outputs."""
    for name, text, content in (
        ("watched_ids", "what", ("ids",)),
        ("watched_values", "series", ("mixes", "vals")),
    ):
        op.create_table(
            name,
            sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column(text, sa.String, primary_key=True),
            sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("n", sa.Integer, nullable=False),
            *(sa.Column(each, sa.LargeBinary, nullable=False) for each in content),
            sqlite_with_rowid=False,
        )
    op.create_table(
        "watched_days",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("series", sa.String, primary_key=True),
        *(sa.Column(n, sa.Integer, primary_key=True, autoincrement=False) for n in ("mix", "day")),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("passed", sa.Float, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "watched_states",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(n, sa.String, primary_key=True) for n in ("promise", "fingerprint")),
        sa.Column("state", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Refuse: a ledger is never taken apart."""
    raise RuntimeError("a ledger is only ever upgraded")
