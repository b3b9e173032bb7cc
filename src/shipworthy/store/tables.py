"""The ledger's tables: one schema for SQLite and PostgreSQL.

Facts are appended and never changed. A *run* (or an import of one) is visible only once it has a row
in `closings`. Aggregates are always derived from `scores` and `outputs`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()
Serial = BigInteger().with_variant(Integer, "sqlite")

journal = Table(
    "journal",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("verb", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("prev", String, nullable=False),
    Column("hash", String, nullable=False, unique=True),
)
variants = Table(
    "variants",
    metadata,
    Column("no", Serial, primary_key=True),
    Column("name", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    UniqueConstraint("name", "fingerprint"),
)
series = Table(
    "series",
    metadata,
    Column("no", Serial, primary_key=True),
    Column("name", String, nullable=False, unique=True),
)
cases = Table(
    "cases",
    metadata,
    Column("no", Serial, primary_key=True),
    Column("key", String, nullable=False),
    Column("input_hash", String, nullable=False),
    UniqueConstraint("key", "input_hash"),
)
runs = Table(
    "runs",
    metadata,
    Column("no", Serial, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),  # run | import | score
    Column("variant_no", ForeignKey("variants.no"), nullable=False),
    Column("opened", BigInteger, nullable=False),  # journal seq before it began
    Column("about", Text, nullable=False),  # JSON: file, hash, tool, header notes
)
closings = Table(
    "closings",
    metadata,
    Column("run_no", ForeignKey("runs.no"), primary_key=True),
    Column("seq", ForeignKey("journal.seq"), nullable=False),
    Column("n_outputs", BigInteger, nullable=False),
    Column("digest", String, nullable=False),
)
outputs = Table(
    "outputs",
    metadata,
    Column("variant_no", Integer, primary_key=True),
    Column("case_no", Integer, primary_key=True),
    Column("repeat", SmallInteger, primary_key=True),
    Column("attempt", SmallInteger, primary_key=True),
    Column("run_no", Integer, nullable=False),
    Column("answered", SmallInteger, nullable=False),
    Column("latency_s", Float),
    Column("cost_usd", Float),
    sqlite_with_rowid=False,
)
texts = Table(
    "texts",
    metadata,
    Column("variant_no", Integer, primary_key=True),
    Column("case_no", Integer, primary_key=True),
    Column("repeat", SmallInteger, primary_key=True),
    Column("attempt", SmallInteger, primary_key=True),
    Column("run_no", Integer, nullable=False),
    Column("text", Text),
    Column("reason", Text),
    sqlite_with_rowid=False,
)
scores = Table(
    "scores",
    metadata,
    Column("variant_no", Integer, primary_key=True),
    Column("series_no", Integer, primary_key=True),
    Column("case_no", Integer, primary_key=True),
    Column("repeat", SmallInteger, primary_key=True),
    Column("attempt", SmallInteger, primary_key=True),
    Column("run_no", Integer, nullable=False),
    Column("answered", SmallInteger, nullable=False),
    Column("value", Float),  # null: unscored, or no answer
    sqlite_with_rowid=False,
)
explanations = Table(
    "explanations",
    metadata,
    Column("variant_no", Integer, primary_key=True),
    Column("series_no", Integer, primary_key=True),
    Column("case_no", Integer, primary_key=True),
    Column("repeat", SmallInteger, primary_key=True),
    Column("attempt", SmallInteger, primary_key=True),
    Column("run_no", Integer, nullable=False),
    Column("text", Text, nullable=False),
    sqlite_with_rowid=False,
)
# What a score rests on: a hash of the values of the case that its check read; and scores that a corrected case replaced.
bases = Table(
    "bases",
    metadata,
    Column("variant_no", Integer, primary_key=True),
    Column("series_no", Integer, primary_key=True),
    Column("case_no", Integer, primary_key=True),
    Column("repeat", SmallInteger, primary_key=True),
    Column("attempt", SmallInteger, primary_key=True),
    Column("basis", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
rescored = Table(
    "rescored",
    metadata,
    Column("variant_no", Integer, primary_key=True),
    Column("series_no", Integer, primary_key=True),
    Column("case_no", Integer, primary_key=True),
    Column("repeat", SmallInteger, primary_key=True),
    Column("attempt", SmallInteger, primary_key=True),
    Column("no", SmallInteger, primary_key=True, autoincrement=False),  # 1, 2, … of this output
    Column("run_no", Integer, nullable=False),
    Column("answered", SmallInteger, nullable=False),
    Column("value", Float),
    Column("basis", BigInteger),
    Column("text", Text),  # the words, where there were some
    sqlite_with_rowid=False,
)
# Derived: the eval set on which all scores of a variant in a series are known to rest.
rests_on = Table(
    "rests_on",
    metadata,
    Column("variant_no", Integer, primary_key=True),
    Column("series_no", Integer, primary_key=True),
    Column("cases", String, nullable=False),
    sqlite_with_rowid=False,
)
steps = Table(
    "steps",
    metadata,
    Column("variant_no", Integer, primary_key=True),
    Column("case_no", Integer, primary_key=True),
    Column("repeat", SmallInteger, primary_key=True),
    Column("attempt", SmallInteger, primary_key=True),
    Column("run_no", Integer, nullable=False),
    Column("text", Text, nullable=False),  # JSON: turns and tool calls, where there was more than one step
    sqlite_with_rowid=False,
)
# Every attempt at a call: noted before it is sent, settled after. An intent without a receipt is in doubt.
intents = Table(
    "intents",
    metadata,
    Column("no", Serial, primary_key=True, autoincrement=False),
    Column("purpose", String, nullable=False),  # run, or the series a judge writes
    Column("variant_no", Integer, nullable=False),
    Column("case_no", Integer, nullable=False),
    Column("repeat", SmallInteger, nullable=False),
    Column("attempt", SmallInteger, nullable=False),  # 1, 2, … at this output
    Column("run_no", Integer, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("worst", Float, nullable=False),  # USD reserved
)
receipts = Table(
    "receipts",
    metadata,
    Column("call_no", Serial, primary_key=True, autoincrement=False),
    Column("state", SmallInteger, nullable=False),
    Column("latency_s", Float),
    Column("first_byte_s", Float),
    Column("tokens_in", Integer),
    Column("tokens_out", Integer),
    Column("cost_low", Float, nullable=False),
    Column("cost_high", Float, nullable=False),
    Column("reason", Text),
)
looks = Table(
    "looks",
    metadata,
    Column("seq", ForeignKey("journal.seq"), primary_key=True),
    Column("plan", String, nullable=False),
    Column("evidence", String, nullable=False),
    Column("variant", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("groups", BigInteger, nullable=False),
    UniqueConstraint("plan", "evidence", "variant"),
)

# What people said of outputs. The current label of a chain is the one with the highest version; an undo is a row.
reviewers = Table(
    "reviewers",
    metadata,
    Column("no", Serial, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False, unique=True),
)
queues = Table(
    "queues",
    metadata,
    Column("no", Serial, primary_key=True, autoincrement=False),
    Column("key", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("criterion", String, nullable=False),  # empty: open reading
    Column("seed", BigInteger, nullable=False),
    Column("about", Text, nullable=False),  # JSON: what it was drawn from, and what it stands for
    Column("at", String, nullable=False),
)
queue_items = Table(
    "queue_items",
    metadata,
    Column("queue_no", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("variant_no", Integer, nullable=False),
    Column("case_no", Integer, nullable=False),
    Column("repeat", SmallInteger, nullable=False),
    Column("probability", Float),  # of being in the queue; null: chosen, not drawn
    Column("again", SmallInteger, nullable=False),  # 1: a hidden second reading by the same person
    Column("readers", SmallInteger, nullable=False),  # how many people label it
    sqlite_with_rowid=False,
)
labels = Table(
    "labels",
    metadata,
    Column("no", Serial, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("reviewer_no", Integer, nullable=False),
    Column("variant_no", Integer, nullable=False),
    Column("case_no", Integer, nullable=False),
    Column("repeat", SmallInteger, nullable=False),
    Column("criterion", String, nullable=False),
    Column("turn", String, nullable=False),  # own | again | settled
    Column("version", Integer, nullable=False),
    Column("state", String, nullable=False),  # pass | fail | defer | withdrawn
    Column("note", Text, nullable=False),
    Column("modes", Text, nullable=False),  # JSON: ids of failure modes
    Column("step", Integer),
    Column("queue_no", Integer),
    Column("client_id", String, nullable=False, unique=True),
    Column("ms_spent", BigInteger),
    Column("blind", Text, nullable=False),  # JSON: what had not been shown
    Column("undoes", BigInteger),  # the label that this row takes back
    UniqueConstraint("reviewer_no", "variant_no", "case_no", "repeat", "criterion", "turn", "version"),
)
reveals = Table(
    "reveals",
    metadata,
    Column("reviewer_no", Integer, primary_key=True),
    Column("variant_no", Integer, primary_key=True),
    Column("case_no", Integer, primary_key=True),
    Column("repeat", SmallInteger, primary_key=True),
    Column("criterion", String, primary_key=True),
    Column("at", String, nullable=False),
    sqlite_with_rowid=False,
)

# What live outputs brought, intake by intake. `seq` is the event of the journal that sealed it.
watched_ids = Table(
    "watched_ids",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("what", String, primary_key=True),  # JSON: the series that these outputs brought
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
    Column("ids", LargeBinary, nullable=False),  # hashes of 64 bits, little-endian, ascending
    sqlite_with_rowid=False,
)
watched_values = Table(
    "watched_values",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("series", String, primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
    Column("mixes", LargeBinary, nullable=False),  # packed: number of each one's tags in the event, in order
    Column("vals", LargeBinary, nullable=False),  # packed: a byte each where all are 0 or 1, else eight
    sqlite_with_rowid=False,
)
watched_days = Table(
    "watched_days",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("series", String, primary_key=True),  # empty: every output, whatever it brought
    Column("mix", Integer, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),  # since 1970; -1: not known
    Column("n", Integer, nullable=False),
    Column("passed", Float, nullable=False),
    sqlite_with_rowid=False,
)
# Worked out from the values, and so that they need not be read again; never the only place of anything.
watched_states = Table(
    "watched_states",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("promise", String, primary_key=True),
    Column("fingerprint", String, primary_key=True),  # of the promise as it stood
    Column("state", Text, nullable=False),
    sqlite_with_rowid=False,
)

# Derived from evalset/*.jsonl and rebuilt from it at will: which case is in which group, part and tags.
sets = Table(
    "sets",
    metadata,
    Column("no", Serial, primary_key=True),
    Column("fingerprint", String, nullable=False, unique=True),
    Column("about", Text, nullable=False),  # JSON: cases and groups by part
)
tagsets = Table(
    "tagsets",
    metadata,
    Column("set_no", Integer, primary_key=True),
    Column("no", Integer, primary_key=True),
    Column("tags", Text, nullable=False),
)
members = Table(
    "members",
    metadata,
    Column("set_no", Integer, primary_key=True),
    Column("case_no", Integer, primary_key=True),
    Column("part", SmallInteger, nullable=False),
    Column("group_no", Integer, nullable=False),
    Column("alone", SmallInteger, nullable=False),
    Column("tagset_no", Integer, nullable=False),
    sqlite_with_rowid=False,
)
PARTS = ("explore", "tune", "calibrate", "holdout")
