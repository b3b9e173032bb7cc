"""Check a launch folder: everything that is wrong with it, at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shipworthy.domain.launch import Launch
from shipworthy.domain.problem import Problem
from shipworthy.store.evalset_file import read_cases
from shipworthy.store.read import Reading, read_launch

if TYPE_CHECKING:
    from shipworthy.domain.interview import Interview


@dataclass(frozen=True)
class Checked:
    """What a folder holds, and what is wrong with it."""

    reading: Reading
    cases: dict[str, int]
    """Part to number of cases."""
    groups: int
    problems: tuple[Problem, ...]
    interviews: tuple[Interview, ...] = ()


def check(folder: Path) -> Checked:
    """Read everything a launch folder holds; runs nothing and writes nothing."""
    reading = read_launch(folder)
    problems = [*reading.problems, *_policy(reading)]
    unclear = any(problem.file == "taxonomy.yaml" for problem in problems)
    codes = None if unclear else {theme.id for theme in reading.themes}
    interviews = _interviews(reading, problems, codes)
    parts: Counter[str] = Counter()
    values: dict[str, set[str]] = {rule.by: set() for rule in reading.launch.slices.values() if rule.by}
    groups: set[str] = set()
    alone = 0
    for case in read_cases(reading.layout, problems):
        parts[case.part] += 1
        alone += case.group is None
        if case.group is not None:
            groups.add(case.group)
        for tag, seen in values.items():
            seen.add(case.tags.get(tag, ""))
    if parts:
        problems += _unplanned_values(reading.launch, values)
    return Checked(reading, dict(parts), len(groups) + alone, tuple(sorted(set(problems))), interviews)


def _policy(reading: Reading) -> list[Problem]:
    """Return what is wrong with a company's policy; what reads it is loaded only where there is one."""
    if not (reading.layout.folder / "policy.yaml").exists():
        return []
    from shipworthy.store.policy_file import read_policy  # noqa: PLC0415 - most folders have none

    return list(read_policy(reading.layout)[1])


def _interviews(reading: Reading, problems: list[Problem], codes: set[str] | None) -> tuple[Interview, ...]:
    """Return the interviews; what reads them is loaded only where there is one."""
    if not (reading.layout.folder / "interviews").is_dir():
        return ()
    from shipworthy.store.interviews import read_interviews  # noqa: PLC0415 - most folders have none at first

    return read_interviews(reading.layout, problems, codes=codes)


def _unplanned_values(launch: Launch, values: dict[str, set[str]]) -> list[Problem]:
    """A partition must give a share to every value its cases have, and have cases for every share."""
    found = []
    for name, rule in launch.slices.items():
        if not rule.by or not rule.shares:
            continue
        for value in sorted(values[rule.by] - set(rule.shares)):
            what = f"cases whose `{rule.by}` is `{value}`" if value else f"cases without the tag `{rule.by}`"
            found.append(
                Problem(
                    "launch.yaml",
                    0,
                    0,
                    what,
                    f"a share for it under slices.{name}",
                    "add the share, or mend the tag",
                )
            )
        found += [
            Problem(
                "launch.yaml",
                0,
                0,
                f"a share for `{rule.by}: {value}` under slices.{name}",
                "at least one case with that tag",
                "write cases for it, or remove the share",
            )
            for value in sorted(set(rule.shares) - values[rule.by])
        ]
    return found
