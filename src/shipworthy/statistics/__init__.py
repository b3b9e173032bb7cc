"""Estimates, bounds and sample sizes on plain counts. Knows nothing of launches."""
