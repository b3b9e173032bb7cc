"""Promises and incidents as files: `promises.yaml`, `incidents/*.yaml`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import Unavailable
from shipworthy.domain.problem import Problem
from shipworthy.domain.promise import MOST_SERIES, Incident, KeptPromise
from shipworthy.store.layout import Layout
from shipworthy.store.yaml_file import Loc, YamlFile, plain, read_yaml

Model = TypeVar("Model", bound=BaseModel)


def promises_path(layout: Layout) -> Path:
    """Return where promises are written."""
    return layout.folder / "promises.yaml"


def read_promises(
    layout: Layout, criteria: Sequence[Criterion], problems: list[Problem]
) -> list[KeptPromise]:
    """Return the promises of a launch; mistakes become problems with their line.

    Args:
        layout: the launch folder.
        criteria: those of the launch; a promise names one that is asked of every output, as live ones are not told
            apart into answered and handed over.
        problems: where mistakes are added.
    """
    file = read_yaml(promises_path(layout), "promises.yaml")
    problems += file.problems
    entries = file.data if isinstance(file.data, list) else []
    if file.data is not None and not isinstance(file.data, list):
        problems.append(
            file.problem((), found="no list", expected="a list of promises", remedy="begin each with `- id:`")
        )
    whole = [c.id for c in criteria if c.answered is None]
    found: list[KeptPromise] = []
    for i, entry in enumerate(entries):
        promise = _read(file, (i,), KeptPromise, plain(entry), problems)
        if promise is None:
            continue
        if promise.criterion and promise.criterion not in whole:
            known = ", ".join(whole) or "none yet"
            surer = promise.criterion in {c.id for c in criteria}
            why = "asked of answered outputs alone" if surer else "not declared"
            problems.append(
                file.problem(
                    (i, "criterion"),
                    found=f"the criterion `{promise.criterion}`, which is {why}",
                    expected=f"one of {known}",
                    remedy="promise what every output is asked" if surer else "correct its name",
                )
            )
        elif promise.id in {other.id for other in found}:
            problems.append(
                file.problem(
                    (i, "id"),
                    found=f"`{promise.id}` a second time",
                    expected="one of each",
                    remedy="rename one",
                )
            )
        elif (
            promise.series not in {o.series for o in found} and len({o.series for o in found}) == MOST_SERIES
        ):
            problems.append(
                file.problem(
                    (i, "id"),
                    found=f"`{promise.series}`, after {MOST_SERIES} other things that are promised",
                    expected=f"at most {MOST_SERIES} different criteria and bounds on measures",
                    remedy="let promises on several slices share one bound, or drop some",
                )
            )
        else:
            found.append(promise)
    return found


def read_incidents(layout: Layout, problems: list[Problem]) -> dict[str, Incident]:
    """Return every incident by its file's name without ending."""
    folder = layout.folder / "incidents"
    found = {}
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
        file = read_yaml(path, f"incidents/{path.name}")
        problems += file.problems
        incident = None if file.data is None else _read(file, (), Incident, plain(file.data), problems)
        if incident is not None:
            found[path.stem] = incident
    return found


def write_yaml(path: Path, value: object) -> Path:
    """Write values as a YAML file, whole or not at all."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 110
    text = io.StringIO()
    yaml.dump(value, text)
    try:
        path.parent.mkdir(exist_ok=True)
        unfinished = path.with_name(f".{path.name}.unfinished")
        unfinished.write_text(text.getvalue(), encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise Unavailable(f"the file cannot be written: {error.strerror}", where=str(path)) from error
    return path


def _read(
    file: YamlFile, at: Loc, model: type[Model], values: object, problems: list[Problem]
) -> Model | None:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problems += [
            file.problem(
                (*at, *each["loc"]),
                found=str(each.get("input", ""))[:80],
                expected=str(each["msg"]).lower(),
                remedy="see docs/how-to/watch.md",
            )
            for each in error.errors()
        ]
        return None
