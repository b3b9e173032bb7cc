"""What a launch promises after the decision, as people write it in `promises.yaml`, and what is done when it breaks."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from shipworthy.domain.authored import Authored, Expected
from shipworthy.domain.launch import Name

MOST_SERIES = 63
"""Different things that promises may be about: criteria, and measures with their bound; what an output brought is kept as bits."""


class Tripwire(Authored):
    """What is done, by whom, when a promise is in a state."""

    when: Literal["at risk", "broken", "not enough data"] = Field(
        "broken", description="the state of the promise"
    )
    by: dt.date | None = Field(
        None, description="pulled from this day on, if that is still the state; at once where no day is given"
    )
    action: Literal["pause", "roll back", "narrow", "look"] = Field("look", description="what is done")
    who: str = Field("", max_length=120, description="who can do it, at any hour")
    tested_on: dt.date | None = Field(None, description="the day on which that was tried")

    def is_pulled(self, state: str, today: dt.date) -> bool:
        """Whether it is to be pulled now."""
        return self.when == state and (self.by is None or self.by <= today)

    def is_waiting(self, state: str, today: dt.date) -> bool:
        """Whether it will be pulled on its day, unless the state has changed until then."""
        return self.when == state and self.by is not None and self.by > today


class KeptPromise(Authored):
    """One promise: a rate that stays, on audited outputs of the traffic."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=80, description="its name")]
    criterion: Name | Literal[""] = Field("", description="the criterion whose labels are counted")
    measure: Literal["latency_s", "cost_usd", ""] = Field(
        "", description="instead of a criterion: seconds or dollars of every live output"
    )
    at_most: float | None = Field(None, gt=0, description="with a measure: an output up to here passes")
    cap: float | None = Field(
        None,
        gt=0,
        le=1e9,
        description="with a measure: its mean is at most `at_most`, no output counting more than this; then no rate",
    )
    slice: str = Field(
        "", max_length=200, description="only this slice, as TAG=VALUE; the whole scope unless said"
    )
    rate: float = Field(gt=0, lt=1, description="the share of outputs that passes, as 0.9")
    statement: str = Field("", max_length=1000, description="the promise in words")
    window_days: int = Field(7, ge=1, le=366, description="days of a window")
    labels: int = Field(60, ge=1, le=1_000_000, description="audited outputs wanted in a window")
    source: str = Field("", max_length=300, description="where audited outputs come from")
    owner: str = Field("", max_length=120, description="who looks at it")
    error: float = Field(
        0.05, gt=0, le=0.2, description="chance, over its whole life, of calling it broken while it is kept"
    )
    tripwires: list[Tripwire] = Field(default_factory=list, description="what is done when it breaks")

    @model_validator(mode="before")
    @classmethod
    def _rate_of_a_mean(cls, said: Any) -> Any:
        """A mean is watched as the share of the cap that is not used up: that is its rate."""
        if not isinstance(said, dict) or said.get("cap") is None:
            return said
        if "rate" in said:
            raise Expected("no rate beside `cap`: it follows from `at_most` and `cap`", at="rate")
        most, cap = said.get("at_most"), said["cap"]
        if not isinstance(most, int | float) or not isinstance(cap, int | float) or not 0 < most < cap:
            raise Expected("`at_most`, the mean, above 0 and below `cap`", at="cap")
        return said | {"rate": 1.0 - most / cap}

    @model_validator(mode="after")
    def _slice_is_a_tag(self) -> KeptPromise:
        if self.slice and not all(part for part in self.slice.partition("=")):
            raise Expected("a slice as TAG=VALUE", at="slice")
        return self

    @model_validator(mode="after")
    def _is_about_something(self) -> KeptPromise:
        if bool(self.criterion) == bool(self.measure):
            raise Expected("a criterion, or a measure with at_most, and not both", at="criterion")
        if bool(self.measure) != (self.at_most is not None):
            raise Expected("a measure and at_most together", at="at_most")
        if self.cap is not None and not self.measure:
            raise Expected("a measure beside `cap`", at="cap")
        return self

    def as_written(self) -> dict[str, Any]:
        """Return what of it stands in the file."""
        derived = {"rate"} if self.cap is not None else set()
        return self.model_dump(exclude_defaults=True, mode="json", exclude=derived)

    @property
    def series(self) -> str:
        """What its values are recorded under."""
        if self.cap is not None:
            return f"{self.measure} of {self.cap!r}"
        return self.criterion or f"{self.measure}<={self.at_most!r}"


class Incident(Authored):
    """Something that went wrong after launch: `incidents/DATE-….yaml`."""

    what: str = Field(min_length=1, max_length=2000, description="what happened, without blame")
    on: dt.date = Field(description="the day on which it happened")
    detected_by: Literal["user", "monitor", "staff", "press", ""] = Field("", description="who noticed")
    severity: Literal["cosmetic", "annoying", "costly", "harmful", "unacceptable"] = Field(
        "costly", description="how bad it was"
    )
    failure_mode: str = Field(
        "", max_length=60, description="its name in taxonomy.yaml; empty where it is new"
    )
    was_in_eval_set: Literal["yes", "no", "excluded"] = Field(
        "no", description="whether a case could have shown it"
    )
    promises: list[str] = Field(default_factory=list, description="ids of promises that it touches")
    cases: list[str] = Field(default_factory=list, description="ids of cases that came of it")
    actions: list[str] = Field(default_factory=list, description="what is done about it, by whom, until when")
