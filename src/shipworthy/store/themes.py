"""Read the themes under `themes:` in taxonomy.yaml, and hold what they become against the criteria and failure modes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shipworthy.domain.problem import Problem
from shipworthy.domain.theme import Theme, circles
from shipworthy.store.entries import entries
from shipworthy.store.yaml_file import Loc, YamlFile

THEMES = "themes"


def themes_in(file: YamlFile, problems: list[Problem]) -> tuple[Theme, ...]:
    """Return the themes that could be understood; none where taxonomy.yaml is a list of failure modes alone.

    Args:
        file: taxonomy.yaml.
        problems: takes what is wrong with an entry, and ids that stand there twice.
    """
    if not isinstance(file.data, dict) or THEMES not in file.data:
        return ()
    return tuple(entries(file, Theme, problems, at=(THEMES,))[0])


def check_themes(
    themes: Sequence[Theme],
    file: YamlFile,
    *,
    criteria: Collection[str] | None,
    modes: Collection[str] | None,
) -> list[Problem]:
    """Return what does not fit: a theme above that is not there, a circle, a criterion or failure mode that nobody declared.

    Args:
        themes: the themes that could be understood.
        file: taxonomy.yaml.
        criteria: ids of criteria; None when criteria.yaml could not be read.
        modes: ids of failure modes; None when they could not be read.
    """
    by_id = {theme.id: theme for theme in themes}
    places = _places(file)
    found = []
    for theme in themes:
        at: Loc = (THEMES, places.get(theme.id, 0))
        if theme.parent is not None and theme.parent not in places:
            found.append(_unknown(file, (*at, "parent"), "theme", theme.parent, places))
        if theme.becomes is None:
            continue
        if criteria is not None and theme.becomes.criterion and theme.becomes.criterion not in criteria:
            loc = (*at, "becomes", "criterion")
            found.append(_unknown(file, loc, "criterion", theme.becomes.criterion, criteria))
        if modes is not None and theme.becomes.failure_mode and theme.becomes.failure_mode not in modes:
            loc = (*at, "becomes", "failure_mode")
            found.append(_unknown(file, loc, "failure mode", theme.becomes.failure_mode, modes))
    return found + [
        file.problem(
            (THEMES, places.get(name, 0), "parent"),
            found=f"`{name}`, which belongs to itself by way of `{by_id[name].parent}`",
            expected="a theme above that leads to no circle",
            remedy="take out one `parent:` of the circle",
        )
        for name in circles(by_id)
    ]


def _places(file: YamlFile) -> dict[str, int]:
    """Return where each id stands in the list; the first place of one that stands there twice."""
    entries = file.data.get(THEMES) if isinstance(file.data, dict) else None
    found: dict[str, int] = {}
    for position, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            found.setdefault(entry["id"], position)
    return found


def _unknown(file: YamlFile, loc: Loc, noun: str, name: str, known: Collection[str]) -> Problem:
    return file.problem(
        loc,
        found=f"the {noun} `{name}`, which is not declared",
        expected=f"one of {', '.join(sorted(known))}" if known else f"a declared {noun}",
        remedy=f"declare `{name}` or correct its name",
    )
