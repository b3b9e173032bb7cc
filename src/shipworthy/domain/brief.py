"""The brief: what people write of a launch before anything is measured; every part may be left blank."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from shipworthy.domain.authored import Authored

Ceiling = Annotated[float, Field(gt=0)]
Short = Annotated[str, Field(min_length=1, max_length=200)]
Risk = Literal["value", "usability", "feasibility", "viability", "ethics"]
Importance = Annotated[int, Field(ge=1, le=3)]
Strength = Literal["none", "weak", "strong"]


class Job(Authored):
    """What the people who meet the feature are trying to get done."""

    when: str = Field("", description="the moment in which they need it")
    want: str = Field("", description="what they want to do then")
    so_that: str = Field("", description="what it is good for, in their words")


class Budget(Authored):
    """Ceilings of cost and speed: above them it is not worth having, however good it is."""

    per_output: Ceiling | None = Field(None, description="the most that one output may cost")
    per_user_month: Ceiling | None = Field(None, description="the most that one user may cost in a month")
    currency: str = Field("USD", max_length=12, description="of these ceilings")
    seconds: Ceiling | None = Field(
        None, description="the longest that 95 of 100 outputs may take, in seconds"
    )


class Assumption(Authored):
    """Something that has to be true for the launch to be worth anything."""

    id: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60, description="its name in interviews")
    ]
    statement: Annotated[str, Field(min_length=1, description="what has to be true")]
    kind: Risk = Field(
        "value",
        description="what falls with it: value (they want it), usability, feasibility, viability (it pays), ethics",
    )
    importance: Importance = Field(2, description="3 where everything rests on it, 1 where little does")
    evidence: Strength = Field("none", description="what speaks for it so far")
    test: str = Field("", description="the cheapest way to find out")
    test_by: dt.date | None = Field(None, description="the day by which somebody has found out")


class Cause(Authored):
    """One way in which it could have failed, told as if it had."""

    participant: Short = Field(description="who thought of it")
    written_independently: bool = Field(
        default=True, description="whether it was written before the others' causes were seen"
    )
    cause: Annotated[str, Field(min_length=1, description="why it failed, six months on")]
    early_sign: str = Field("", description="what one would have seen first")
    failure_mode: Short | None = Field(
        None, description="the failure mode that it is, an id from taxonomy.yaml"
    )
    tripwire: str = Field("", description="what is seen, by when, and what is done then by whom")


class Premortem(Authored):
    """Six months on, it failed. Why? Each writes alone first; then all causes are put together."""

    together: dt.date | None = Field(
        None, description="the day on which the causes were put together; blank while people write apart"
    )
    causes: list[Cause] = Field(default_factory=list, description="what people wrote")

    @property
    def people(self) -> int:
        """How many people wrote a cause."""
        return len({cause.participant for cause in self.causes})

    @property
    def alone(self) -> bool:
        """Whether two people or more wrote before they saw what others wrote."""
        return len({cause.participant for cause in self.causes if cause.written_independently}) > 1


class Against(Authored):
    """The strongest that somebody could say against the launch, or against one of its criteria."""

    says: Annotated[str, Field(min_length=1, max_length=2000, description="what speaks against it")]
    claim: Short | None = Field(
        None, description="the criterion that it speaks against; the whole launch unless said"
    )
    answer: str = Field("", max_length=2000, description="what is answered; blank while it stands")
    by: str = Field("", max_length=200, description="who said it")


class Regulated(Authored):
    """Whether rules of a trade apply, and who looked."""

    domains: list[str] = Field(default_factory=list, description="health, finance, employment, children, …")
    checked_by: str = Field("", description="the person who knows the rules and looked")
    checked_on: dt.date | None = Field(None, description="the day of that")
    note: str = Field("", description="what that person said")


def ranked(assumptions: list[Assumption]) -> tuple[Assumption, ...]:
    """Return assumptions with those first that matter most and have least behind them.

    >>> a = Assumption(id="a", statement="They read drafts.", importance=3, evidence="strong")
    >>> b = Assumption(id="b", statement="Drafts save time.", importance=3, evidence="none")
    >>> [each.id for each in ranked([a, b])]
    ['b', 'a']
    """
    order = ("none", "weak", "strong")
    return tuple(sorted(assumptions, key=lambda each: (-each.importance, order.index(each.evidence))))
