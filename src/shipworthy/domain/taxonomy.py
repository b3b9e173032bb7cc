"""Failure modes: the named ways to fail, as people write them in `taxonomy.yaml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shipworthy.domain.criteria import Severity
from shipworthy.domain.launch import Authored


class FailureMode(Authored):
    """One named way to fail."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)] = Field(
        description="its name in criteria"
    )
    name: str = Field("", description="its name for people")
    definition: str = Field("", description="when an output fails in this way, in one sentence")
    includes: list[str] | str = Field("", description="what belongs to it")
    excludes: list[str] | str = Field("", description="what looks like it and is something else")
    severity: Severity = Field("costly", description="how bad it is")
    controls: list[str] | str = Field("", description="what is done against it")
