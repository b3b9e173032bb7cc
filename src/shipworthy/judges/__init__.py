"""Judges: what a model is asked about one output, and how its answer is read."""
