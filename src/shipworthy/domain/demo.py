"""Demo prompts: what somebody showed, as people write it down in `demo.yaml`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import msgspec
from pydantic import Field, field_validator

from shipworthy.domain.authored import Authored, Expected


def _as_json(value: Any) -> Any:
    """Return a value as a case of the eval set would hold it: a date of YAML is its text there."""
    try:
        return msgspec.to_builtins(value, str_keys=True)
    except TypeError as error:
        raise Expected("text, numbers, true or false, lists and keys, as JSON has them") from error


class DemoPrompt(Authored):
    """One prompt that was shown, and other ways in which somebody could have put it."""

    id: Annotated[
        str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60, description="its name in what is printed")
    ]
    input: Any = Field(description="what was typed or sent, as it was shown")
    expected: Any = Field(None, description="what the checks are given as expected, as in a case")
    tags: dict[str, str] = Field({}, description="the tags it would have as a case, for slices")
    shown_at: str | date = Field("", description="where or when it was shown")
    by: str = Field("", description="who showed it")
    rewordings: list[Any] = Field([], description="the same request in other words; asked beside it")

    @field_validator("input")
    @classmethod
    def _something(cls, value: Any) -> Any:
        if value is None or value == "":
            raise Expected("what was typed or sent")
        return _as_json(value)

    @field_validator("expected")
    @classmethod
    def _as_a_case_has_it(cls, value: Any) -> Any:
        return _as_json(value)

    @field_validator("rewordings")
    @classmethod
    def _nothing_empty(cls, value: list[Any]) -> list[Any]:
        if any(each is None or each == "" for each in value):
            raise Expected("a list of rewordings, none of them empty")
        return [_as_json(each) for each in value]

    @property
    def wordings(self) -> tuple[Any, ...]:
        """The prompt as shown, then its rewordings."""
        return (self.input, *self.rewordings)
