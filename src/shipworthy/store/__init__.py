"""The launch folder and the ledger."""
