"""From a plan and evidence to a verdict: pure functions of values."""
