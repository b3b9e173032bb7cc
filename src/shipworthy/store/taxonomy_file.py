"""Read `taxonomy.yaml`: a list of failure modes, or failure modes and themes under keys of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shipworthy.domain.problem import Problem
from shipworthy.domain.taxonomy import FailureMode
from shipworthy.domain.theme import Theme
from shipworthy.store.entries import entries
from shipworthy.store.themes import THEMES, themes_in
from shipworthy.store.yaml_file import Loc, YamlFile

MODES = "failure_modes"


@dataclass(frozen=True)
class Taxonomy:
    """What was understood of the file.

    Attributes:
        modes: the failure modes.
        positions: where every id stands in their list.
        themes: what was heard, under `themes:`.
    """

    modes: tuple[FailureMode, ...]
    positions: dict[str, int]
    themes: tuple[Theme, ...] = ()


def read_taxonomy(file: YamlFile, problems: list[Problem]) -> Taxonomy:
    """Return the failure modes that could be understood, and put mistakes into `problems`.

    Args:
        file: taxonomy.yaml, parsed: a list, or a mapping with `failure_modes:` and `themes:`.
        problems: where mistakes go.
    """
    themes: tuple[Theme, ...] = ()
    at: Loc = ()
    if isinstance(file.data, dict):
        problems += [_stray(file, key) for key in file.data if key not in (MODES, THEMES)]
        themes = themes_in(file, problems)
        if MODES not in file.data:
            return Taxonomy((), {}, themes)
        at = (MODES,)
    modes, positions = entries(file, FailureMode, problems, at=at)
    problems += _misled(file, at, modes, positions)
    return Taxonomy(tuple(modes), positions, themes)


def modes_in(data: Any) -> Any:
    """Return the list of failure modes in a file's values, whichever form it has; None where there is none."""
    return data.get(MODES) if isinstance(data, dict) else data


def _stray(file: YamlFile, key: Any) -> Problem:
    remedy = f"put it under `{MODES}:`, or remove it"
    if isinstance(key, str) and key in FailureMode.model_fields:
        remedy = "start each failure mode with `- id: …`"
    return file.problem(
        (key,), found=f"the unknown key `{key}`", expected=f"a list, or {MODES} and {THEMES}", remedy=remedy
    )


def _misled(file: YamlFile, at: Loc, modes: list[FailureMode], positions: dict[str, int]) -> list[Problem]:
    """Return what points to a mode that is not there, to itself, or round in a circle."""
    found = []
    for key in ("parent", "merged_into", "split_from"):
        to = {mode.id: getattr(mode, key) for mode in modes}
        for name, target in to.items():
            if target is None:
                continue
            loc = (*at, positions[name], key)
            if target not in positions:
                known = ", ".join(positions)
                found.append(
                    file.problem(
                        loc,
                        found=f"the failure mode `{target}`, which is not declared",
                        expected=f"one of {known}",
                        remedy=f"declare `{target}` or correct its name",
                    )
                )
            elif _returns(name, to):
                found.append(
                    file.problem(
                        loc,
                        found=f"`{key}: {target}`, which leads back to `{name}`",
                        expected="one that does not lead back",
                        remedy=f"remove one `{key}:` of the circle",
                    )
                )
    return found


def _returns(name: str, to: dict[str, str | None]) -> bool:
    seen, step = set[str](), to.get(name)
    while step is not None and step not in seen:
        if step == name:
            return True
        seen.add(step)
        step = to.get(step)
    return False
