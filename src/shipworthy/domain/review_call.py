"""The 1:1 call with a reviewer as it is written down: who, what was asked, what was agreed to be done."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from shipworthy.domain.authored import Authored


class Asked(Authored):
    """One question of the reviewer's."""

    question: str = Field(min_length=1, max_length=1000, description="what was asked")
    answer: str = Field("", max_length=4000, description="what is answered; empty while it is open")


class Action(Authored):
    """One thing that was agreed."""

    what: str = Field(min_length=1, max_length=500, description="what is to be done")
    owner: str = Field("", max_length=120, description="who does it")
    due: dt.date | None = Field(None, description="by when")
    done: bool = Field(default=False, description="whether it is done")


class ReviewCall(Authored):
    """One call: `reviews/DATE-WHO.yaml`."""

    reviewer: str = Field(min_length=1, max_length=120, description="who reviewed")
    role: str = Field("", max_length=120, description="as what")
    independent: bool = Field(default=True, description="had no part in building it")
    held_on: dt.date | None = Field(None, description="the day of the call; none while it is only booked")
    read: list[str] = Field(default_factory=list, description="what was read before")
    says: Literal["agree", "agree with conditions", "disagree", ""] = Field(
        "", description="the reviewer's verdict"
    )
    conditions: list[str] = Field(default_factory=list, description="what has to hold for it")
    questions: list[Asked] = Field(default_factory=list, description="what was asked")
    actions: list[Action] = Field(default_factory=list, description="what was agreed")
