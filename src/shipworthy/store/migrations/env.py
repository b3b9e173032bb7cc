"""Alembic's entry: migrate over the connection that the ledger hands in."""

from __future__ import annotations

from alembic import context

from shipworthy.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
