"""Estimands as values: each keeps its counts and answers with one-sided bounds and p-values."""
