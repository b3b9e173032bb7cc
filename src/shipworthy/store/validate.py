"""From parsed YAML to a model: as much as can be understood, and every mistake with its place."""

from __future__ import annotations

import copy
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shipworthy.domain.authored import Expected
from shipworthy.domain.problem import Problem
from shipworthy.store.yaml_file import Loc, YamlFile

Model = TypeVar("Model", bound=BaseModel)
ROUNDS = 20


def validated(
    model: type[Model], data: Any, file: YamlFile, at: Loc = ()
) -> tuple[Model | None, list[Problem]]:
    """Validate data against a model; what cannot be understood is left out and reported.

    Args:
        model: what the data should be.
        data: plain values.
        file: the file they come from, for places.
        at: path of the data inside the file.

    Returns:
        The model built from what could be understood, None when not even that works, and the problems.
    """
    problems: list[Problem] = []
    remaining = copy.deepcopy(data)
    for _ in range(ROUNDS):
        try:
            return model.model_validate(remaining), problems
        except ValidationError as error:
            details = error.errors(include_url=False)
        problems += [_problem(detail, file, at, model) for detail in details]
        dropped = [_drop(remaining, detail["loc"]) for detail in details]
        if not all(dropped):
            return None, problems
    return None, problems


def _drop(data: Any, loc: Loc) -> bool:
    """Remove the offending value; False when there is nothing to remove (a missing key, the root)."""
    path = [step for step in loc if not (isinstance(step, str) and step in _UNION_TAGS)]
    node: Any = data
    for step in path[:-1]:
        node = node.get(step) if isinstance(node, dict) else _item(node, step)
    if not path or not isinstance(node, dict) or path[-1] not in node:
        return False
    del node[path[-1]]
    return True


def _item(node: Any, step: int | str) -> Any:
    return node[step] if isinstance(node, list) and isinstance(step, int) and step < len(node) else None


_UNION_TAGS = {"literal['once','open']", "PlannedLooks"}


def _problem(detail: ErrorDetails, file: YamlFile, at: Loc, model: type[BaseModel]) -> Problem:
    loc = tuple(step for step in detail["loc"] if step not in _UNION_TAGS)
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, Expected) and cause.at:
        given = detail.get("input")
        loc, detail["input"] = (*loc, cause.at), given.get(cause.at) if isinstance(given, dict) else None
    key = next((step for step in reversed(loc) if isinstance(step, str)), "this entry")
    kind, given = detail["type"], detail.get("input")
    if kind == "extra_forbidden":
        names = _names(model, loc[:-1])
        return file.problem(
            (*at, *loc),
            found=f"the unknown key `{key}`",
            expected=f"one of {', '.join(names)}" if names else "a known key",
            remedy=_closest(key, names),
        )
    if kind == "missing":
        return file.problem(
            (*at, *loc[:-1]),
            found=f"no `{key}`",
            expected=f"a value for `{key}`",
            remedy=f"add a line `{key}: …`",
        )
    expected = detail["msg"].removeprefix("Value error, ")
    expected = expected[0].lower() + expected[1:]
    shown = f"`{key}: {given}`" if isinstance(given, str | int | float | bool) else f"`{key}`"
    return file.problem((*at, *loc), found=shown, expected=expected, remedy=f"change `{key}` accordingly")


def _names(model: type[BaseModel], loc: Loc) -> list[str]:
    """Return the keys a nested model knows, as they are written in the file."""
    current: Any = model
    for step in loc:
        if isinstance(step, int):
            continue
        if isinstance(current, type) and issubclass(current, BaseModel):
            fields = current.model_fields
            info = fields.get(step) or next((f for f in fields.values() if f.alias == step), None)
            current = _model_in(info.annotation) if info else None
    if not (isinstance(current, type) and issubclass(current, BaseModel)):
        return []
    return [info.alias or name for name, info in current.model_fields.items()]


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(
        (m for part in getattr(annotation, "__args__", ()) if (m := _model_in(part)) is not None), None
    )


def _closest(key: str, names: list[str]) -> str:
    import difflib  # noqa: PLC0415 - only needed when something is misspelt

    near = difflib.get_close_matches(key, names, n=1)
    return f"did you mean `{near[0]}`?" if near else f"remove `{key}` or move it where it belongs"
