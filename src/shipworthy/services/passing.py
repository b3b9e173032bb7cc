"""How open outputs pass so far, for whoever watches a run; nothing of it is kept, and nothing sealed is in it."""

from __future__ import annotations

import contextlib

import msgspec

from shipworthy.domain.errors import ShipworthyError
from shipworthy.runners.declared import scores_of
from shipworthy.runners.interface import Reply
from shipworthy.runners.scoring import LATE, About
from shipworthy.services.opened import Opened
from shipworthy.services.waiting import Planned

QUICK_S = 1.0
"""How long a function of scorers.py may hold a run up to be counted here; when outputs are scored it has its own time."""


class Passing:
    """Counts passes under the first criterion that code can check.

    A check that breaks ends the count: what is wrong with it is said when outputs are scored.

    Args:
        launch: the launch; its code was agreed to.
    """

    def __init__(self, launch: Opened) -> None:
        self.passed = self.seen = 0
        self.inside = contextlib.ExitStack()
        self.check = None
        criteria = launch.reading.criteria
        found = next((c for c in criteria if c.scorer and (c.scorer.check or c.scorer.kind)), None)
        if found is not None and found.scorer is not None:
            self.name = found.id
            self.passes_from = found.pass_when.at_least if found.pass_when else 1.0
            quick = found.scorer.model_copy(update={"seconds": QUICK_S} if found.scorer.check else {})
            with contextlib.suppress(ShipworthyError):
                check = scores_of(quick, launch.layout)
                if check is not None:
                    self.inside.enter_context(check.ready())
                self.check = check

    def add(self, asked: Planned, reply: Reply, cost_usd: float | None) -> None:
        """Take one more answer into account; one of a sealed case is passed over."""
        if self.check is None or asked.sealed:
            return
        self.seen += 1
        if reply.text is None:
            return
        try:
            value, words = self.check.score(
                asked.given, asked.expected, msgspec.json.decode(reply.text), About(reply.latency_s, cost_usd)
            )
        except ShipworthyError:
            self.check = None
            return
        if value is None and words and words.startswith(LATE):
            self.check = None
            return
        self.passed += value is not None and value >= self.passes_from

    @property
    def words(self) -> str:
        """The count, as a person reads it; empty when there is none."""
        if self.check is None or not self.seen:
            return ""
        return f"{self.passed:,} of {self.seen:,} open pass {self.name} so far"

    def close(self) -> None:
        """Let go of the check; what comes later is not counted."""
        self.check = None
        self.inside.close()
