"""Adapters that ask a variant for outputs."""
