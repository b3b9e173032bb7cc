"""A noun from what a person typed: what does not fit is said as everywhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shipworthy.domain.errors import BadInput
from shipworthy.domain.transcript import cleaned

Model = TypeVar("Model", bound=BaseModel)


def typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a person typed without what cannot be seen, however deep it stands."""
    return {key: _seen(value) for key, value in values.items()}


def _seen(value: Any) -> Any:
    if isinstance(value, str):
        return cleaned(value).text
    if isinstance(value, Mapping):
        return typed(value)
    return [_seen(each) for each in value] if isinstance(value, list) else value


def made(model: type[Model], values: Mapping[str, Any]) -> Model:
    """Return the noun.

    Args:
        model: which.
        values: what was typed, by key.

    Raises:
        BadInput: a value does not fit; the first that does not is named.
    """
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(step) for step in first["loc"]) or "this"
        given = first.get("input")
        shown = f" `{given[:80]}`" if isinstance(given, str) else ""
        expected = first["msg"].removeprefix("Value error, ")
        raise BadInput(
            f"`{key}`{shown} does not fit", remedy=f"expected: {expected[0].lower()}{expected[1:]}"
        ) from error
