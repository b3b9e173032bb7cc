"""The decision as a named person signs it: what was asked, what was computed, what was chosen, and what would undo it."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from shipworthy.domain.authored import Authored, Expected

Chosen = Literal["ship", "ship narrower", "not yet", "do not ship"]
CAREFUL: tuple[Chosen, ...] = ("do not ship", "not yet", "ship narrower", "ship")
"""From the most careful to the least."""
REASON = 20
"""Letters that a reason has at least: "because" is none."""


class Override(Authored):
    """Why somebody chose otherwise than was computed, and until when that holds."""

    reason: str = Field(min_length=REASON, max_length=2000)
    expires: dt.date | None = None


class Dissent(Authored):
    """Who disagreed, and why."""

    who: str = Field(min_length=1, max_length=120)
    text: str = Field(min_length=1, max_length=2000)


class Decision(Authored):
    """What was decided about a launch."""

    question: str = Field("", max_length=1000, description="what was to be decided")
    options: list[str] = Field(default_factory=list, description="what could have been chosen")
    verdict: Chosen = Field(description="what was computed")
    blocked_by: list[str] = Field(default_factory=list, description="challenges that hold a ship back")
    chosen: Chosen = Field(description="what was chosen")
    scope: list[str] = Field(default_factory=list, description="the slices that the verdict covers")
    override: Override | None = Field(None, description="where chosen and computed differ")
    dissent: list[Dissent] = Field(default_factory=list)
    reverse_if: str = Field("", max_length=1000, description="what would undo it")
    review_on: dt.date | None = Field(None, description="the day on which it is looked at again")
    expect: float | None = Field(
        None,
        ge=0,
        le=1,
        description="chance, in the view of the one who signs, that every promise is kept on the day of review",
    )
    by: str = Field(min_length=1, max_length=120, description="who decides")

    @model_validator(mode="after")
    def _said_why(self) -> Decision:
        computed = (
            "not yet" if self.blocked_by and self.verdict in ("ship", "ship narrower") else self.verdict
        )
        if self.chosen != computed and self.override is None:
            raise Expected(f"a reason, as the verdict is {computed}", at="override")
        bolder = CAREFUL.index(self.chosen) > CAREFUL.index(computed)
        if bolder and self.override is not None and self.override.expires is None:
            raise Expected(
                "a day on which the override ends, as it is bolder than the verdict", at="override"
            )
        if self.chosen in ("ship", "ship narrower") and not (self.reverse_if and self.review_on):
            raise Expected("what would undo it, and the day on which it is looked at again", at="reverse_if")
        return self
