"""A company's `policy.yaml`: thresholds of the rules that are stricter than the defaults, and severities that are raised."""

from __future__ import annotations

from typing import Any

from shipworthy.coach.policy import THRESHOLDS, Policy
from shipworthy.coach.rule import SEVERITIES
from shipworthy.domain.problem import Problem
from shipworthy.store.layout import Layout
from shipworthy.store.yaml_file import Loc, YamlFile, plain, read_yaml

_KEYS = ("thresholds", "severities")


def read_policy(layout: Layout) -> tuple[Policy, list[Problem]]:
    """Read `policy.yaml`; without one the defaults hold.

    Returns:
        The policy as far as it could be understood, and what is wrong with it: also a threshold that would loosen.
    """
    file = read_yaml(layout.policy, "policy.yaml")
    problems = list(file.problems)
    data = plain(file.data) if isinstance(file.data, dict) else {}
    if file.data is not None and not isinstance(file.data, dict):
        problems.append(_wrong(file, (), "a list or a word", "keys such as `thresholds:`"))
    problems += [
        _wrong(file, (key,), f"the unknown key `{key}`", f"one of {', '.join(_KEYS)}")
        for key in data
        if key not in _KEYS
    ]
    thresholds = _mapping(file, data, "thresholds", problems)
    severities = _mapping(file, data, "severities", problems)
    return Policy(
        {name: float(value) for name, value in thresholds.items() if _threshold(file, name, value, problems)},
        {name: value for name, value in severities.items() if _severity(file, name, value, problems)},
    ), problems


def _mapping(file: YamlFile, data: dict[Any, Any], key: str, problems: list[Problem]) -> dict[Any, Any]:
    found = data.get(key)
    if found is None or isinstance(found, dict):
        return found or {}
    problems.append(_wrong(file, (key,), f"`{key}` without names", "a name and a value in each line"))
    return {}


def _threshold(file: YamlFile, name: Any, value: Any, problems: list[Problem]) -> bool:
    at: Loc = ("thresholds", name)
    if name not in THRESHOLDS:
        problems.append(
            _wrong(file, at, f"the unknown threshold `{name}`", f"one of {', '.join(THRESHOLDS)}")
        )
        return False
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124 - nan is no number
        problems.append(_wrong(file, at, f"`{name}: {value}`", "a number"))
        return False
    known = THRESHOLDS[name]
    if not known.tightens(value):
        least = "at least" if known.stricter == "higher" else "at most"
        problems.append(
            _wrong(
                file,
                at,
                f"`{name}: {value:g}`, which would loosen it",
                f"{least} {known.default:g}: a policy can only tighten",
            )
        )
        return False
    return True


def _severity(file: YamlFile, name: Any, value: Any, problems: list[Problem]) -> bool:
    from shipworthy.coach.catalogue import BY_ID  # noqa: PLC0415 - `check` reads a policy, and few launches have one

    at: Loc = ("severities", name)
    if name not in BY_ID:
        problems.append(_wrong(file, at, f"the unknown rule `{name}`", "an id such as FRM-01"))
        return False
    if value not in SEVERITIES:
        problems.append(_wrong(file, at, f"`{name}: {value}`", f"one of {', '.join(SEVERITIES)}"))
        return False
    if SEVERITIES.index(value) > SEVERITIES.index(BY_ID[name].severity):
        own = BY_ID[name].severity
        problems.append(
            _wrong(
                file, at, f"`{name}: {value}`, where it {own}", f"{own} or worse: a policy can only tighten"
            )
        )
        return False
    return True


def _wrong(file: YamlFile, at: Loc, found: str, expected: str) -> Problem:
    return file.problem(at, found=found, expected=expected, remedy="change policy.yaml accordingly")
