"""A list of entries with ids in a YAML file: what could be understood, and every mistake with its place."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel

from shipworthy.domain.problem import Problem
from shipworthy.store.validate import validated
from shipworthy.store.yaml_file import Loc, YamlFile, plain

T = TypeVar("T", bound=BaseModel)


def entries(
    file: YamlFile, model: type[T], problems: list[Problem], *, at: Loc = ()
) -> tuple[list[T], dict[str, int]]:
    """Return the entries that could be understood, and the position of every id that was written.

    Args:
        file: the parsed file.
        model: what an entry should be.
        problems: where mistakes go.
        at: where the list is in the file; at its top unless said.
    """
    data: Any = file.data
    for step in at:
        data = data[step]
    if data is None:
        return [], {}
    if not isinstance(data, list):
        problems.append(
            file.problem(
                at,
                found=f"no list under `{at[-1]}`" if at else "keys at the top",
                expected="a list of entries",
                remedy="start each entry with `- id: …`",
            )
        )
        return [], {}
    understood: list[T] = []
    seen: dict[str, int] = {}
    for position, entry in enumerate(data):
        value, found = validated(model, plain(entry), file, (*at, position))
        problems += found
        name = entry.get("id") if isinstance(entry, dict) else None
        if isinstance(name, str) and name in seen:
            problems.append(_twice(file, (*at, position, "id"), name, (*at, seen[name])))
            continue
        if isinstance(name, str):
            seen[name] = position
        if value is not None:
            understood.append(value)
    return understood, seen


def _twice(file: YamlFile, loc: Loc, name: str, first: Loc) -> Problem:
    return file.problem(
        loc,
        found=f"the id `{name}` a second time",
        expected=f"ids that differ; the first is in line {file.place(first)[0]}",
        remedy="rename one of the two",
    )
