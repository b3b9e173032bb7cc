"""Show what was heard by theme, and write down what each theme becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shipworthy.decision.heard import Heard, Listened, heard, listened
from shipworthy.domain.errors import BadInput, FolderHasProblems
from shipworthy.domain.theme import Theme
from shipworthy.services.listening import listening
from shipworthy.services.made import made, typed
from shipworthy.store.read import read_launch
from shipworthy.store.theme_write import put_themes
from shipworthy.store.yaml_edit import read_source


@dataclass(frozen=True)
class Themes:
    """All themes with those who spoke of them.

    Attributes:
        themes: in the order of the tree.
        listened: who was heard at all.
        seen: the hash of taxonomy.yaml, which a save is guarded by.
        criteria: ids of criteria a theme could become.
        modes: ids of failure modes a theme could become.
    """

    themes: tuple[Heard, ...]
    listened: Listened
    seen: str
    criteria: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Heard, ...]:
        """Themes that were heard and have not become anything, the topmost alone."""
        return tuple(each for each in self.themes if each.is_open and each.depth == 0)


def interview_themes(folder: Path) -> Themes:
    """Return what was heard, counted by people.

    Raises:
        FolderHasProblems: something in the interviews or themes is wrong.
    """
    there = listening(folder).sound()
    reading = read_launch(folder)
    return Themes(
        tuple(heard(there.interviews, there.themes)),
        listened(there.interviews),
        read_source(there.layout.taxonomy).hash,
        tuple(criterion.id for criterion in reading.criteria),
        tuple(mode.id for mode in reading.taxonomy),
    )


def set_theme(folder: Path, values: Mapping[str, Any], *, seen: str | None = None) -> None:
    """Add a theme to taxonomy.yaml, or change one: what is empty here stays as it is.

    Args:
        folder: the launch.
        values: the theme, key by key, as in the file.
        seen: the hash of taxonomy.yaml as the person saw it; None where it was only just read.

    Raises:
        BadInput: a value does not fit; it becomes a criterion or failure mode that is not declared, or belongs to a theme that is not.
        Refused: the file was changed in between.
    """
    theme = made(Theme, typed(values))
    reading = read_launch(folder)
    problems = [problem for problem in reading.problems if problem.file == "taxonomy.yaml"]
    if problems:
        raise FolderHasProblems(problems)
    becomes = theme.becomes
    _declared("criterion", becomes.criterion if becomes else None, [c.id for c in reading.criteria])
    _declared("failure mode", becomes.failure_mode if becomes else None, [m.id for m in reading.taxonomy])
    others = [each.id for each in reading.themes if each.id != theme.id]
    _declared("theme", theme.parent, others)
    put_themes(reading.layout.taxonomy, [theme], seen=seen)


def _declared(noun: str, name: str | None, known: Sequence[str]) -> None:
    if name is not None and name not in known:
        raise BadInput(
            f"there is no {noun} `{name}`",
            where="criteria.yaml" if noun == "criterion" else "taxonomy.yaml",
            remedy=f"use one of: {', '.join(known)}" if known else f"declare a {noun} first",
        )
