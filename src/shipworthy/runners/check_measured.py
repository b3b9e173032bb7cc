"""Declared checks of what an answer took: seconds, USD."""

from __future__ import annotations

from typing import Any

from shipworthy.domain.scorer import Cost, Latency
from shipworthy.runners.scoring import PASSED, About, Said, failed, unscored


class LatencyCheck:
    """How long the answer took."""

    name = "latency"
    timed = False

    def __init__(self, asked: Latency) -> None:
        self.most = asked.at_most

    def score(self, given: Any, expected: Any, output: Any, about: About) -> Said:
        """Hold the seconds against the most that is allowed."""
        del given, expected, output
        if about.latency_s is None:
            return unscored("nobody measured how long it took")
        if about.latency_s <= self.most:
            return PASSED
        return failed(f"took {about.latency_s:.4g} s, and at most {self.most:g} s are allowed")


class CostCheck:
    """What the answer cost."""

    name = "cost"
    timed = False

    def __init__(self, asked: Cost) -> None:
        self.most = asked.at_most

    def score(self, given: Any, expected: Any, output: Any, about: About) -> Said:
        """Hold the cost against the most that is allowed."""
        del given, expected, output
        if about.cost_usd is None:
            return unscored("nobody knows what it cost")
        if about.cost_usd <= self.most:
            return PASSED
        return failed(f"cost {about.cost_usd:.4g} USD, and at most {self.most:g} USD are allowed")
