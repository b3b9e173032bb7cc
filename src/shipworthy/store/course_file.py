"""Read the course that comes with the program: its lessons, its drills, and the truths that no practice launch holds."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field
from ruamel.yaml import YAML

from shipworthy.domain.authored import Authored

_HEAD = re.compile(r"---\n(?P<head>.*?)\n---\n(?P<text>.*)", re.DOTALL)


class Lesson(Authored):
    """A lesson, with its text as Markdown."""

    number: Annotated[int, Field(ge=1, le=6)]
    title: Annotated[str, Field(min_length=3, max_length=40)]
    standfirst: Annotated[str, Field(min_length=10, max_length=120)]
    minutes: Annotated[int, Field(ge=5, le=120)]
    article: Annotated[str, Field(description="the article of the library that goes with it")]
    text: str


class Drill(Authored):
    """A tiny launch with one flaw, and the rule that asks about it."""

    rule: str
    shows: Annotated[str, Field(min_length=30)]
    others: Annotated[
        list[str], Field(min_length=3, max_length=3, description="rules that have nothing to ask")
    ]


@dataclass(frozen=True)
class Truth:
    """What was planted in the practice launch.

    Attributes:
        drafts: case to what is wrong with its draft; empty where nothing is.
        hints: what may be wrong to how one looks for it.
        twins: pairs of cases that one customer wrote.
        names: names and numbers of people in the talks.
        guesses: passages of the talks that are no evidence.
        withdrawn: words of the talk that was taken back.
        audited: slice to how many audited drafts come with the course.
        broken: the slice whose promise breaks after launch.
    """

    drafts: dict[str, str]
    hints: dict[str, str]
    twins: tuple[tuple[str, str], ...]
    names: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()
    withdrawn: str = ""
    audited: tuple[tuple[str, int], ...] = ()
    broken: str = ""


@cache
def read_lessons() -> tuple[Lesson, ...]:
    """Return the lessons that there are, in their order."""
    folder = files("shipworthy") / "content" / "course"
    found = [_lesson(each.read_text("utf-8")) for each in folder.iterdir() if each.name.endswith(".md")]
    return tuple(sorted(found, key=lambda lesson: lesson.number))


@cache
def read_truth() -> Truth:
    """Return what was planted."""
    said = json.loads((files("shipworthy") / "content" / "course" / "truth.json").read_text("utf-8"))
    twins, talks = tuple((a, b) for a, b in said["twins"]), said["talks"]
    names, guesses = tuple(talks["names"]), tuple(talks["guesses"])
    after = said["after"]
    audited = tuple((where, int(n)) for where, n in after["audited"].items())
    return Truth(
        said["drafts"], said["hints"], twins, names, guesses, talks["withdrawn"], audited, after["broken"]
    )


@cache
def read_drills() -> tuple[Drill, ...]:
    """Return the drills, in their order."""
    text = (files("shipworthy") / "content" / "course" / "drills.yaml").read_text("utf-8")
    return tuple(Drill.model_validate(each) for each in YAML(typ="safe").load(text))


def _lesson(content: str) -> Lesson:
    parts = _HEAD.fullmatch(content)
    if parts is None:
        raise ValueError("a lesson begins with front matter between lines of ---")
    return Lesson(**YAML(typ="safe").load(parts["head"]), text=parts["text"].strip() + "\n")
