"""Adapters that write a document."""
