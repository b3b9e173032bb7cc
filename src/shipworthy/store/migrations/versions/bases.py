"""What scores rest on, and the scores that a corrected case replaced."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "bases"
down_revision = "review"


def upgrade() -> None:
    """Add the tables; of scores that are there already nobody knows what they rest on."""
    op.create_table(
        "bases", *_key(), sa.Column("basis", sa.BigInteger, nullable=False), sqlite_with_rowid=False
    )
    op.create_table(
        "rescored",
        *_key(),
        sa.Column("no", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("run_no", sa.Integer, nullable=False),
        sa.Column("answered", sa.SmallInteger, nullable=False),
        sa.Column("value", sa.Float),
        sa.Column("basis", sa.BigInteger),
        sa.Column("text", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rests_on",
        *(sa.Column(n, sa.Integer, primary_key=True) for n in ("variant_no", "series_no")),
        sa.Column("cases", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )


def _key() -> list[sa.Column[int]]:
    numbers = [sa.Column(n, sa.Integer, primary_key=True) for n in ("variant_no", "series_no", "case_no")]
    return [*numbers, *(sa.Column(n, sa.SmallInteger, primary_key=True) for n in ("repeat", "attempt"))]
