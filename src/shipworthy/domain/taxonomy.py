"""Failure modes: the named ways to fail, as people write them in `taxonomy.yaml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shipworthy.domain.criteria import Severity
from shipworthy.domain.launch import Authored


class FailureMode(Authored):
    """One named way to fail."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
    name: str = ""
    definition: str = ""
    includes: list[str] | str = ""
    excludes: list[str] | str = ""
    severity: Severity = "costly"
    controls: list[str] | str = ""
