"""Failure modes: the named ways to fail, as people write them in `taxonomy.yaml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shipworthy.domain.authored import Authored
from shipworthy.domain.criteria import Severity


class FailureMode(Authored):
    """One named way to fail."""

    id: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60, description="its name in criteria")
    ]
    name: str = Field("", description="what people call it")
    definition: str = Field("", description="when an output has it, so that two people agree")
    includes: list[str] | str = Field("", description="near misses that count")
    excludes: list[str] | str = Field("", description="look-alikes that do not count")
    severity: Severity = Field("costly", description="how bad it is")
    controls: list[str] | str = Field("", description="what keeps it from happening")
