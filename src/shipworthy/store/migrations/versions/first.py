"""The first schema of the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "first"
down_revision = None

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OUTPUT_KEY = ("variant_no", "case_no", "repeat", "attempt")
SCORE_KEY = ("variant_no", "series_no", "case_no", "repeat", "attempt")


def _key(names: tuple[str, ...]) -> list[sa.Column[int]]:
    small = {"repeat", "attempt"}
    return [sa.Column(n, sa.SmallInteger if n in small else sa.Integer, primary_key=True) for n in names]


def upgrade() -> None:
    """Create the tables of a new ledger."""
    op.create_table(
        "journal",
        sa.Column("seq", SERIAL, primary_key=True, autoincrement=False),
        *(sa.Column(n, sa.Text, nullable=False) for n in ("at", "verb", "body", "prev")),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
    )
    op.create_table(
        "variants",
        sa.Column("no", SERIAL, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.UniqueConstraint("name", "fingerprint"),
    )
    op.create_table(
        "series",
        sa.Column("no", SERIAL, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
    )
    op.create_table(
        "cases",
        sa.Column("no", SERIAL, primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("input_hash", sa.Text, nullable=False),
        sa.UniqueConstraint("key", "input_hash"),
    )
    op.create_table(
        "runs",
        sa.Column("no", SERIAL, primary_key=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("variant_no", SERIAL, sa.ForeignKey("variants.no"), nullable=False),
        sa.Column("opened", sa.BigInteger, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
    )
    op.create_table(
        "closings",
        sa.Column("run_no", SERIAL, sa.ForeignKey("runs.no"), primary_key=True),
        sa.Column("seq", SERIAL, sa.ForeignKey("journal.seq"), nullable=False),
        sa.Column("n_outputs", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
    )
    _create_rows()
    op.create_table(
        "looks",
        sa.Column("seq", SERIAL, sa.ForeignKey("journal.seq"), primary_key=True),
        *(sa.Column(n, sa.Text, nullable=False) for n in ("plan", "evidence", "variant")),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("groups", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("plan", "evidence", "variant"),
    )
    _create_derived()


def _create_rows() -> None:
    op.create_table(
        "outputs",
        *_key(OUTPUT_KEY),
        sa.Column("run_no", sa.Integer, nullable=False),
        sa.Column("answered", sa.SmallInteger, nullable=False),
        sa.Column("latency_s", sa.Float),
        sa.Column("cost_usd", sa.Float),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "texts",
        *_key(OUTPUT_KEY),
        sa.Column("run_no", sa.Integer, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("reason", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "scores",
        *_key(SCORE_KEY),
        sa.Column("run_no", sa.Integer, nullable=False),
        sa.Column("answered", sa.SmallInteger, nullable=False),
        sa.Column("value", sa.Float),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "explanations",
        *_key(SCORE_KEY),
        sa.Column("run_no", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )


def _create_derived() -> None:
    op.create_table(
        "sets",
        sa.Column("no", SERIAL, primary_key=True),
        sa.Column("fingerprint", sa.Text, nullable=False, unique=True),
        sa.Column("about", sa.Text, nullable=False),
    )
    op.create_table(
        "tagsets",
        sa.Column("set_no", sa.Integer, primary_key=True),
        sa.Column("no", sa.Integer, primary_key=True),
        sa.Column("tags", sa.Text, nullable=False),
    )
    op.create_table(
        "members",
        *(sa.Column(n, sa.Integer, primary_key=True) for n in ("set_no", "case_no")),
        sa.Column("part", sa.SmallInteger, nullable=False),
        sa.Column("group_no", sa.Integer, nullable=False),
        sa.Column("alone", sa.SmallInteger, nullable=False),
        sa.Column("tagset_no", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Refuse: a ledger is never taken apart."""
    raise RuntimeError("a ledger is only ever upgraded")
