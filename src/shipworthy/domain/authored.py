"""What all authored nouns share: strict reading, and mistakes that name their place."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Authored(BaseModel):
    """Anything a person writes: unknown keys are mistakes, and values are never guessed into shape."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        populate_by_name=True,
        allow_inf_nan=False,
        defer_build=True,  # what a command never reads it need not prepare to read
    )


class Expected(ValueError):  # noqa: N818 - reads as a sentence wherever it is raised
    """A value does not fit its neighbours.

    Args:
        what: what was expected, as the end of "expected …".
        at: the key whose value does not fit; empty for the entry as a whole.
    """

    def __init__(self, what: str, *, at: str = "") -> None:
        super().__init__(what)
        self.at = at
