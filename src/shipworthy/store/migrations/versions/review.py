"""Review: who reads which outputs, what they said of them, and what they were shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "review"
down_revision = "calls"

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables of reviewers, queues, labels and reveals."""
    _queues()
    _labels()
    op.create_table(
        "reveals",
        *(
            sa.Column(n, sa.Integer, primary_key=True, autoincrement=False)
            for n in ("reviewer_no", "variant_no", "case_no")
        ),
        sa.Column("repeat", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("criterion", sa.String, primary_key=True),
        sa.Column("at", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )


def _queues() -> None:
    op.create_table(
        "reviewers",
        sa.Column("no", SERIAL, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String, nullable=False, unique=True),
    )
    op.create_table(
        "queues",
        sa.Column("no", SERIAL, primary_key=True, autoincrement=False),
        sa.Column("key", sa.String, nullable=False, unique=True),
        *(sa.Column(n, sa.String, nullable=False) for n in ("name", "kind", "criterion")),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("at", sa.String, nullable=False),
    )
    op.create_table(
        "queue_items",
        *(sa.Column(n, sa.Integer, primary_key=True, autoincrement=False) for n in ("queue_no", "position")),
        *(sa.Column(n, sa.Integer, nullable=False) for n in ("variant_no", "case_no")),
        sa.Column("repeat", sa.SmallInteger, nullable=False),
        sa.Column("probability", sa.Float),
        *(sa.Column(n, sa.SmallInteger, nullable=False) for n in ("again", "readers")),
        sqlite_with_rowid=False,
    )


def _labels() -> None:
    op.create_table(
        "labels",
        sa.Column("no", SERIAL, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String, nullable=False),
        *(sa.Column(n, sa.Integer, nullable=False) for n in ("reviewer_no", "variant_no", "case_no")),
        sa.Column("repeat", sa.SmallInteger, nullable=False),
        *(sa.Column(n, sa.String, nullable=False) for n in ("criterion", "turn")),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        *(sa.Column(n, sa.Text, nullable=False) for n in ("note", "modes")),
        *(sa.Column(n, sa.Integer) for n in ("step", "queue_no")),
        sa.Column("client_id", sa.String, nullable=False, unique=True),
        sa.Column("ms_spent", sa.BigInteger),
        sa.Column("blind", sa.Text, nullable=False),
        sa.Column("undoes", sa.BigInteger),
        sa.UniqueConstraint("reviewer_no", "variant_no", "case_no", "repeat", "criterion", "turn", "version"),
    )
