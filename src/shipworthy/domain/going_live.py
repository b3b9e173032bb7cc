"""Going live, as people write it in `launch.yaml`: the stages of the rollout, and what stands round the feature in use."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shipworthy.domain.authored import Authored

Line = Annotated[str, Field(max_length=400)]


class RolloutStage(Authored):
    """One step: who gets it, what has to be seen before the next one, and what ends it."""

    share: float = Field(gt=0, le=1, description="share of the traffic that gets it, as 0.05")
    whom: Line = Field("", description="who that is, in words")
    until: Line = Field("", description="what has to be seen before the next step")
    stop: Line = Field("", description="what ends it, and who can")
    labels: int | None = Field(
        None, ge=0, le=1_000_000, description="outputs that people label before the next step"
    )
    insiders: bool = Field(default=False, description="whether only staff or power users get it")


class InUse(Authored):
    """What stands round the feature in use; what is left out counts as not decided, what is empty as nothing."""

    not_for: list[Line] | None = Field(None, description="kinds of use that are excluded; [] where none is")
    fallback: Line | None = Field(
        None, description='what a user sees when it fails; "" where there is nothing'
    )
    notice: Line | None = Field(None, description='what users are told of it; "" where they are told nothing')
    faces_users: bool = Field(default=True, description="whether users meet its outputs")
    checked_by_people: bool | None = Field(
        None, description="whether a person checks each output before it counts"
    )
    catch_rate: float | None = Field(
        None, ge=0, le=1, description="share of planted mistakes that these people caught"
    )
    review_minutes: float | None = Field(None, ge=0, description="minutes that checking one output takes")
    public: bool | None = Field(None, description="whether anybody may use it")
    capped: bool | None = Field(None, description="whether use is capped for each user or day")
