"""Failure modes: the named ways to fail, as people write them in `taxonomy.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from shipworthy.domain.authored import Authored
from shipworthy.domain.criteria import Severity

ModeId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
OutputId = Annotated[str, Field(pattern=r"^\S(?:.*\S)?$", max_length=300)]
Detectable = Literal["at once", "later", "never"]
SEVERITIES: tuple[Severity, ...] = ("cosmetic", "annoying", "costly", "harmful", "unacceptable")
"""Least first."""


class Control(Authored):
    """What stands against a failure mode."""

    kind: Literal["prevent", "detect", "recover"] | None = Field(
        None, description="prevent (it does not happen), detect (it is seen), recover (it is made good)"
    )
    what: str = Field(min_length=1, description="what is done")
    tested_by: list[str] = Field(default_factory=list, description="cases on which it was tried")


def _controls(given: Any) -> Any:
    """Take plain words for controls whose kind nobody said."""
    if isinstance(given, str):
        given = [given] if given.strip() else []
    if isinstance(given, list):
        return [{"what": each} if isinstance(each, str) else each for each in given]
    return given


def _rows(given: Any) -> Any:
    """Take one text for a list of one."""
    return ([given] if given.strip() else []) if isinstance(given, str) else given


Rows = Annotated[list[str], BeforeValidator(_rows, json_schema_input_type=list[str] | str)]


class FailureMode(Authored):
    """One named way to fail."""

    id: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60, description="its name in criteria")
    ]
    name: str = Field("", description="what people call it")
    definition: str = Field("", description="when an output has it, so that two people agree")
    includes: Rows = Field(default_factory=list, description="near misses that count")
    excludes: Rows = Field(default_factory=list, description="look-alikes that do not count")
    near_miss: Rows = Field(
        default_factory=list, description="outputs that almost have it, and why they do not"
    )
    examples: list[OutputId] = Field(
        default_factory=list, description="outputs that have it, as `case` or `case/repeat`; two or more"
    )
    severity: Severity = Field("costly", description="how bad it is")
    severity_reason: str = Field("", description="why it is that bad, and not one step more or less")
    who: str = Field("", description="who is hurt")
    detectable: Detectable | None = Field(
        None, description="when whoever is hurt notices; where nobody says, it is taken as never"
    )
    controls: Annotated[
        list[Control], BeforeValidator(_controls, json_schema_input_type=list[Control | str] | str)
    ] = Field(default_factory=list, description="what keeps it from happening, shows it, or makes it good")
    status: Literal["open", "fixed", "accepted", "monitored"] = Field("open", description="what became of it")
    owner: str = Field("", description="who sees to it")
    parent: ModeId | None = Field(None, description="the wider failure mode that it is a kind of")
    merged_into: ModeId | None = Field(
        None, description="the failure mode that its labels count for since the two were merged"
    )
    split_from: ModeId | None = Field(None, description="the failure mode that it was part of before a split")
    origin: Literal["observed", "interview", "incident", "premortem", "regulation"] = Field(
        "observed", description="where it was first met"
    )

    @property
    def title(self) -> str:
        """What people call it, its id where nobody named it."""
        return self.name or self.id


def counts_for(modes: Sequence[FailureMode]) -> dict[str, str]:
    """Return for each mode the one that its labels count for: itself, or what it was merged into.

    A mode that leads in a circle, or to one that is not there, counts for itself.

    >>> a, b = FailureMode(id="a", merged_into="b"), FailureMode(id="b")
    >>> counts_for([a, b])
    {'a': 'b', 'b': 'b'}
    """
    into = {mode.id: mode.merged_into for mode in modes}
    return {name: end if (end := _end(name, into)) is not None else name for name in into}


def _end(name: str, into: Mapping[str, str | None]) -> str | None:
    trail = {name}
    while (step := into[name]) is not None:
        if step in trail or step not in into:
            return None
        trail.add(step)
        name = step
    return name


def active(modes: Sequence[FailureMode]) -> tuple[FailureMode, ...]:
    """Return the modes that outputs are still labelled with: those not merged into another.

    >>> [mode.id for mode in active([FailureMode(id="a", merged_into="b"), FailureMode(id="b")])]
    ['b']
    """
    target = counts_for(modes)
    return tuple(mode for mode in modes if target[mode.id] == mode.id)
