"""The interviews of a launch, opened: who was heard, what was coded, which themes there are, and what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.errors import BadInput, FolderHasProblems, Refused
from shipworthy.domain.interview import Interview
from shipworthy.domain.problem import Problem
from shipworthy.domain.theme import Theme
from shipworthy.services.clock import now
from shipworthy.store.interviews import NAME, parse_interview, paths_of, read_interviews
from shipworthy.store.layout import Layout
from shipworthy.store.outside import waiting_names, waiting_path
from shipworthy.store.themes import themes_in
from shipworthy.store.yaml_file import YamlFile, read_yaml


@dataclass(frozen=True)
class Listening:
    """The interviews of a launch, with those that wait outside until their names are replaced."""

    layout: Layout
    interviews: tuple[Interview, ...]
    waiting: tuple[Interview, ...]
    themes: tuple[Theme, ...]
    problems: tuple[Problem, ...]

    def named(self, name: str) -> Interview:
        """Return one interview, whether it is in the folder or waits.

        Raises:
            BadInput: there is none of that name.
        """
        found = next((each for each in (*self.waiting, *self.interviews) if each.name == name), None)
        if found is None:
            known = ", ".join(dict.fromkeys(each.name for each in (*self.interviews, *self.waiting)))
            remedy = f"use one of: {known}" if known else "run `shipworthy interview import` first"
            raise BadInput(
                f"there is no interview `{name}`", where=str(self.layout.interviews), remedy=remedy
            )
        return found

    def is_waiting(self, name: str) -> bool:
        """Whether the text waits outside the folder."""
        return any(each.name == name for each in self.waiting)

    def sound(self) -> Listening:
        """Return it where nothing is wrong.

        Raises:
            FolderHasProblems: something in the interviews or themes is; all of it is listed.
        """
        if self.problems:
            raise FolderHasProblems(self.problems)
        return self


def listening(folder: Path) -> Listening:
    """Read the interviews and themes of a launch; the rest of the folder is not looked at.

    Raises:
        BadInput: there is no such folder.
    """
    if not folder.is_dir():
        raise BadInput(
            "there is no such launch folder", where=str(folder), remedy=f"run `shipworthy init {folder}`"
        )
    layout, problems = Layout(folder), list[Problem]()
    file = read_yaml(layout.taxonomy, "taxonomy.yaml")
    themes = themes_in(file, problems)
    codes = None if file.broken else {theme.id for theme in themes}
    interviews = read_interviews(layout, problems, codes=codes)
    problems += file.problems
    waiting = [
        parse_interview(waiting_path(layout, name), YamlFile(f"{name} (waiting)"))
        for name in waiting_names(layout)
    ]
    kept = tuple(each for each in waiting if each is not None)
    return Listening(layout, interviews, kept, themes, tuple(sorted(set(problems))))


def checked_name(name: str) -> str:
    """Return the name of an interview.

    Raises:
        BadInput: it is none that a file could have on every system.
    """
    if not NAME.fullmatch(name):
        raise BadInput(
            f"the name `{name[:80]}`",
            remedy="use letters, digits, `-` and `_`, a letter first; and not the name of the person",
        )
    return name


def free_name(there: Sequence[str]) -> str:
    """Return the next name that says nothing about the person: P1, P2, ….

    >>> free_name(["P1", "p3"])
    'P4'
    """
    numbers = [int(each[1:]) for each in there if each[:1] in "pP" and each[1:].isdigit()]
    return f"P{max(numbers, default=0) + 1}"


def needs_consent(interview: Interview, doing: str) -> None:
    """Let nothing happen with what somebody said who did not agree.

    Raises:
        Refused: consent was not given.
    """
    state = interview.head.consent.state
    if state != "given":
        raise Refused(
            f"nothing of `{interview.name}` can be {doing}: the consent is {state}",
            where=f"interviews/{interview.name}.md",
            remedy=f"ask the person; then `shipworthy interview consent . {interview.name} --state given --method …`",
        )


def file_of(listening_to: Listening, name: str) -> Path:
    """Return the file that holds the front matter of an interview: the waiting one as long as it waits."""
    if listening_to.is_waiting(name):
        return waiting_path(listening_to.layout, name)
    return paths_of(listening_to.layout, name).text


def today() -> dt.date:
    """Return the day, as it stands in front matters."""
    return dt.date.fromisoformat(now()[:10])
